"""Numbers that sound alike in English: a text with "fifty" makes as much sense as one with "fifteen"."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

_ONES: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: Final = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 20 + 10 * number for number, word in enumerate(_TENS)},
    **{f"{ten} {_ONES[one]}": 20 + 10 * number + one for number, ten in enumerate(_TENS) for one in range(1, 10)},
}
_WRITTEN: Final = {number: word for word, number in _WORDS.items()}
_NUMBER: Final = re.compile(rf"\d+|\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b", re.IGNORECASE)
_ALIKE: Final = {teen: (teen - 10) * 10 for teen in range(13, 20)}

WITHIN_TY: Final = 3.5
"""Where "-ty" was heard: of 346 in a quiet room two had been "-teen", by 2.2 nats at most (decision 0069)."""

WITHIN_TEEN: Final = 6.0
"""Where "-teen" was heard, which stands for "-ty" ten times as often, and surely: the word after it has an n."""

_WITHIN: Final = {19: 12.0}
"""Ninety minutes are asked for, nineteen hardly ever; "ninety minutes" was heard as 19 with 10 nats between them."""

_COUNTERPARTS: Final = {**_ALIKE, **{ten: teen for teen, ten in _ALIKE.items()}}


class Alike(NamedTuple):
    """A text with another number, and by how many nats that may be less likely and have been said all the same."""

    text: str
    within: float


def with_counterparts(text: str) -> Iterator[Alike]:
    """`text` with "fifty" for each "fifteen" or 15, and the other way round: once in words, once in digits."""
    for found in _NUMBER.finditer(text):
        heard = _value(found[0])
        counterpart = _COUNTERPARTS.get(heard)
        within = _WITHIN.get(heard, WITHIN_TEEN if heard in _ALIKE else WITHIN_TY)
        for written in (_WRITTEN[counterpart], str(counterpart)) if counterpart else ():
            yield Alike(text[: found.start()] + written + text[found.end() :], within)


def has_counterpart(text: str, other: str) -> bool:
    """Whether `text` has "seventeen" where `other` has "seventy", and else the same numbers."""
    said, read = numbers_in(text), numbers_in(other)
    return said != read and any(numbers_in(alike.text) == read for alike in with_counterparts(text))


def numbers_in(text: str) -> Counter[int]:
    """How often each number stands in `text`, in digits or words."""
    return Counter(map(_value, _NUMBER.findall(text.replace("-", " "))))


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else _WORDS[number.lower()]
