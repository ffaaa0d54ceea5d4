"""The sentences of one language, filled in so that a voice says them right: words for signs, plain spaces."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from daemon.conversation.causes import Cause, Notice
from daemon.sentences.forms import form_of
from daemon.sentences.shelf import FALLBACK, FOLDER, nearest, primary_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

LARGEST_PARTS: Final = 3
"""Of a duration: "2 days, 3 hours and 5 minutes" leaves out the seconds, which nobody waits for."""

_UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
_MARKUP: Final = frozenset("<>&")
"""What a voice might take for a command to it; no voice says anything of use for them."""


class Book:
    """The sentences of one file. Babel is loaded by the first that needs a plural, a list, a date or a decimal."""

    def __init__(self, tag: str, content: Mapping[str, Any], language: str = "") -> None:
        """`content` is the file of the language `tag`; `language` is what its voice speaks, if that says more."""
        self.language = language or tag
        self._tag = tag
        self._content = content

    @classmethod
    def of(cls, language: str) -> Book:
        """The book for `language`, a BCP 47 tag: without a region if need be, and English if there is none.

        Reads one file.
        """
        tag = nearest(language) or FALLBACK
        content = tomllib.loads((FOLDER / f"{tag}.toml").read_text())
        regional = "-" in language and primary_of(language) == primary_of(tag)
        return cls(tag, content, language if regional else tag)

    def __call__(self, key: str | Cause | Notice, /, **values: object) -> str:
        """The sentence `key` with its `values`; a KeyError if there is no such, or one lacks."""
        return self._sentence(key).format_map({name: plain(value) for name, value in values.items()})

    def duration(self, seconds: int) -> str:
        """Such as "one hour and 5 minutes": at most three parts, what is smaller left out."""
        return self._listed(list(self._parts(max(seconds, 0))) or [self._counted("seconds", 0)])

    def clock(self, at: datetime) -> str:
        """The time of `at` as its zone has it, to the minute, as it stands where the sentences have it."""
        times = self._content["clock"]
        names: dict[str, object] = {"n": at.hour, "hour": form_of(times["hours"], at.hour, self._tag).format(n=at.hour)}
        if not at.minute:
            return str(names["hour"])
        minute = form_of(times["minutes"], at.minute, self._tag).format(n=at.minute)
        return form_of(times["hours_and_minutes"], at.hour, self._tag).format(**names, minute=minute)

    def day(self, at: date) -> str:
        """Weekday, day and month."""
        from babel.dates import get_day_names, get_month_names

        locale, day = self._locale, self._content["day"]
        number = form_of(day["numbers"], at.day, self._tag).format(n=at.day)
        weekday, month = get_day_names(locale=locale)[at.weekday()], get_month_names(locale=locale)[at.month]
        return str(day["date"]).format(weekday=weekday, n=number, month=month)

    def number(self, value: float | Decimal, places: int = 0) -> str:
        """With so many decimal places at most, the groups of thousands together: voices differ in what parts them."""
        from babel.numbers import format_decimal

        rounded = round(Decimal(str(value)), places)
        pattern = f"0.{'#' * places}" if places else "0"
        digits = plain(format_decimal(abs(rounded), pattern, self._locale))
        return f"{self._content['minus']} {digits}" if rounded < 0 else digits

    def percent(self, n: int) -> str:
        """`n` of a hundred."""
        return form_of(self._content["percent"], n, self._tag).format(n=n)

    def _sentence(self, key: str | Cause | Notice) -> str:
        if isinstance(key, Cause):
            return str(self._content["causes"][key.value])
        if isinstance(key, Notice):
            return str(self._content["notices"][key.value])
        return str(self._content["sentences"][key])

    @property
    def _locale(self) -> str:
        return self._tag.replace("-", "_")

    def _parts(self, seconds: int) -> Iterator[str]:
        left = LARGEST_PARTS
        for unit, size in _UNITS:
            count, seconds = divmod(seconds, size)
            if count and left:
                left -= 1
                yield self._counted(unit, count)

    def _counted(self, unit: str, count: int) -> str:
        return form_of(self._content["duration"][unit], count, self._tag).format(n=count)

    def _listed(self, parts: list[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        from babel.lists import format_list

        return format_list(parts, "standard", self._locale)  # "unit" has no forms in German, Dutch and Spanish


def plain(value: object) -> str:
    """`value` on one line, without what cannot be seen or might be markup."""
    seen = (c if c.isprintable() and c not in _MARKUP else " " for c in str(value))
    return " ".join("".join(seen).split())
