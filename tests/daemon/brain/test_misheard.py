"""What tells by itself that words were misheard."""

import pytest

from daemon.brain.misheard import misheard
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.utterance import Utterance

ON = Sentence(Intent.SWITCH, {"device": "lamp", "state": "on"})


def is_misheard(free: str, words: str = "", meant: Sentence = ON) -> bool:
    return misheard(Utterance(words or free, meant, free=free), [meant], ["lamp", "reading lamp"])


def test_a_whole_lamp_was_another_one() -> None:
    assert is_misheard("Turn on the whole lamp.")
    assert not is_misheard("Turn on the reading lamp.")
    assert not is_misheard("Turn on the whole house.")


@pytest.mark.parametrize("free", ["Then turn on the lamp.", "Than turn on the lamp."])
def test_what_begins_like_a_no_was_one(free: str) -> None:
    assert is_misheard(free)
    assert not is_misheard("Turn on the lamp then.")


@pytest.mark.parametrize("free", ["Landconrin, Sanov.", "11.", "Lampon and Fennoff."])
def test_a_command_has_the_letters_that_were_read(free: str) -> None:
    assert is_misheard(free, "Lamp on.")


@pytest.mark.parametrize("free", ["Lampon.", "Lamp on, please.", "Lamb on."])
def test_words_that_were_written_apart_or_nearly_alike_are_enough(free: str) -> None:
    assert not is_misheard(free, "Lamp on.")


def test_half_of_nothing_is_no_duration() -> None:
    assert is_misheard("Start a timer of tea in the half minutes.")
    assert is_misheard("Start a timer of half minutes.")
    assert not is_misheard("Start a timer of two and a half minutes.")
    assert not is_misheard("Start a timer for half a minute.")


def test_something_leads_to_what_one_is_reminded_of() -> None:
    door = Sentence(TimeIntent.SET_REMINDER, {"text": "the door", "time": "20:00"})
    assert is_misheard("Remind me at eight o'clock the door.", meant=door)
    assert not is_misheard("Remind me at eight o'clock about the door.", meant=door)
    lock = Sentence(TimeIntent.SET_REMINDER, {"text": "lock the door", "time": "20:00"})
    assert not is_misheard("Remind me at eight to lock the door.", meant=lock)


def test_a_no_that_was_torn_apart_is_one() -> None:
    assert is_misheard("You should in turn on the lamp.")
    assert is_misheard("We did and put on the lamp.")
    assert not is_misheard("You should turn on the lamp.")


def test_a_lamp_is_hardly_lit_by_mistake() -> None:
    four = Sentence(Intent.SET_LEVEL, {"device": "lamp", "percent": 4})
    assert is_misheard("Lamp up to four.", meant=four)
    assert not is_misheard("Lamp to four per cent.", meant=four)
    assert not is_misheard("Lamp to 40.", meant=Sentence(Intent.SET_LEVEL, {"device": "lamp", "percent": 40}))


@pytest.mark.parametrize(("text", "unheard_of"), [("take the bins out", False), ("take the games out", True)])
def test_what_nobody_is_reminded_of_was_something_else(text: str, unheard_of: bool) -> None:
    reminder = Sentence(TimeIntent.SET_REMINDER, {"text": text, "time": "20:00"})
    assert is_misheard(f"Remind me at eight to {text}.", meant=reminder) is unheard_of
