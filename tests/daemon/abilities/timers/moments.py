"""One look at the clocks, and entries, for tests of what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from daemon.abilities.timers.entry import Entry, Schedule
from daemon.abilities.timers.now import Now
from daemon.abilities.timers.occurrences import walked
from daemon.abilities.timers.recurrence import rule_of

if TYPE_CHECKING:
    from daemon.abilities.timers.occurrences import Walked

NOON: datetime = datetime.fromisoformat("2026-12-01T12:00")
"""A Tuesday."""


def at(wall: datetime = NOON, *, boot_s: float = 10_000.0, boot: str = "a", trusted: bool = True) -> Now:
    wall_s = wall.replace(tzinfo=UTC).timestamp()
    return Now(boot_s, wall_s, boot, UTC, "UTC", synchronised=trusted, written_s=0.0 if trusted else wall_s + 1)


def later(now: Now, seconds: float) -> Now:
    wall = now.shown + timedelta(seconds=seconds)
    return at(wall, boot_s=now.boot_s + seconds, boot=now.boot_id)


def timer(number: int = 1, name: str = "", in_s: float = 60.0) -> Entry:
    return Entry(number, "timer", name, length_s=60.0, stamp=at().stamp(in_s))


def alarm(wall: datetime, repeat: str = "", name: str = "") -> Entry:
    return Entry(7, "alarm", name, schedule=Schedule(wall, rule_of(repeat, UTC) if repeat else None, next=wall))


async def walk(schedule: Schedule, now: Now) -> Walked:
    return walked(schedule, now)
