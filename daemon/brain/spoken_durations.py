"""How long something takes, as it is said in English: "an hour and a half", "90 s", "2h30".

Durations are read by a parser, so that any may be typed; what the recogniser listens for is a list of those that are
said, since its grammar is closed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Final

from daemon.brain.spoken_numbers import leading_number, number_words

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400

_UNITS: Final = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m"), _MINUTE_S),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), _HOUR_S),
    **dict.fromkeys(("day", "days", "d"), _DAY_S),
    **dict.fromkeys(("week", "weeks"), 7 * _DAY_S),
}
_SHARES: Final = {
    ("three", "quarters"): Fraction(3, 4),
    ("a", "quarter"): Fraction(1, 4),
    ("one", "quarter"): Fraction(1, 4),
    ("a", "half"): Fraction(1, 2),
    ("one", "half"): Fraction(1, 2),
    ("quarter",): Fraction(1, 4),
    ("half",): Fraction(1, 2),
}
_OF_ONE: Final = (("of", "an"), ("of", "a"), ("an",), ("a",))
_GLUED: Final = re.compile(r"\d+|[^\d\s]+")
"""What a number and its unit are taken apart by: "2h30"."""

_Words = tuple[str, ...]


def seconds_of(words: Sequence[str]) -> int | None:
    """The duration that the normalised `words` are, whole seconds; None if they are none, or nothing else either."""
    rest = tuple(piece for word in words for piece in _GLUED.findall(word))
    total, unit = Fraction(0), 0
    while rest:
        rest = rest[1:] if unit and rest[0] == "and" else rest
        part = _part(rest, unit)
        if part is None or (unit and part[1] >= unit):
            return None
        amount, unit, rest = part
        total += amount * unit
    return int(total) if unit and total.denominator == 1 else None


def _part(words: _Words, before: int) -> tuple[Fraction, int, _Words] | None:
    """An amount, its unit in seconds, and what follows; `before` is the unit of what came before, 0 if nothing."""
    if before == _HOUR_S and (number := leading_number(words)) and number[1] == len(words):
        return Fraction(number[0]), _MINUTE_S, ()  # "an hour thirty"
    amount, rest = _amount(words)
    if amount is None or not rest or rest[0] not in _UNITS:
        return None
    unit, rest = _UNITS[rest[0]], rest[1:]
    share, after = _share(rest[1:]) if rest[:1] == ("and",) else (None, rest)
    if share is not None and not (after and after[0] in (*_UNITS, "a", "an", "of")):
        return amount + share, unit, after  # "an hour and a half"
    return amount, unit, rest


def _amount(words: _Words) -> tuple[Fraction | None, _Words]:
    """How many of a unit: "ten", "1 point 5", "one and a half", "a", "three quarters of an"."""
    share, rest = _share(words)
    if share is not None:
        return share, next((rest[len(of) :] for of in _OF_ONE if rest[: len(of)] == of), rest)
    if found := leading_number(words):
        number, taken = found
        rest = words[taken:]
        if rest[:1] == ("point",) and len(rest) > 1 and rest[1].isdecimal():
            return Fraction(f"{number}.{rest[1]}"), rest[2:]
        more, after = _share(rest[1:]) if rest[:1] == ("and",) else (None, rest)
        return (number + more, after) if more is not None and after[:1] != ("of",) else (Fraction(number), rest)
    return (Fraction(1), words[1:]) if words[:1] in (("a",), ("an",)) else (None, words)


def _share(words: _Words) -> tuple[Fraction | None, _Words]:
    for said, share in _SHARES.items():
        if words[: len(said)] == said:
            return share, words[len(said) :]
    return None, words


@cache
def duration_phrases() -> Mapping[str, int]:
    """What the recogniser listens for after "for" or "in": each phrase as the network may write it, and its seconds."""
    return dict(_valued(_durations()))


@cache
def length_phrases() -> Mapping[str, int]:
    """The same before "timer": "ten minute", "half hour"."""
    counted = (f"{said} {unit}" for unit in ("minute", "second", "hour") for n in _LIKELY for said in spelt(n))
    return dict(_valued((*counted, "half hour", "one and a half hour", "hour and a half", "quarter hour")))


_LIKELY: Final = (*range(1, 61), 70, 75, 80, 90, 100, 120)


def _durations() -> Iterator[str]:
    yield from ("an hour", "a minute", "half an hour", "half a minute", "a quarter of an hour", "a day")
    yield from ("three quarters of an hour", "an hour and a half", "an hour and a quarter", "a minute and a half")
    for number in _LIKELY:
        plural = "s" if number > 1 else ""
        for said in spelt(number):
            yield from (f"{said} minute{plural}", f"{said} second{plural}")
            if number <= 24:
                yield f"{said} hour{plural}"
    for number in range(1, 11):
        yield from (f"{number_words(number)} and a half {unit}" for unit in ("hours", "minutes"))
        hours = (*spelt(number), "an") if number == 1 else spelt(number)
        for minutes in range(5, 60, 5):
            for of_hours in hours:
                hour = f"{of_hours} hour{'s' if number > 1 else ''}"
                yield from (f"{hour} and {said} minutes" for said in spelt(minutes))


def spelt(number: int) -> tuple[str, ...]:
    """How the recogniser may write `number`: in digits, in words, and with the hyphen of "twenty-five"."""
    words = number_words(number)
    return tuple(dict.fromkeys((str(number), words, words.replace(" ", "-"))))


def _valued(phrases: Sequence[str] | Iterator[str]) -> Iterator[tuple[str, int]]:
    for phrase in phrases:
        words = phrase.replace("-", " ").split()
        seconds = seconds_of(words) or seconds_of(["an", *words])
        if seconds is not None:
            yield phrase, seconds
