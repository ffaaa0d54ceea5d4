"""The wall clock of the household in its zone, and a look at it each minute.

A look a minute is all that it takes for what begins and ends at a time of day: zones change by whole minutes, so
nothing is late when the clock is changed for summer, and by a minute at most when it was set or the zone was changed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from daemon.machine.local_zone import LocalZone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

MINUTE_S: Final = 60.0
SOONEST_S: Final = 0.01
"""The loop's own clock may be ahead of the wall clock by that: it looks again."""


class Cancellable(Protocol):
    """A call that is to come."""

    def cancel(self) -> None: ...


class Later(Protocol):
    """Calls back in the loop's thread after so many seconds, as the loop's `call_later`."""

    def __call__(self, delay: float, callback: Callable[[], object], /) -> Cancellable: ...


def _machines_zone() -> Callable[[], tzinfo]:
    return LocalZone().zone


@dataclass(frozen=True)
class LocalClock:
    """`wall` counts seconds since 1970; `zone` is that of the household, as a rule the one the machine is set to."""

    wall: Callable[[], float] = time.time
    zone: Callable[[], tzinfo] = field(default_factory=_machines_zone)

    def now(self) -> datetime:
        return self.local(self.wall())

    def local(self, moment_s: float) -> datetime:
        """What the wall clock shows at `moment_s`, with its zone."""
        return datetime.fromtimestamp(moment_s, self.zone())

    def moment(self, shown: datetime) -> float:
        """When the wall clock shows `shown`, in seconds since 1970.

        Of an hour that comes twice it is the first that is still to come; one that is left out is an hour later. What
        names its own zone is taken at its word.
        """
        if shown.tzinfo:
            return shown.timestamp()
        first = shown.replace(tzinfo=self.zone(), fold=0).timestamp()
        return first if first > self.wall() else shown.replace(tzinfo=self.zone(), fold=1).timestamp()


class MinuteWatch:
    """Calls back when the wall clock shows another minute."""

    def __init__(self, clock: LocalClock, later: Later) -> None:
        self._clock = clock
        self._later = later
        self._due: Cancellable | None = None

    def next(self, look: Callable[[], object], before_s: float | None = None) -> None:
        """Once, in place of what was to come; at `before_s`, in seconds since 1970, if that is sooner."""
        self.stop()
        now = self._clock.wall()
        delay = MINUTE_S - now % MINUTE_S
        if before_s is not None:
            delay = min(delay, before_s - now)
        self._due = self._later(max(SOONEST_S, delay), look)

    def stop(self) -> None:
        """Nothing is to come."""
        if self._due:
            self._due.cancel()
            self._due = None
