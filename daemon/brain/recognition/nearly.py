"""What else may have been said: a reading with one of its pieces replaced by the next likeliest.

A second pass by other means repeats what the first one misheard; the runners-up are there already, and cost nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_BEHIND: Final = 1.5
"""Nats by which a piece may be less likely than the one that was taken (docs/benchmarks.md)."""


class RunnerUp(NamedTuple):
    """The piece that came second in one place, and by how many nats."""

    piece: int
    behind: float


def runner_up(likely: NDArray[np.float32]) -> RunnerUp:
    """The second of `likely`: logarithms, or what differs from them by a constant, of all pieces."""
    second, first = np.argpartition(likely, -2)[-2:]
    return RunnerUp(int(second), float(likely[first] - likely[second]))


def nearly_said(
    pieces: Sequence[int], runners_up: Sequence[RunnerUp], written: Callable[[Sequence[int]], str]
) -> tuple[str, ...]:
    """The texts that were nearly as likely as that of `pieces`, each once; `written` makes a text of pieces."""
    return tuple(dict.fromkeys(text for text in _texts(pieces, runners_up, written) if text != written(pieces)))


def _texts(
    pieces: Sequence[int], runners_up: Sequence[RunnerUp], written: Callable[[Sequence[int]], str]
) -> Iterator[str]:
    for place, (piece, behind) in enumerate(runners_up[: len(pieces)]):
        if behind <= MOST_BEHIND:
            yield written([*pieces[:place], piece, *pieces[place + 1 :]])
