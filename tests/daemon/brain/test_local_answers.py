"""That each language answers all, and says what came of it."""

import string
import tomllib
from typing import Any

import pytest

from daemon.brain.local_answers import FOLDER, LocalAnswers, answers_in
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sentences_in import Doubt
from daemon.brain.task import Call
from daemon.brain.time_replies import NO_TIME
from tests.daemon.brain.day_house import NOW, row

TAGS = sorted(file.stem for file in FOLDER.glob("*.toml"))
GERMAN = tomllib.loads((FOLDER / "de.toml").read_text("utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", TAGS)
def test_no_language_lacks_an_answer(tag: str) -> None:
    own = tomllib.loads((FOLDER / f"{tag}.toml").read_text("utf-8"))
    assert own.keys() == GERMAN.keys()
    for key, text in own.items():
        assert placeholders(text) <= placeholders(GERMAN[key]), key
        assert text == " ".join(text.split()), key


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("doubt", [None, *Doubt])
def test_every_doubt_is_one_short_sentence_or_two(tag: str, doubt: Doubt | None) -> None:
    answers = answers_in(tag, NOW)
    assert answers is not None
    assert 0 < len(answers.doubt(doubt)) < 90


def german() -> LocalAnswers:
    answers = answers_in("de-AT", NOW)
    assert answers is not None
    return answers


def told(intent: str, name: str, arguments: dict[str, Any], answer: dict[str, Any], **slots: str) -> str:
    return german().told(Sentence(intent, slots), [Call(name, arguments)], [answer], "")


def test_english_needs_none() -> None:
    assert answers_in("en-GB", NOW) is None
    assert answers_in("nl", NOW) is None


def test_what_was_done_is_told_as_it_was_read_back() -> None:
    lamp = {"device": "Lampe", "state": "on", "level_percent": 40}
    assert told("switch", "set_device", {}, lamp) == "Lampe ist an, auf 40 Prozent."
    assert told("switch", "set_device", {}, {"error": "no"}) == "Das ging nicht."
    assert (
        told("set alarm", "set_alarm", {}, {"due": "2026-11-23T06:30:00+00:00"})
        == "Der Wecker klingelt morgen um 6 Uhr 30."
    )
    assert told("set timer", "set_timer", {"seconds": 5400}, {}) == "Der Timer läuft: eine Stunde und 30 Minuten."
    assert told("ask state", "list_devices", {}, {"devices": [lamp]}, device="Lampe", asked="off").startswith("Nein. ")
    assert (
        told("measure", "read_sensor", {}, {"readings": [{"sensor": "Bad", "quantity": "temperature", "value": 19.5}]})
        == "Bad: 19,5 Grad."
    )


def test_what_is_set_is_listed() -> None:
    timers = {"timers": [row(3, "timer", "2026-11-22T14:10", name="Tee"), row(8, "alarm", "2026-11-23T07:00")]}
    assert told("list timers", "list_timers", {}, timers, kind="timer") == "Tee: noch 5 Minuten."
    assert told("list timers", "list_timers", {}, timers, kind="reminder") == "Davon ist nichts gestellt."


def test_what_english_asks_is_asked() -> None:
    assert german().told(Sentence("set alarm"), (), (), NO_TIME).startswith("Für wann?")
    assert german().told(Sentence("x"), (), (), "Which one do you mean?") == "Welchen meinst du?"


def test_the_time_is_told_in_words() -> None:
    assert german().told(Sentence("tell time"), (), (), "") == "Es ist 14 Uhr 5."
