"""What else may have been said: at one place another piece, and from there on whatever is likeliest then.

A second pass over the same speech, faster or with hiss, repeats what the first one misheard; the pieces that stood
second and third in the first one do not (docs/decisions/0068-the-network-is-asked-what-else-it-may-have-been.md).
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, takewhile
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from daemon.brain.recognition.moonshine import Memory, Moonshine
from daemon.brain.recognition.vocabulary import END

NEARLY: Final = 2.5
"""Nats by which another text may be less likely than the one that was taken, and count (docs/benchmarks.md)."""

NEARLY_AND_SEEN: Final = 1.5
"""The same if what is done is seen or heard at once, and as soon undone."""

MOST_FORKS: Final = 8
"""Each costs two or three steps of the decoder."""

_LIKELIEST: Final = 6
_MORE_PIECES: Final = 4
"""By which another text may be longer."""

_FARTHER: Final = 3
"""Pieces after another number that are weighed too: what is likely there depends on how it is written."""

Decode = Callable[[Sequence[int]], str]
Pieces = Sequence[int]


class Step(NamedTuple):
    """The logarithms of all pieces at one place, and the memory before it."""

    likely: NDArray[np.float32]
    memory: Memory

    @property
    def taken(self) -> int:
        """The likeliest piece."""
        return int(self.likely.argmax())

    def likelihood(self, piece: int) -> float:
        """The logarithm of `piece`."""
        return float(self.likely[piece])


class Fork(NamedTuple):
    """Another text, and by how many nats it is less likely; below 0 if it is likelier, for each piece alone was not.

    `within` is up to where that counts, whatever depends on it; 0 if it depends on that.
    """

    text: str
    behind: float
    within: float = 0.0


def nearly_heard(text: str, forks: Iterable[Fork], *, seen: bool) -> tuple[str, ...]:
    """The texts that count beside `text`, each once; `seen` as of `NEARLY_AND_SEEN`."""
    most = NEARLY_AND_SEEN if seen else NEARLY
    near = (one.text for one in forks if one.behind <= (one.within or most))
    return tuple(dict.fromkeys(other for other in near if other != text))


def forks_of(model: Moonshine, steps: Sequence[Step], decode: Decode) -> list[Fork]:
    """The likeliest forks of a reading that took the likeliest piece of each of `steps`."""
    others = sorted(
        (step.likelihood(step.taken) - step.likelihood(piece), place, piece)
        for place, step in enumerate(steps)
        for piece in map(int, np.argpartition(step.likely, -_LIKELIEST)[-_LIKELIEST:])
        if _counts(step, piece, decode)
    )
    return [_fork(model, steps, place, piece, decode) for _, place, piece in others[:MOST_FORKS]]


def behind_with(model: Moonshine, steps: Sequence[Step], pieces: Pieces) -> float:
    """By how many nats `pieces` are less likely than those that were taken, where they differ and a little farther."""
    taken = [step.taken for step in steps]
    place = _alike(taken, pieces)
    if place == min(len(taken), len(pieces)):
        return 0.0
    rest = min(_alike(taken[::-1], pieces[::-1]), len(taken) - place, len(pieces) - place)
    own, other = (row[place : len(row) - max(0, rest - _FARTHER)] for row in (taken, list(pieces)))
    before = sum(step.likelihood(piece) for step, piece in zip(steps[place:], own, strict=False))
    score, memory = steps[place].likelihood(other[0]), steps[place].memory
    for piece, following in pairwise(other):
        likely, memory = model.step([piece], memory)
        score += float(likely[0, following])
    return before - score


def _alike(row: Pieces, other: Pieces) -> int:
    """How many pieces at the beginning are the same."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(row, other, strict=False))))


def _counts(step: Step, piece: int, decode: Decode) -> bool:
    """Whether that piece makes another word, or ends the text, and is near enough."""
    said, other = decode([step.taken]).casefold(), decode([piece]).casefold()
    if said == other or not (piece == END or any(map(str.isalnum, other))):
        return False
    return step.likelihood(step.taken) - step.likelihood(piece) <= NEARLY


def _fork(model: Moonshine, steps: Sequence[Step], place: int, piece: int, decode: Decode) -> Fork:
    """From another piece on, as the network goes on, up to where it goes on as before."""
    taken = [step.taken for step in steps]
    pieces, score, memory = [piece], steps[place].likelihood(piece), steps[place].memory
    joint = len(steps)
    while pieces[-1] != END and len(pieces) < len(steps) - place + _MORE_PIECES:
        likely, memory = model.step([pieces[-1]], memory)
        pieces.append(int(likely[0].argmax()))
        score += float(likely[0, pieces[-1]])
        if joined := _joint(taken, place, pieces):
            joint = joined
            break
    before = sum(step.likelihood(step.taken) for step in steps[place:joint])
    return Fork(decode([*taken[:place], *pieces, *taken[joint:]]), before - score)


def _joint(taken: Pieces, place: int, pieces: Pieces) -> int:
    """Where the reading goes on as `pieces` end: two pieces are the same; 0 if they are not."""
    if len(pieces) < 3:
        return 0
    pairs = enumerate(pairwise(taken[place + 1 : place + 1 + _MORE_PIECES + 2]), place + 3)
    return next((end for end, pair in pairs if pair == (pieces[-2], pieces[-1])), 0)
