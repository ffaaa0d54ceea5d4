"""Typed sentences: case, punctuation, slips of the finger, and what must never be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.offline.grammar import Sentence
from daemon.offline.phrases import Intent, commands
from daemon.offline.written import Reader, forbids, normalised, unknown_device
from tests.daemon.offline.offline_house import ABLE

LAMP_ON = Sentence(Intent.SWITCH, {"device": "lamp", "state": "on"})


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(commands(ABLE))


@pytest.mark.parametrize(
    "text",
    [
        "turn on the lmap",
        "trun on teh lamp",
        "Turn on th lamp!!",
        "Hey Jarvis, turn on the lamp",
        "alexa turn on the lamp",
    ],
)
def test_slips_and_wake_words_are_forgiven(reader: Reader, text: str) -> None:
    assert reader.read_mistyped(text) == LAMP_ON


@pytest.mark.parametrize(
    "text",
    [
        "turn on the television",
        "turn on the ramp",  # another word, not a slip: the first letter differs
        "turn the lamp",
        "turn in the lamp",
        "hey jarvis",
        "",
    ],
)
def test_what_is_too_different_is_not_guessed(reader: Reader, text: str) -> None:
    assert reader.read_mistyped(text) is None


def test_reading_letter_for_letter_forgives_nothing(reader: Reader) -> None:
    assert reader.read("turn on the lmap") is None
    assert reader.read("TURN ON THE LAMP") == LAMP_ON


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    words = normalised(text)
    assert normalised(words) in (words, "") or words.startswith(("hey", "ok", "jarvis", "alexa", "mycroft", "pipit"))
    assert isinstance(unknown_device(text), str)


def test_normalised_keeps_apostrophes_and_percent_signs() -> None:
    assert normalised("  Don’t set  Anna's lamp to 40 %, please! ") == "don't set anna's lamp to 40% please"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Turn on the television.", "television"),
        ("please switch off my old radio please", "old radio"),
        ("Turned the heating off", "heating"),
        ("turn left", ""),
        ("what is the capital of France?", ""),
        ("turn on", ""),
    ],
)
def test_the_device_that_does_not_exist_is_named(text: str, name: str) -> None:
    assert unknown_device(text) == name


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("Don't turn on the heater.", True),
        ("Don’t turn on the heater", True),
        ("please do not open the garage door", True),
        ("never turn off the lamp", True),
        ("turn on the notebook light", False),
        ("turn on the lamp", False),
    ],
)
def test_a_prohibition_is_seen(text: str, forbidden: bool) -> None:
    assert forbids(text) is forbidden
