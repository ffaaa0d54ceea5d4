"""What the model asks for, checked, as entries: seconds, or the household's local time and a rule; never free text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from daemon.abilities.timers.entry import Schedule
from daemon.abilities.timers.recurrence import rule_of
from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.wall_time import instant_of

if TYPE_CHECKING:
    from daemon.abilities.timers.coming_due import Walk
    from daemon.abilities.timers.now import Now, Stamp

LONGEST_S: Final = 366 * 86_400
"""Of a duration: beyond it people mean a day of the calendar."""
FARTHEST: Final = timedelta(days=3653)
LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 500
AT_FIX: Final = "write the household's local time like 2026-12-01T07:00"


def named(name: str, longest: int = LONGEST_NAME, what: str = "name") -> str:
    """`name` with single spaces, and nothing that cannot be said. Raises Refused."""
    if len(name) > longest:
        raise Refused(f"the {what} has {len(name)} characters, and may have {longest}", fix="shorten it")
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())


def seconds_of(seconds: int) -> float:
    """A duration that can be kept. Raises Refused."""
    if seconds < 1:
        raise Refused(f"{seconds} s is no time to wait", fix="ask how long it shall be")
    if seconds > LONGEST_S:
        fix = "for a day that is further away set an alarm or a reminder"
        raise Refused(f"{seconds} s are more than {LONGEST_S} s, which is a year", fix=fix)
    return float(seconds)


async def due_of(
    seconds: int, at: str, repeat: str, now: Now, walk: Walk
) -> tuple[float, Stamp | None, Schedule | None]:
    """How long it is to last and when that is, or its schedule: of `seconds` and `at` one is given. Raises Refused."""
    if bool(seconds) == bool(at):
        raise Refused("either seconds or at has to be given, and not both", fix="call it again with one of them")
    if at:
        return 0.0, None, await schedule_of(at, repeat, now, walk)
    if repeat:
        raise Refused("only what has a time of day can repeat", fix="give at instead of seconds")
    length_s = seconds_of(seconds)
    return length_s, now.stamp(length_s), None


async def schedule_of(at: str, repeat: str, now: Now, walk: Walk) -> Schedule:
    """The time `at` of the wall clock, or every time that `repeat` names from then on. Raises Refused."""
    if not now.trusted:
        fix = "a timer of so many seconds works now; for a time of day try again in a minute, with a network"
        raise Refused("the clock of this device is not set yet", fix=fix)
    wall = _wall(at, now)
    if not repeat.strip():
        if instant_of(wall, now.zone) <= now.wall_s:
            fix = f"it is {now.shown:%Y-%m-%dT%H:%M} here: ask which day is meant"
            raise Refused(f"{wall:%Y-%m-%dT%H:%M} is over", fix=fix)
        return Schedule(wall, next=wall)
    rule = rule_of(repeat, now.zone)
    start = max(wall, datetime.combine(now.shown.date() - timedelta(days=1), wall.time()))
    if rule.interval == 1 and not rule.count and rule.names_its_day:
        wall = start  # years that are over need not be walked each time
    schedule = (await walk(Schedule(wall, rule), now)).schedule
    if schedule.next is None:
        raise Refused(f'"{rule}" never fires in ten years from now', fix="look whether its parts fit each other")
    return schedule


def _wall(at: str, now: Now) -> datetime:
    try:
        found = datetime.fromisoformat(at.strip())
    except ValueError:
        found = None
    if found is None or len(at.strip()) < len("20261201T07"):
        raise Refused(f'"{at[:40]}" is no local time', fix=AT_FIX)
    wall = found.replace(tzinfo=None, fold=0, microsecond=0)
    if not timedelta(-3653) <= wall - now.shown <= FARTHEST:
        raise Refused(f"{wall:%Y-%m-%d} is more than ten years away", fix=AT_FIX)
    if found.tzinfo and found.utcoffset() != wall.replace(tzinfo=now.zone).utcoffset():
        raise Refused("the time is of another zone than the household's", fix=AT_FIX)
    return wall


def without_next(schedule: Schedule) -> Schedule:
    """`schedule` with its next time left out; to be walked anew."""
    return replace(schedule, spent=schedule.spending(schedule.next)) if schedule.next else schedule
