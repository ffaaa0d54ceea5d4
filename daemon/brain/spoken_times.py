"""Times of day, days and what repeats, as they are said in English: "half past six", "7:30 p.m.", "on weekdays".

What is said stands for a `str`: a time for "19:30", or "07:30?" if it may also be the other half of the day; a day for
"today", "tonight", "tomorrow", "tomorrow am" or a weekday of RFC 5545 ("MO"); what repeats for a rule without a start.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from daemon.brain.spoken_durations import spelt
from daemon.brain.spoken_numbers import leading_number, whole_number

EITHER: Final = "?"
"""Ends a time that may be before noon or after."""

_DAY_NAMES: Final = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
WEEKDAYS: Final = tuple(_DAY_NAMES.values())

_NAMED: Final = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_HALVES: Final[Mapping[tuple[str, ...], str]] = {
    ("am",): "am",
    ("a", "m"): "am",
    ("in", "the", "morning"): "am",
    ("this", "morning"): "am",
    ("pm",): "pm",
    ("p", "m"): "pm",
    ("in", "the", "afternoon"): "pm",
    ("in", "the", "evening"): "pm",
    ("this", "afternoon"): "pm",
    ("this", "evening"): "pm",
    ("at", "night"): "pm",
}
_PARTS_OF_DAYS: Final = {"morning": "am", "afternoon": "pm", "evening": "pm"}
_O_CLOCK: Final = (("o'clock",), ("oclock",), ("o", "clock"))
_PARTS: Final = {"half": 30, "quarter": 15}


def time_of(words: Sequence[str]) -> str | None:
    """The time of day that the normalised `words` are."""
    plain = tuple(piece for word in words for piece in _apart(word))
    for end, half in _HALVES.items():
        if len(plain) > len(end) and plain[-len(end) :] == end:
            return _in_half(_hour_and_minute(plain[: -len(end)]), half, plain)
    if len(plain) == 1 and plain[0] in _NAMED:
        return _written(*_NAMED[plain[0]])
    found = _hour_and_minute(plain)
    if found is None:
        return None
    sure = found[0] > 12 or found[0] == 0 or plain[0].startswith("0")
    return _written(*found) + ("" if sure else EITHER)


def day_of(words: Sequence[str]) -> str | None:
    """The day: "today", "tonight", "tomorrow" or one of `WEEKDAYS`; " am" or " pm" follows if it tells."""
    day, half = day_phrases().get(" ".join(words)), _PARTS_OF_DAYS.get(words[-1]) if words else None
    if day is not None or half is None:
        return day
    whole = day_phrases().get(" ".join(words[:-1]))
    return f"{whole} {half}" if whole and whole != "tonight" and " " not in whole else None


def repeat_of(words: Sequence[str]) -> str | None:
    """The rule of RFC 5545 (RRULE without DTSTART) by which something repeats; " am" or " pm" follows if it tells."""
    return repeat_phrases().get(" ".join(words))


def in_half(clock: str, half: str) -> str:
    """`clock` in the half of the day that is told: "am", "pm", or "" if none is."""
    if not clock.endswith(EITHER) or not half:
        return clock
    return _written(int(clock[:2]) % 12 + (12 if half == "pm" else 0), int(clock[3:5]))


def _apart(word: str) -> tuple[str, ...]:
    """ "7pm" as two words."""
    digits = word.rstrip("apm")
    return (digits, word[len(digits) :]) if digits.isdecimal() and digits != word else (word,)


def _hour_and_minute(words: tuple[str, ...]) -> tuple[int, int] | None:
    words = next((words[: -len(end)] for end in _O_CLOCK if len(words) > len(end) and words[-len(end) :] == end), words)
    if (relative := _relative(words)) is not None:
        return relative
    found = leading_number(words)
    if found is None:
        return None
    hour, taken = found
    if taken == 2 and hour > 24:  # "twenty five" is no hour
        return None
    rest = words[taken:]
    rest = rest[1:] if rest[:1] == ("point",) else rest
    if rest[:1] in (("oh",), ("o",)) and len(rest) > 1:
        rest = rest[1:]
    elif rest and (rest[0].isdecimal() and len(rest[0]) != 2):
        return None
    minute = whole_number(rest) if rest else 0
    return (hour, minute) if hour < 24 and minute is not None and minute < 60 else None


def _relative(words: tuple[str, ...]) -> tuple[int, int] | None:
    """ "half past six", "a quarter to nine", "ten minutes past four"."""
    words = words[1:] if words[:1] == ("a",) else words
    if words[:1] and words[0] in _PARTS:
        minutes, rest = _PARTS[words[0]], words[1:]
    elif found := leading_number(words):
        minutes, rest = found[0], words[found[1] :]
        rest = rest[1:] if rest[:1] == ("minutes",) else rest
    else:
        return None
    hour = whole_number(rest[1:]) if rest[:1] and rest[0] in ("past", "after", "to") else None
    if hour is None or not 0 < hour <= 12 or not 0 < minutes < 60:
        return None
    return (hour, minutes) if rest[0] != "to" else ((hour - 2) % 12 + 1, 60 - minutes)


def _in_half(found: tuple[int, int] | None, half: str, plain: tuple[str, ...]) -> str | None:
    if found is None or not 0 < found[0] <= 12:
        return None
    hour = found[0] % 12
    if plain[-2:] == ("at", "night") and (hour < 6):
        half = "am"  # "twelve at night", "two at night"
    return _written(hour + (12 if half == "pm" else 0), found[1])


def _written(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


@cache
def day_phrases() -> Mapping[str, str]:
    """How days are said, as the recogniser listens for them: each, and what it stands for as of `day_of`."""
    phrases = {"today": "today", "tonight": "tonight", "tomorrow": "tomorrow", "to morrow": "tomorrow"}
    for part in ("morning", "evening"):
        phrases |= {f"{said} {part}": f"tomorrow {_PARTS_OF_DAYS[part]}" for said in ("tomorrow", "to morrow")}
    for name, day in _DAY_NAMES.items():
        phrases |= {f"on {name}": day, f"this {name}": day, f"next {name}": day, name: day}
    return phrases


@cache
def repeat_phrases() -> Mapping[str, str]:
    """How it is said that something repeats."""
    weekdays, weekend = ",".join(WEEKDAYS[:5]), ",".join(WEEKDAYS[5:])
    rules = dict.fromkeys(("every day", "each day", "daily"), "FREQ=DAILY")
    rules |= {"every morning": "FREQ=DAILY am", "every evening": "FREQ=DAILY pm"}
    for name in ("on weekdays", "every weekday", "on every weekday", "on week days", "monday to friday", "on workdays"):
        rules[name] = f"FREQ=WEEKLY;BYDAY={weekdays}"
    for name in ("on weekends", "at weekends", "every weekend", "on the weekend", "at the weekend"):
        rules[name] = f"FREQ=WEEKLY;BYDAY={weekend}"
    for name, day in _DAY_NAMES.items():
        for said in (f"every {name}", f"on every {name}", f"each {name}", f"on {name}s"):
            rules[said] = f"FREQ=WEEKLY;BYDAY={day}"
    return rules


@cache
def time_phrases() -> Mapping[str, str]:
    """What the recogniser listens for: each phrase as the network may write it, and its time."""
    phrases = {name: _written(*time) for name, time in _NAMED.items()}
    for phrase in _times():
        value = time_of(phrase.lower().replace(".", "").replace(":", " ").replace("-", " ").split())
        if value is not None:
            phrases[phrase] = value
    return phrases


def _times() -> Iterator[str]:
    for hour in range(1, 13):
        for said in spelt(hour):
            yield from _with_halves(said)
            yield f"{said} o'clock"
            for part in ("half past", "half-past", "quarter past", "a quarter past", "quarter to", "a quarter to"):
                yield f"{part} {said}"
            for minutes in (5, 10, 20, 25):
                yield from (f"{number} {way} {said}" for number in spelt(minutes) for way in ("past", "to"))
            for minutes in range(10, 60, 5):
                if not said.isdecimal():
                    yield from _with_halves(f"{said} {spelt(minutes)[-1]}")
        for minutes in range(0, 60, 5):
            yield from _with_halves(f"{hour}:{minutes:02}")
    yield from (f"{hour:02}:{minutes:02}" for hour in (*range(10), *range(13, 24)) for minutes in range(0, 60, 5))


def _with_halves(said: str) -> Iterator[str]:
    glued = ("am", "pm") if said[-1].isdecimal() else ()
    yield from (said, *(f"{said}{half}" for half in glued))
    yield from (f"{said} {half}" for half in ("am", "pm", "a.m.", "p.m.", "a m", "p m", "AM", "PM"))
    yield from (f"{said} {half}" for half in ("in the morning", "in the evening", "in the afternoon"))
