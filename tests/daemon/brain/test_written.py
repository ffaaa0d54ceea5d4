"""Typed sentences: case, punctuation, slips of the finger, and what must never be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.brain.phrases import Intent, commands
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.written import LONGEST_CHARACTERS, Reader, normalised, without_courtesies
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
        "turned on the lamp",  # and is on already
        "turns on the lamp",
        "turning on the lamp",
        "set the lamp to 400%",  # not 40
        "set the lamp to 150 percent",  # not 15
        "set the lamp to -40%",
        "set the lamp to − 40 %",
        "set the lamp to 40.5%",
        "turn not on the lamp",
        "turn on the lamp " + "please " * 100,
        "x" * 100_000,
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
    assert without_courtesies(text) in words


def test_normalised_keeps_apostrophes_and_percent_signs() -> None:
    assert normalised("  Don’t set  Anna's lamp to 40 %, please! ") == "don't set anna's lamp to 40% please"


def test_a_number_in_a_name_is_no_sign() -> None:
    assert normalised("TV-2") == "tv 2"
    assert normalised("to -2") == "to minus 2"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Please, please could you turn on the lamp? Thanks!", "turn on the lamp"),
        ("just turn on the lamp right now for me", "turn on the lamp"),
        ("the lamp off", "lamp off"),
        ("please", "please"),
        ("nowhere", "nowhere"),
        ("", ""),
    ],
)
def test_courtesies_are_no_part_of_a_command(text: str, plain: str) -> None:
    assert without_courtesies(text) == plain


def test_what_is_too_long_is_not_read_at_all(reader: Reader) -> None:
    assert reader.read_mistyped("turn on the lamp" + " " * (LONGEST_CHARACTERS - 16)) == LAMP_ON
    assert reader.read_mistyped("turn on the lamp" + " " * (LONGEST_CHARACTERS - 15)) is None
