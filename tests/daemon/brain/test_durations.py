"""How long something takes, in five languages: a table of what is said and its seconds."""

import pytest

from daemon.brain.lexicon import lexicon
from daemon.brain.marking import marked

SAID = {
    "en": {
        "half an hour": 1800,
        "an hour and a half": 5400,
        "three quarters of an hour": 2700,
        "a quarter of an hour": 900,
        "six and a half minutes": 390,
        "1 hour and 20 minutes": 4800,
        "45 seconds": 45,
        "two more minutes": 120,
        "2h": 7200,
    },
    "de": {
        "eine halbe Stunde": 1800,
        "anderthalb Stunden": 5400,
        "zweieinhalb Minuten": 150,
        "eine Viertelstunde": 900,
        "eine Stunde und zwanzig Minuten": 4800,
        "fünfundvierzig Minuten": 2700,
        "dreiviertelstunde": 2700,
    },
    "es": {
        "media hora": 1800,
        "hora y media": 5400,
        "una hora y media": 5400,
        "un cuarto de hora": 900,
        "dos minutos y medio": 150,
    },
    "fr": {"une demi-heure": 1800, "une heure et demie": 5400, "un quart d'heure": 900, "une heure vingt": 4800},
    "pt-BR": {
        "meia hora": 1800,
        "uma hora e meia": 5400,
        "dois minutos e meio": 150,
        "uma hora e vinte minutos": 4800,
    },
}


@pytest.mark.parametrize("language", SAID)
def test_durations(language: str) -> None:
    for words, seconds in SAID[language].items():
        found = [mark.value for mark in marked(f"timer {words}", (), lexicon(language)) if mark.kind == "duration"]
        assert found == [seconds], words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "in ten minutes"), ("de", "in einer Stunde"), ("es", "dentro de dos horas"), ("fr", "dans une heure")],
)
def test_a_delay_is_told_by_the_word_before(language: str, words: str) -> None:
    assert [mark.kind for mark in marked(words, (), lexicon(language))][-1] == "delay"


def test_three_of_nothing_are_no_duration() -> None:
    assert not [mark for mark in marked("timer three apples", (), lexicon("en")) if mark.kind == "duration"]
