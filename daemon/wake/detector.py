"""When a run of scores is a wake word: threshold, consecutive hops, near misses. Pure; it counts hops."""

from dataclasses import dataclass
from typing import Final

_NEAR: Final = 0.6
"""The part of the threshold from which a score that did not suffice is worth knowing about."""


@dataclass(slots=True)
class _Rise:
    """A stretch of hops whose scores came near the threshold."""

    run: int = 0  # hops over the threshold, without a gap, up to now
    first_end: int = 0  # where the first of them ended
    done: bool = False  # nothing more can come of it: detected, or in the refractory period


class Detector:
    """Follows the scores of one model; a wake word is `consecutive` hops in a row with a score over `threshold`."""

    def __init__(self, threshold: float, consecutive: int) -> None:
        self.near_misses = 0
        self._threshold = threshold
        self._consecutive = consecutive
        self._rise: _Rise | None = None

    def hop(self, score: float, end: int, *, deaf: bool = False) -> int | None:
        """Where the first hop of a run ended that `score`, of the hop that ends at `end`, makes long enough.

        At most once in each rise of the scores: they fall below 0.6 times the threshold before another can be detected.
        A rise of which a part was `deaf`, in the refractory period, is neither a detection nor a near miss.
        """
        if score <= self._threshold * _NEAR:
            self.settle()
            return None
        rise = self._rise = self._rise or _Rise()
        rise.done |= deaf
        if score <= self._threshold:
            rise.run = 0
            return None
        rise.run += 1
        if rise.run == 1:
            rise.first_end = end
        if rise.run < self._consecutive or rise.done:
            return None
        rise.done = True
        return rise.first_end

    def settle(self) -> None:
        """The scores have fallen: what rose without being a wake word was a near miss."""
        if self._rise and not self._rise.done:
            self.near_misses += 1
        self._rise = None
