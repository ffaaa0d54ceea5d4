"""Whether a fault is news: what comes and goes is told once, and again only when it has been well for some time."""

from collections.abc import Callable
from math import inf
from typing import Final

WELL_S: Final = 600.0
"""A plug that is loose fails for hours, minutes apart; ten of them in a row without a fault, and it was mended."""


class Relapse:
    """The history of one fault, by a `clock` in seconds. Used by one thread at a time."""

    def __init__(self, clock: Callable[[], float], well_s: float = WELL_S) -> None:
        self._clock = clock
        self._well_s = well_s
        self._well_since: float | None = -inf
        self.times = 0
        """How often it has failed since it last was well for long."""

    @property
    def well(self) -> bool:
        """Whether it has worked for so long that a fault would be news."""
        return self._well_since is not None and self._clock() - self._well_since >= self._well_s

    def failed(self) -> bool:
        """Note that it fails; True if that is news."""
        news = self.well
        self._well_since = None
        self.times = 1 if news else self.times + 1
        return news

    def works(self) -> None:
        """Note that it works, or still does."""
        if self._well_since is None:
            self._well_since = self._clock()
