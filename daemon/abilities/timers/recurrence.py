"""The rule of an alarm that repeats: read from what a model writes as RRULE (RFC 5545, 3.3.10), and written back.

Only what a household asks for is taken, and everything else refused before any library walks it: what repeats within a
day is a duration, and dateutil takes a start, a zone or exceptions in a rule for its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.wall_time import shown_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

FREQUENCIES: Final = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
}
"""Parts that list numbers, with the least and the largest; 0 is none where there are negative ones."""
PARTS: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *NUMBERS)
LONGEST: Final = 300
"""Characters of a rule."""
MOST_A_DAY: Final = 24
LARGEST: Final = {"INTERVAL": 366, "COUNT": 10_000}
FIX: Final = 'write it like "FREQ=WEEKLY;BYDAY=MO,TU"'


@dataclass(frozen=True)
class Rule:
    """The parts of a rule, checked; `until` is the last time of the wall clock that may be."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    week_start: str = "MO"
    days: tuple[tuple[int, str], ...] = ()
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def names_its_day(self) -> bool:
        """Whether it has its days from its own parts, and not from the day that it starts on (RFC 5545, 3.3.10)."""
        return self.frequency == "DAILY" or bool(self.days) or any(name == "BYMONTHDAY" for name, _ in self.numbers)

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        parts += [f"COUNT={self.count}"] if self.count else []
        parts += [f"UNTIL={self.until:%Y%m%dT%H%M%S}"] if self.until else []
        parts += ["BYDAY=" + ",".join(f"{nth or ''}{day}" for nth, day in self.days)] if self.days else []
        parts += [f"{name}={','.join(map(str, values))}" for name, values in self.numbers]
        return ";".join([*parts, *([f"WKST={self.week_start}"] if self.week_start != "MO" else [])])


def rule_of(text: str, zone: tzinfo) -> Rule:
    """What `text` says, for a household in `zone`. Raises Refused."""
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        fix = f"choose FREQ from {', '.join(FREQUENCIES)}; what repeats within a day is a timer"
        raise Refused(f'a rule with FREQ "{frequency[:20]}" is not taken', fix=fix)
    if "COUNT" in parts and "UNTIL" in parts:
        raise Refused("a rule may have COUNT or UNTIL, not both", fix="leave one out")
    numbers = tuple((name, _numbers(name, parts[name])) for name in NUMBERS if name in parts)
    rule = Rule(
        frequency,
        _size("INTERVAL", parts.get("INTERVAL", "1")),
        _size("COUNT", parts["COUNT"]) if "COUNT" in parts else None,
        _until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
        _day(parts.get("WKST", "MO"))[1],
        tuple(_day(part, frequency) for part in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        numbers,
    )
    a_day = 1
    for name, values in numbers:
        a_day *= len(values) if name in {"BYHOUR", "BYMINUTE"} else 1
    if a_day > MOST_A_DAY:
        raise Refused(f"a rule may fire {MOST_A_DAY} times a day, not {a_day} times", fix="ask for fewer")
    return rule


def stored_rule(text: str) -> Rule:
    """One that `str` wrote. Raises Refused."""
    head, until, tail = text.partition("UNTIL=")
    if not until:
        return rule_of(text, UTC)
    at, _, rest = tail.partition(";")
    return rule_of(f"{head}UNTIL={at}Z;{rest}".rstrip(";"), UTC)


def _parts(text: str) -> dict[str, str]:
    if len(text) > LONGEST:
        raise Refused(f"a rule may have {LONGEST} characters, not {len(text)}", fix=FIX)
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = part.strip().partition("=")
        if name not in PARTS or not equals or name in parts:
            fix = f"the parts are {', '.join(PARTS)}, each once; the first time of all is the argument at"
            raise Refused(f'a rule may not have the part "{part[:40]}"', fix=fix)
        parts[name] = value
    return parts


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,6}", text, re.ASCII):
        raise Refused(f'{name} must be a number, not "{text[:20]}"', fix=FIX)
    return int(text)


def _size(name: str, text: str) -> int:
    if not 1 <= (size := _whole(name, text)) <= LARGEST[name]:
        raise Refused(f"{name} must be from 1 to {LARGEST[name]}, not {size}", fix=FIX)
    return size


def _numbers(name: str, text: str) -> tuple[int, ...]:
    least, largest = NUMBERS[name]
    values = tuple(sorted({_whole(name, value) for value in text.split(",")}))
    if bad := [value for value in values if not least <= value <= largest or (value == 0 and least < 0)]:
        raise Refused(f"{name} must be from {least} to {largest}, not {bad[0]}", fix=FIX)
    return values


def _day(text: str, frequency: str = "") -> tuple[int, str]:
    found = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", text.strip(), re.ASCII)
    if not found:
        raise Refused(f'"{text[:20]}" is no day of a rule', fix=f"choose from {', '.join(DAYS)}")
    if found[1] and frequency not in {"MONTHLY", "YEARLY"}:
        raise Refused(f'"{text[:20]}" has no meaning within a week', fix="use FREQ=MONTHLY with it")
    return int(found[1] or 0), found[2]


def _until(text: str, zone: tzinfo) -> datetime:
    """A day counts as a whole, which it does not to dateutil; a time without a zone could be anybody's."""
    try:
        if re.fullmatch(r"[0-9]{8}", text, re.ASCII):
            day = datetime.combine(date.fromisoformat(text), time.min)
            return day + timedelta(days=1, seconds=-1)
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", text, re.ASCII):
            return shown_at(datetime.strptime(text + "+0000", "%Y%m%dT%H%M%SZ%z").timestamp(), zone)
    except (ValueError, OverflowError):
        pass
    raise Refused(f'UNTIL must be a day or a time of UTC, not "{text[:20]}"', fix="write UNTIL=20261231")
