"""Whole numbers in English words, both ways."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

LARGEST: Final = 999
"""In words; in digits four may be read."""

_ONES: Final = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_LONGEST_DIGITS: Final = 4
_LONGEST_WORDS: Final = 5
"""Of "nine hundred and ninety nine"."""


def number_words(number: int) -> str:
    """A number from 0 to 999 in words, "one hundred and five"."""
    if number < len(_ONES):
        return _ONES[number]
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return f"{_ONES[hundreds]} hundred and {number_words(rest)}" if rest else f"{_ONES[hundreds]} hundred"
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens - 2]} {_ONES[ones]}" if ones else _TENS[tens - 2]


_READ: Final = {number_words(number): number for number in range(LARGEST + 1)}
_READ.update({words.replace(" and ", " "): number for words, number in tuple(_READ.items())})
_READ.update({f"a {words[4:]}": number for words, number in tuple(_READ.items()) if words.startswith("one hundred")})
_WORDS: Final = frozenset(word for words in _READ for word in words.split())


def leading_number(words: Sequence[str]) -> tuple[int, int] | None:
    """The number that `words` begin with, and how many of them it takes; the longest that there is."""
    if words and words[0].isascii() and words[0].isdigit():
        return (int(words[0]), 1) if len(words[0]) <= _LONGEST_DIGITS else None
    numeral = list(takewhile(_WORDS.__contains__, words[:_LONGEST_WORDS]))
    for taken in range(len(numeral), 0, -1):
        if (number := _READ.get(" ".join(numeral[:taken]))) is not None:
            return number, taken
    return None


def whole_number(words: Sequence[str]) -> int | None:
    """The number that `words` are, and nothing else."""
    found = leading_number(words)
    return found[0] if found and found[1] == len(words) else None
