"""Numbers in words from 0 to 100 in each language, as patterns of plain words."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

_ONES: Final[Mapping[str, str]] = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "de": "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix_sept "
    "dix_huit dix_neuf",
    "pt-BR": "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis "
    "dezessete dezoito dezenove",
}
_TENS: Final[Mapping[str, str]] = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig funfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante soixante_dix quatre_vingts? quatre_vingt_dix",
    "pt-BR": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_HUNDRED: Final = {"en": "(?:a |one )?hundred", "de": "(?:ein)?hundert", "es": "cien", "fr": "cent", "pt-BR": "cem"}
_AND: Final = {"en": " ", "es": " y ", "fr": "(?: et)? ", "pt-BR": " e "}
_ALSO: Final[Mapping[str, Mapping[str, int]]] = {
    "de": {"zwo": 2, "dreissig": 30},
    "pt-BR": {"duas": 2, "catorze": 14, "cinquenta": 50, "cento": 100},
    "es": {"veintiun": 21},
}
_ARTICLES: Final = frozenset(("un", "um", "uno"))
"""Those for one that are something else more often: "um" is "at" in German, "un" an article."""


@cache
def number_pattern(language: str) -> re.Pattern[str]:
    """What finds a number in words."""
    words = sorted(_table(language), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)})(?![^ ])")


def number_of(words: str, language: str) -> int:
    """The number that `words`, which the pattern found, are."""
    return next(value for pattern, value in _table(language).items() if re.fullmatch(pattern, words))


@cache
def _table(language: str) -> Mapping[str, int]:
    return {pattern: value for pattern, value in _numbers(language) if pattern not in _ARTICLES}


def _numbers(language: str) -> Iterator[tuple[str, int]]:
    ones = [word.replace("_", " ") for word in _ONES[language].split()]
    yield from ((word, value) for value, word in enumerate(ones))
    for ten, word in enumerate(_TENS[language].split(), 2):
        tens = word.replace("_", " ")
        yield tens, ten * 10
        yield from ((pattern, ten * 10 + value) for pattern, value in _above(tens, ten, ones, language))
    yield _HUNDRED[language], 100
    yield from _ALSO.get(language, {}).items()


def _above(tens: str, ten: int, ones: list[str], language: str) -> Iterator[tuple[str, int]]:
    if language == "de":
        yield from ((f"{'ein' if value == 1 else ones[value]}und{tens}", value) for value in range(1, 10))
        return
    if language == "es" and ten == 2:
        yield from ((f"veinti{ones[value]}", value) for value in range(1, 10))
    if language == "fr" and ten in (7, 9):
        stem = tens.removesuffix(" dix")
        yield from ((f"{stem}{_AND['fr']}{ones[10 + value]}", value) for value in range(1, 10))
        return
    yield from ((f"{tens}{_AND[language]}{ones[value]}", value) for value in range(1, 10))
