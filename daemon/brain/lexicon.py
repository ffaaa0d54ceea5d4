"""What words speak of in one language: a TOML file each, in the folder `lexicons`.

A phrase is a regular expression over plain words: lower case, no accents, single spaces. Of several that fit at a
word the longest counts.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from daemon.brain.marks import Kind, Value
from daemon.sentences.shelf import primary_of

FOLDER: Final = Path(__file__).with_name("everyday") / "lexicons"


@dataclass(frozen=True)
class ClockRule:
    """A way to say a time of day: which hour, counted from the one named, and which minute."""

    pattern: re.Pattern[str]
    shift: int
    minute: int
    sign: int


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    language: str
    phrases: Sequence[tuple[re.Pattern[str], Kind, Value]]
    clocks: Sequence[ClockRule]
    clock_words: Mapping[re.Pattern[str], str]
    """Times that have a name, and what each is."""

    units: Mapping[re.Pattern[str], int]
    parts: Mapping[str, re.Pattern[str]]
    """Of durations: `one`, `half`, `quarter`, `and`, `of`."""

    past: re.Pattern[str]
    """Accented forms that plain words would not tell from others: "apagué"."""

    reasons: re.Pattern[str]
    """How a part begins that says why, and asks for nothing: "it's cold"."""

    timer_ends: tuple[str, ...]
    """How a compound ends that is a timer: "nudeltimer"."""


def lexicon_languages() -> list[str]:
    """The tags of all the files, in order."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def nearest_lexicon(language: str) -> str:
    """The file for `language`, a BCP 47 tag; English if there is none."""
    primary = primary_of(language) or "en"
    return next((tag for tag in lexicon_languages() if primary_of(tag) == primary), "en")


@cache
def lexicon(language: str) -> Lexicon:
    """That of one of `lexicon_languages`. Reads one file."""
    content = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return Lexicon(
        language,
        tuple(_phrases(content)),
        tuple(_clock("|".join(content["units"]), *row) for row in content["clocks"]),
        {_pattern(words): value for value, words in content["clock_words"].items()},
        {_pattern([words]): seconds for words, seconds in content["units"].items()},
        {name: re.compile(rf"(?:{'|'.join(words)})(?![^ ])") for name, words in content["parts"].items()},
        re.compile(rf"\b(?:{'|'.join(content['past_accented']) or '(?!)'})\b"),
        _pattern(content["reasons"]),
        tuple(content["timer_ends"]),
    )


def _phrases(content: Mapping[str, Any]) -> Iterator[tuple[re.Pattern[str], Kind, Value]]:
    for kind, words in content["concepts"].items():
        yield _pattern(words), kind, ""
    for kind in ("level", "colour", "day", "repeat", "half"):
        for value, words in content[kind].items():
            yield _pattern(words), kind, int(value) if kind == "level" else value


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        "(?:" + "|".join(word.replace("(", "(?:").replace("(?:?", "(?") for word in longest_first) + r")(?![^ ])"
    )


def _clock(units: str, pattern: str, shift: int, minute: int, sign: int = 1) -> ClockRule:
    """`{h}` and `{m}` are numbers; a number before a unit is no time of day, but how long something takes."""
    named = pattern.replace("{h}", r"(?P<h>\d{1,2})").replace("{m}", r"(?P<m>\d{1,2})")
    return ClockRule(re.compile(rf"(?:{named})(?![^ ])(?! (?:{units})(?![^ ]))"), shift, minute, sign)
