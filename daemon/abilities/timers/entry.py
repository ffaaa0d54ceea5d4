"""What somebody has asked for, and how it stands. Frozen: a change is another entry in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from daemon.abilities.timers.wall_time import instant_of
from daemon.names import folded

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.abilities.timers.now import Now, Stamp
    from daemon.abilities.timers.recurrence import Rule

Kind = Literal["timer", "alarm", "reminder", "action"]
Phase = Literal["running", "paused", "snoozed", "ringing", "acting"]
State = Literal["on", "off", "toggle"]

KINDS: Final[tuple[Kind, ...]] = ("timer", "alarm", "reminder", "action")
PHASES: Final[tuple[Phase, ...]] = ("running", "paused", "snoozed", "ringing", "acting")
SPENT: Final = 64
"""Occurrences that are remembered because they rang or are left out."""


@dataclass(frozen=True)
class Schedule:
    """Times of the wall clock, which has no zone here: whichever the household's is counts.

    `start` is the first, or one of the first, after `used` others that `rule` counts. `spent` are the last of those
    that rang or are left out: if the clock is set back they do not ring again.
    """

    start: datetime
    rule: Rule | None = None
    used: int = 0
    next: datetime | None = None
    spent: tuple[datetime, ...] = ()

    def is_spent(self, wall: datetime) -> bool:
        """Of what came before those that are remembered, nobody knows any more that it did not ring."""
        return wall in self.spent or (len(self.spent) >= SPENT and wall < min(self.spent))

    def spending(self, wall: datetime) -> tuple[datetime, ...]:
        """`spent`, and `wall`."""
        return tuple(sorted({*self.spent, wall}))[-SPENT:]


@dataclass(frozen=True)
class Entry:
    """`stamp` is when it is due if it runs by the boot clock or is snoozed, and since when it rings or acts.

    `occurrence` is the time of the wall clock that it rings for. `length_s` is how long a timer was set for, `left_s`
    what is left of one that is paused.
    """

    number: int
    kind: Kind
    name: str = ""
    text: str = ""
    device: str = ""
    wanted: State | None = None
    phase: Phase = "running"
    length_s: float = 0.0
    left_s: float = 0.0
    stamp: Stamp | None = None
    schedule: Schedule | None = None
    occurrence: datetime | None = None

    @property
    def id(self) -> str:
        return str(self.number)

    @property
    def waits(self) -> bool:
        """Whether time brings it about."""
        return self.phase in {"running", "snoozed"}

    @property
    def called(self) -> str:
        """What people would call it by."""
        return self.name or self.text or self.device

    def is_called(self, name: str) -> bool:
        return bool(self.called) and folded(self.called) == folded(name)

    def due_in_s(self, now: Now) -> float | None:
        """Seconds until it is due, negative after it; None if nothing or nobody can tell."""
        by_stamp = self.stamp.left_s(now) if self.stamp else None
        by_wall = self.wall_in_s(now)
        return min((left for left in (by_stamp, by_wall) if left is not None), default=None)

    def wall_in_s(self, now: Now) -> float | None:
        """The same of the schedule alone."""
        planned = self.schedule.next if self.schedule else None
        return instant_of(planned, now.zone) - now.wall_s if planned and now.trusted else None
