"""Time in a house: a wall clock that can be set, and timers that only count what passes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daemon.abilities.quiet.local_clock import LocalClock
from tests.hardware.manual_clock import ManualTimers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hardware.manual_clock import ManualTimer


class HouseTime:
    """It begins at `shown`, as the wall clock shows it, in `zone`."""

    def __init__(self, shown: str = "2026-12-01T12:00:00", zone: str = "Europe/Berlin") -> None:
        self.zone = ZoneInfo(zone)
        self.timers = ManualTimers()
        self._ahead_s = datetime.fromisoformat(shown).replace(tzinfo=self.zone).timestamp()
        self.clock = LocalClock(self, lambda: self.zone)

    def __call__(self) -> float:
        """The wall clock in seconds since 1970."""
        return self._ahead_s + self.timers.now

    def later(self, delay: float, callback: Callable[[], object], /) -> ManualTimer:
        return self.timers(delay, callback)

    def pass_s(self, seconds: float) -> None:
        self.timers.advance(seconds)

    def pass_until(self, shown: str) -> None:
        """Until the wall clock shows it; of an hour that comes twice, the second."""
        self.pass_s(datetime.fromisoformat(shown).replace(tzinfo=self.zone, fold=1).timestamp() - self())

    def set_clock(self, shown: str) -> None:
        """Somebody sets the wall clock."""
        self._ahead_s += datetime.fromisoformat(shown).replace(tzinfo=self.zone).timestamp() - self()

    @property
    def shown(self) -> str:
        """What the wall clock shows, to the minute."""
        return f"{self.clock.now():%Y-%m-%dT%H:%M}"
