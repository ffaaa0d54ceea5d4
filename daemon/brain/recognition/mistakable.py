"""Numbers that sound alike in English: a text with "fifty" makes as much sense as one with "fifteen"."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

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
_COUNTERPARTS: Final = {**_ALIKE, **{ten: teen for teen, ten in _ALIKE.items()}}


def with_counterparts(text: str) -> Iterator[str]:
    """`text` with "fifty" for each "fifteen" or 15, and the other way round: once in words, once in digits."""
    for found in _NUMBER.finditer(text):
        counterpart = _COUNTERPARTS.get(_value(found[0]))
        for written in (_WRITTEN[counterpart], str(counterpart)) if counterpart else ():
            yield text[: found.start()] + written + text[found.end() :]


def numbers_in(text: str) -> Counter[int]:
    """How often each number stands in `text`, in digits or words."""
    return Counter(map(_value, _NUMBER.findall(text.replace("-", " "))))


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else _WORDS[number.lower()]
