"""Numbers in words: each from 0 to 100 is found, and is the one that it is."""

import pytest

from daemon.brain.numerals import number_of, number_pattern

SPOKEN = {
    "en": {"seven": 7, "forty two": 42, "ninety nine": 99, "a hundred": 100},
    "de": {"sieben": 7, "zweiundvierzig": 42, "einundzwanzig": 21, "dreißig": 30, "hundert": 100},
    "es": {"siete": 7, "cuarenta y dos": 42, "veintitres": 23, "cien": 100},
    "fr": {
        "sept": 7,
        "quarante deux": 42,
        "vingt et un": 21,
        "soixante douze": 72,
        "quatre vingt dix huit": 98,
        "cent": 100,
    },
    "pt-BR": {"sete": 7, "quarenta e dois": 42, "catorze": 14, "cem": 100},
}


@pytest.mark.parametrize("language", SPOKEN)
def test_numbers_are_read_whole(language: str) -> None:
    for words, number in SPOKEN[language].items():
        match = number_pattern(language).match(f"{words} uhr")
        assert match is not None, words
        assert (match[0], number_of(match[0], language)) == (words, number)


def test_an_article_is_no_number() -> None:
    assert number_pattern("de").match("um") is None
    assert number_pattern("fr").match("un") is None
