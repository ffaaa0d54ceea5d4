"""When a rule fires: walked in wall time, each time turned into an instant by `wall_time` alone.

dateutil is never asked in a zone: there it loses the missing hour, and answers differently by the zone of the question.
A rule that never fires it walks to the end of the year 9999, which takes ten seconds from here. So it walks at that
end: the calendar repeats to the day of the week after 400 years, and these are walked in half a second at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.timers.wall_time import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.abilities.timers.entry import Schedule
    from daemon.abilities.timers.now import Now
    from daemon.abilities.timers.recurrence import Rule

CYCLE_YEARS: Final = 400
HORIZON: Final = timedelta(days=3653)
"""What fires later than this counts as never."""
NEAR: Final = timedelta(days=2)
"""More than any zone's clocks can be away from the order of instants."""
KEPT: Final = timedelta(days=370)
"""How far back a rule is walked from: what its clock may be set back by without losing an occurrence."""
SLACK: Final = timedelta(days=30)


@dataclass(frozen=True)
class Walked:
    """`passed` is the latest occurrence that was planned and is over; `schedule` is planned anew."""

    schedule: Schedule
    passed: datetime | None = None


def walked(schedule: Schedule, now: Now) -> Walked:
    """What of `schedule` is over, and what comes next: after now, and none of those that rang. May take a second."""
    shown, planned = now.shown, schedule.next
    passed: datetime | None = None
    moved = schedule
    for index, wall in enumerate(_walls(schedule)):
        if wall > shown + HORIZON:
            break
        if moved is schedule and index and shown - wall <= KEPT < shown - schedule.start - SLACK:
            moved = replace(schedule, start=wall, used=schedule.used + index)
        if _is_over(wall, shown, now):
            if planned and wall >= planned and not schedule.is_spent(wall):
                passed = wall
        elif not schedule.is_spent(wall):
            return Walked(replace(moved, next=wall), passed)
    return Walked(replace(moved, next=None), passed)


def _is_over(wall: datetime, shown: datetime, now: Now) -> bool:
    if abs(wall - shown) > NEAR:
        return wall < shown
    return instant_of(wall, now.zone) <= now.wall_s


def _walls(schedule: Schedule) -> Iterator[datetime]:
    if schedule.rule is None:
        yield schedule.start
        return
    years = (9999 - schedule.start.year - 12) // CYCLE_YEARS * CYCLE_YEARS
    for wall in _recurring(schedule.rule, _years_on(schedule.start, years), years, schedule.used):
        yield _years_on(wall, -years)


def _recurring(rule: Rule, start: datetime, years: int, used: int) -> Iterator[datetime]:
    from dateutil import rrule  # only a household whose alarms repeat has it in memory

    if rule.count and rule.count <= used:
        return
    parts: dict[str, Any] = {name.lower(): values for name, values in rule.numbers}
    parts.setdefault("byhour", start.hour)
    parts.setdefault("byminute", start.minute)
    if rule.days:
        days = {name: getattr(rrule, name) for _, name in rule.days}
        parts["byweekday"] = [days[name](nth) if nth else days[name] for nth, name in rule.days]
    if rule.until and rule.until.year + years <= 9999:
        parts["until"] = _years_on(rule.until, years)
    elif rule.count:
        parts["count"] = rule.count - used
    yield from rrule.rrule(
        getattr(rrule, rule.frequency),
        dtstart=start,
        interval=rule.interval,
        wkst=getattr(rrule, rule.week_start),
        bysecond=start.second,
        **parts,
    )


def _years_on(wall: datetime, years: int) -> datetime:
    """A multiple of 400, so that the 29th of February is one there too."""
    return wall.replace(year=wall.year + years)
