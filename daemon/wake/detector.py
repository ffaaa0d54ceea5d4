"""When a run of scores is a wake word: threshold, consecutive hops, near misses. It counts hops and knows no clock."""

import logging
from dataclasses import dataclass
from typing import Final

_NEAR: Final = 0.6
"""The part of the threshold from which a score that did not suffice is worth knowing about."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Rise:
    """A stretch of hops whose scores came near the threshold."""

    run: int = 0  # hops over the threshold, without a gap, up to now
    first_end: int = 0  # where the first of them ended
    done: bool = False  # nothing more can come of it: detected, or in the refractory period
    best: float = 0.0
    longest: int = 0  # the longest run in it
    detected: bool = False


class Detector:
    """Follows the scores of one model; a wake word is `consecutive` hops in a row with a score over `threshold`."""

    def __init__(self, threshold: float, consecutive: int, name: str = "the wake word") -> None:
        """`name` is what the journal calls it."""
        self.near_misses = 0
        self._name = name
        self._threshold = threshold
        self._consecutive = consecutive
        self._rise: _Rise | None = None

    @property
    def rising(self) -> bool:
        """Whether the scores are near the threshold or over it."""
        return self._rise is not None

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
        rise.best = max(rise.best, score)
        if score <= self._threshold:
            rise.run = 0
            return None
        rise.run += 1
        rise.longest = max(rise.longest, rise.run)
        if rise.run == 1:
            rise.first_end = end
        if rise.run < self._consecutive or rise.done:
            return None
        rise.done = rise.detected = True
        return rise.first_end

    def settle(self) -> None:
        """The scores have fallen: what rose without being a wake word was a near miss."""
        rise, self._rise = self._rise, None
        if rise is None or rise.detected:
            return
        self.near_misses += not rise.done
        self._tell(rise)

    def _tell(self, rise: _Rise) -> None:
        """Why it was not taken, once for each rise."""
        if rise.done:
            if rise.longest >= self._consecutive:  # less is the rest of the word before, and would not have done anyway
                log.debug("not taken for %s: it came to %.2f within the refractory time", self._name, rise.best)
        elif rise.longest:
            log.debug(
                "not taken for %s: over the threshold of %.2f for %d in a row, of %d; at best %.2f",
                *(self._name, self._threshold, rise.longest, self._consecutive, rise.best),
            )
        else:
            log.debug("not taken for %s: at best %.2f, the threshold is %.2f", self._name, rise.best, self._threshold)
