"""A sentence as a row of marks: what each of its words speaks of."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)+|\d+:\d\d|\d+|%|[,;.!?¿¡:]|[^\W\d_]+")
_JOINED: Final = re.compile(_TOKEN.pattern.replace(r"[^\W\d_]+", r"[^\W\d_]+(?:'[^\W\d_]+)*"))
"""The same, for a language whose apostrophes stand within words."""

_HALF_OF_DAY: Final = re.compile(r"(?<![^\W_])([ap])\. ?m\b\.?", re.IGNORECASE)
"""A half of the day, whose dots are no ends of sentences."""

_ENDS: Final = frozenset(",;.!:")
_ASKS: Final = frozenset("?¿")

Value = str | int
Kind = str


@dataclass(frozen=True)
class Mark:
    """Words of a sentence, what kind of thing they are ("" if that is not known), and which one."""

    kind: Kind
    value: Value = ""
    words: str = ""
    """As they were written."""

    plain: str = ""
    """Without accents, numbers in digits."""


def folded(text: str) -> str:
    """Lower case without accents, however those are written: a name that was typed on a Mac has them apart."""
    lower = unicodedata.normalize("NFKC", text).lower()
    return "".join(unicodedata.normalize("NFD", one)[0] for one in lower if not unicodedata.combining(one))


def marks_of(text: str, *, joins_apostrophes: bool) -> Iterator[Mark]:
    """The words of `text`, of no kind yet; a comma or full stop is one, a question mark too."""
    written = unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")
    written = _HALF_OF_DAY.sub(r"\1m", written)
    for match in (_JOINED if joins_apostrophes else _TOKEN).finditer(written):
        word = match[0]
        kind = "comma" if word in _ENDS else "?" if word in _ASKS else ""
        plain = "weare" if word.lower() == "we're" else folded(word.replace("'", ""))  # no "were"
        yield Mark(kind, "", word, "eh" if word in ("é", "É") else plain)  # "e" is "and" in Portuguese


def replaced(
    marks: Sequence[Mark], pattern: re.Pattern[str], make: Callable[[re.Match[str]], Mark | None]
) -> list[Mark]:
    """`marks` with those made one whose words `pattern` finds; it looks at whole words alone."""
    row, position = list(marks), 0
    while position < len(row):
        found = _found(row, position, pattern, make)
        if found is not None:
            row[position : position + found[1]] = [found[0]]
        position += 1
    return row


def _found(
    row: Sequence[Mark], start: int, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Mark | None]
) -> tuple[Mark, int] | None:
    joined = joined_from(row, start)
    match = pattern.match(joined)
    taken = words_taken(joined, match)
    if match is None or not taken:
        return None
    made = make(match)
    return (with_words(made, row[start : start + taken]), taken) if made else None


def joined_from(row: Sequence[Mark], start: int) -> str:
    """The plain words from `start` on, as far as they are of no kind yet."""
    words = []
    for mark in row[start:]:
        if mark.kind:
            break
        words.append(mark.plain)
    return " ".join(words)


def words_taken(joined: str, match: re.Match[str] | None) -> int:
    """How many words a match at the beginning takes; 0 if it ends within one."""
    if match is None or not match.end() or joined[match.end() : match.end() + 1] not in ("", " "):
        return 0
    return joined[: match.end()].count(" ") + 1


def with_words(mark: Mark, taken: Sequence[Mark]) -> Mark:
    """`mark` in the place of those that it was made of."""
    words = " ".join(one.words for one in taken)
    return Mark(mark.kind, mark.value, words, mark.plain or " ".join(one.plain for one in taken))
