"""What else may have been said: a reading with one of its pieces replaced by the next likeliest.

A second pass by other means repeats what the first one misheard; the runners-up are there already, and cost nothing.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class RunnerUp(NamedTuple):
    """The piece that came second in one place, and by how many nats."""

    piece: int
    behind: float


def runner_up(likely: NDArray[np.float32]) -> RunnerUp:
    """The second of `likely`: logarithms, or what differs from them by a constant, of all pieces."""
    second, first = np.argpartition(likely, -2)[-2:]
    return RunnerUp(int(second), float(likely[first] - likely[second]))


def nearly_said(
    pieces: Sequence[int], runners_up: Sequence[RunnerUp], written: Callable[[Sequence[int]], str], most_behind: float
) -> tuple[str, ...]:
    """The texts that were at most so many nats less likely than that of `pieces`, each once.

    `written` makes a text of pieces.
    """
    near = [(place, one.piece) for place, one in enumerate(runners_up[: len(pieces)]) if one.behind <= most_behind]
    texts = (written([*pieces[:place], piece, *pieces[place + 1 :]]) for place, piece in near)
    return tuple(dict.fromkeys(text for text in texts if _another_word(written(pieces), text)))


def _another_word(text: str, other: str) -> bool:
    """Whether `other` has another word in the place of one, and not a piece of it: a number, or one that is no part."""
    first, second = _WORD.findall(text.casefold()), _WORD.findall(other.casefold())
    changed = [pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]]
    return len(first) == len(second) and any(_differ(*pair) for pair in changed)


def _differ(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    return (word.isdecimal() and other.isdecimal()) or not (long.startswith(short) or long.endswith(short))
