"""Hours of the day that come back every day, such as 22:00 to 07:00."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True)
class Hours:
    """From `begins` until right before `ends`, by the wall clock, over midnight if need be.

    In the night in which the clock is changed they are longer or shorter by that hour, and begin and end when the wall
    clock says so; of an hour that comes twice both count.
    """

    begins: time
    ends: time

    def hold(self, at: time) -> bool:
        """Whether a clock that shows `at` is within them."""
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def end_after(self, at: datetime) -> datetime:
        """The next time that they end, as the wall clock shows it: without a zone."""
        return _next(at, self.ends)

    def begin_after(self, at: datetime) -> datetime:
        """The next time that they begin, likewise."""
        return _next(at, self.begins)

    def __str__(self) -> str:
        return f"from {self.begins:%H:%M} to {self.ends:%H:%M}"


def _next(at: datetime, when: time) -> datetime:
    """The first time after `at` at which the wall clock shows `when`."""
    today = datetime.combine(at.date(), when)
    return today if today > at.replace(tzinfo=None) else today + timedelta(days=1)
