"""What time makes of one entry. Nothing is done here: an entry and a moment give another entry, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daemon.abilities.timers.wall_time import instant_of, shown_at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from typing import TypeAlias

    from daemon.abilities.timers.entry import Entry, Phase, Schedule
    from daemon.abilities.timers.now import Now
    from daemon.abilities.timers.occurrences import Walked
    from daemon.abilities.timers.overdue import Patience, Verdict

    Walk: TypeAlias = Callable[[Schedule, Now], Awaitable[Walked]]


@dataclass(frozen=True)
class Outcome:
    """`entry` is what it has become, None if it is over. What is to be told was due at `at` by the wall clock."""

    entry: Entry | None
    verdict: Verdict | None = None
    at: datetime | None = None


async def come_due(entry: Entry, now: Now, patience: Patience, walk: Walk) -> Outcome:
    """What becomes of `entry`, which is due. Of the times that a repeating one has missed, the latest counts."""
    by_wall = entry.wall_in_s(now)
    schedule = entry.schedule
    if schedule and by_wall is not None and by_wall <= 0:
        done = await walk(schedule, now)
        schedule, at = done.schedule, done.passed
        if at is None:  # it rang before, and the clock was set back since
            return Outcome(rested(replace(entry, schedule=schedule), keeps_stamp=True))
        late_s = now.wall_s - instant_of(at, now.zone)
    else:
        late_s = -(entry.due_in_s(now) or 0.0)
        at = shown_at(now.wall_s - late_s, now.zone)
    verdict = patience.verdict(entry.kind, late_s)
    if verdict == "tell":
        return Outcome(rested(replace(entry, schedule=schedule)), verdict, at)
    if schedule and by_wall is not None and by_wall <= 0:
        schedule = replace(schedule, spent=schedule.spending(at))
    phase: Phase = "acting" if verdict == "act" else "ringing"
    return Outcome(replace(entry, phase=phase, stamp=now.stamp(), occurrence=at, schedule=schedule), verdict, at)


def rested(entry: Entry, *, keeps_stamp: bool = False) -> Entry | None:
    """`entry` after it has come about, or has not: waiting for its next time, or over."""
    if keeps_stamp and entry.stamp:
        return entry
    if entry.schedule is None or entry.schedule.next is None:
        return None
    return replace(entry, phase="running", stamp=None, occurrence=None)


async def planned_anew(entry: Entry, now: Now, walk: Walk) -> Entry:
    """`entry` by the clocks and the zone as they are now; what has come due by that is left to `come_due`."""
    if entry.stamp:
        entry = replace(entry, stamp=entry.stamp.adopted(now))
    plan, left_s = entry.schedule, entry.wall_in_s(now)
    if plan is None or plan.rule is None or left_s is None or left_s <= 0:
        return entry
    done = await walk(replace(plan, next=None), now)
    return replace(entry, schedule=done.schedule) if done.schedule.next else entry


def begun_before(entry: Entry, now: Now, ring_s: float, patience: Patience) -> Outcome | None:
    """What becomes of one that rang or acted when the process ended; None while nobody can tell for how long.

    It goes on ringing if its time is not over. What a device was told has no effect any more, for it was made safe
    when the process ended: so it is told again, while that is not too late.
    """
    left_s = entry.stamp.left_s(now) if entry.stamp else None
    if left_s is None:
        return None
    at = entry.occurrence or now.shown
    if entry.phase == "ringing" and -left_s < ring_s:
        return Outcome(entry, "ring", at)
    if entry.phase == "acting" and -left_s <= patience.action_s:
        return Outcome(entry, "act", at)
    return Outcome(rested(entry), "tell", at)
