"""What of a service's message is believed: beyond here every value is of a type and size that the rest can count on.

Pure functions. What they refuse is not read, whoever sent it: a text that cannot be written down, a count beyond what
can be counted, sound at a rate that nobody plays.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from daemon.sound.pcm import REPLY_RATE_HZ

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator

LARGEST_COUNT: Final = 2**31 - 1
"""Of tokens: the API counts them in an int32."""
LARGEST_NUMBER: Final = 2**63 - 1
"""Of an argument; larger ones end in errors far from here, in a database for instance."""
LONGEST_TEXT: Final = 20_000
"""Characters of one piece of text."""
LONGEST_ADDRESS: Final = 2_048
LONGEST_HANDLE: Final = 16_384
LONGEST_ID: Final = 1_024
LONGEST_NAME: Final = 128
"""Characters of a function's name, as the API has it."""
LONGEST_WAIT_S: Final = 3_600.0
DEEPEST: Final = 16
"""Levels of lists and objects in arguments."""
MOST_VALUES: Final = 1_000
"""Values in the arguments of one call, keys counted."""
LOWEST_RATE_HZ: Final = 8_000
HIGHEST_RATE_HZ: Final = 192_000

_KINDS: Final = frozenset({"audio/pcm", "audio/l16", "audio/raw"})
"""What is S16_LE: everything else would be noise at full volume."""
_DIGITS: Final = re.compile(r"\+?([0-9]+)(?:\.0*)?")
_SECONDS: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


LOGGED: Final = 16
"""How many of one kind are logged: a service that has gone wrong shall not fill the journal."""


class Checker:
    """Counts what could not be read, and logs the first of each kind: never its content, which is private."""

    def __init__(self, log: logging.Logger) -> None:
        self.skipped: Counter[str] = Counter()
        self._log = log

    def note(self, kind: str) -> None:
        """`kind` is one of a few words of ours."""
        self.skipped[kind] += 1
        if self.skipped[kind] <= LOGGED:
            self._log.warning("skipped %s of the service that cannot be read", kind)

    def name(self, text: str | None, longest: int, kind: str) -> str | None:
        """An id, a handle or an address as it is, for it must not be changed; None if it cannot be used."""
        text = text or ""
        if len(text) <= longest and is_writable(text):
            return text
        self.note(kind)
        return None

    def count(self, number: int | None) -> int:
        """A count of tokens; 0 for what is none."""
        number = number or 0
        if 0 <= number <= LARGEST_COUNT:
            return number
        self.note("a count")
        return 0


def text_of(text: str | None, longest: int = LONGEST_TEXT) -> str:
    """`text` without what no file and no terminal takes (halves of characters, NUL), and no longer than `longest`."""
    cut = (text or "")[:longest]
    return "".join(char for char in cut if is_writable(char)) if not is_writable(cut) else cut


def is_writable(text: str) -> bool:
    """Whether `text` can be encoded, and holds no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def is_pcm(mime_type: str | None) -> bool:
    """Whether it names sound that can be played as it is: one channel of 16 bits."""
    kind, parameters = _taken_apart(mime_type or "")
    return kind in _KINDS and parameters.get("channels", "1") == "1"


def rate_hz(mime_type: str) -> int | None:
    """The rate in `audio/pcm;rate=24000`; Vertex leaves it out and means the same. None if nobody plays it."""
    rate = _taken_apart(mime_type)[1].get("rate", "")
    if not (found := _DIGITS.fullmatch(rate)):
        return REPLY_RATE_HZ
    digits = found[1].lstrip("0")
    known = len(digits) <= len(str(HIGHEST_RATE_HZ)) and LOWEST_RATE_HZ <= int(digits or 0) <= HIGHEST_RATE_HZ
    return int(digits) if known else None


def _taken_apart(mime_type: str) -> tuple[str, dict[str, str]]:
    """The kind and the parameters of a media type (RFC 9110 §8.3.1), names in small letters."""
    kind, *parameters = mime_type[:LONGEST_ADDRESS].split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return kind.strip().lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def seconds(duration: str) -> float:
    """protobuf's JSON form of a Duration, `"50s"` or `"9.500s"`; 0.0 if it is none, which is the safest to assume."""
    found = _SECONDS.fullmatch(duration)
    return min(float(found[1]), LONGEST_WAIT_S) if found else 0.0


def fault_of(arguments: Any) -> str:
    """Why the arguments of a call cannot be taken, in words for the model; empty if they can."""
    for values, (value, depth) in enumerate(_walk(arguments)):
        if depth > DEEPEST or values > MOST_VALUES:
            return "its arguments are larger than any function's"
        match value:
            case str() if len(value) > LONGEST_TEXT or not is_writable(value):
                return "its arguments hold a text that cannot be read"
            case float() if not math.isfinite(value):
                return "its arguments hold a number that is none"
            case int() if abs(value) > LARGEST_NUMBER:
                return "its arguments hold a number that is too large"
    return ""


def _walk(value: Any) -> Iterator[tuple[Any, int]]:
    """Every value in `value`, keys too, with its depth; without recursion, and only as far as somebody asks."""
    waiting = [(value, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        match value:
            case dict():
                waiting += [(item, depth + 1) for pair in value.items() for item in pair]
            case list() | tuple():
                waiting += [(item, depth + 1) for item in value]
