"""Which moment is meant by a time of day: the rules for hours that are said without their half of the day.

* A time of 24 hours, or one with its half ("7 p.m.", "at night"), is what it says.
* An alarm ("wake me at seven") rings in the morning for the hours from five to eleven, and at the next such time for
* An alarm ("wake me at seven") rings in the morning for the hours from five to eleven, and at the next such time for
  the others. So it is with what a device shall do on another day.
* Anything else today is at the next such time, in twelve hours at most; on another day, or repeated, seven to eleven
  are in the morning, and twelve to six in the afternoon.
* "Tonight" is the evening, and after midnight the night that follows.

The answer always repeats the moment, so that a mistake is heard.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from daemon.brain.spoken_times import EITHER, WEEKDAYS, in_half

_DAY: Final = timedelta(days=1)
_MORNING_HOURS: Final = range(5, 12)
_DAYTIME_HOURS: Final = range(7, 12)


def moment(said: str, now: datetime, *, day: str = "", repeat: str = "", morning: bool = False) -> str:
    """The local ISO time, to the minute, that `said` (as `spoken_times` gives it) stands for after `now`.

    `morning` is for alarms, and for devices on another day. A time of "today" that has passed is given as it was said:
    the tool refuses it.
    """
    wall = now.replace(tzinfo=None)
    clock = time.fromisoformat(said.removesuffix(EITHER))
    if said.endswith(EITHER):
        times = _meant(
            clock, somewhen=bool((day and day != "today") or repeat), morning=morning, night=day == "tonight"
        )
    else:
        times = [clock]
    earliest = min(_occurrences(times, wall, day, repeat), key=lambda at: (at <= wall, at))
    return earliest.isoformat(timespec="minutes")


def with_its_half(slots: Mapping[str, Any]) -> Mapping[str, Any]:
    """ "Every evening at eight" is at 20:00, "tomorrow morning at six" at 06:00."""
    parted = {slot: str(slots[slot]).partition(" ") for slot in ("day", "repeat") if slot in slots}
    halves = [half for _, _, half in parted.values() if half]
    if not halves or "time" not in slots:
        return slots
    when = {slot: said for slot, (said, _, _) in parted.items()}
    return {**slots, **when, "time": in_half(slots["time"], halves[0])}


def from_now(seconds: int, now: datetime) -> str:
    """The local ISO time `seconds` after `now`, with its seconds."""
    return (now.replace(tzinfo=None) + timedelta(seconds=seconds)).isoformat(timespec="seconds")


def _meant(clock: time, *, somewhen: bool, morning: bool, night: bool) -> list[time]:
    """The times of a day of 24 hours that may be meant by one of 12."""
    early, late = clock.replace(hour=clock.hour % 12), clock.replace(hour=clock.hour % 12 + 12)
    if night:
        return [late] if early.hour >= _MORNING_HOURS.start else [early]
    if morning and early.hour in _MORNING_HOURS:
        return [early]
    if somewhen:
        return [early] if early.hour in _DAYTIME_HOURS else [late]
    return [early, late]


def _occurrences(times: list[time], now: datetime, day: str, repeat: str) -> Iterator[datetime]:
    """The first occurrence of each time after `now`."""
    fits = _days(now, day, repeat)
    for clock in times:
        dates = (datetime.combine(now.date() + number * _DAY, clock) for number in range(9))
        fitting = [at for at in dates if fits(at)]
        yield next((at for at in fitting if at > now), fitting[0])


def _days(now: datetime, day: str, repeat: str) -> Callable[[datetime], bool]:
    """Whether a moment is on a day that was asked for."""
    if day == "today":
        return lambda at: at.date() == now.date()
    if day == "tomorrow":
        return lambda at: at.date() == now.date() + _DAY
    wanted = {day} if day in WEEKDAYS else set(repeat.partition("BYDAY=")[2].split(",")) - {""}
    return lambda at: not wanted or WEEKDAYS[at.weekday()] in wanted
