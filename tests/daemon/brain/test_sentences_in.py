"""From a sentence to what is asked for: several at once, "it", and what is not done."""

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.lexicon import lexicon
from daemon.brain.sentences_in import Doubt, Understood, understood
from tests.benchmarks.understanding.house import functions_of

ABLE = abilities(functions_of("en"))


def meant(text: str, *earlier: str) -> Understood:
    return understood(text, ABLE, lexicon("en"), earlier)


def intents(text: str, *earlier: str) -> list[str]:
    return [sentence.intent for sentence in meant(text, *earlier).sentences]


def test_several_requests_in_one_sentence() -> None:
    found = meant(
        "switch the lamp off and put the kitchen light to ten percent, then start a timer for an hour"
    ).sentences
    assert [one.intent for one in found] == ["switch", "set level", "set timer"]


def test_a_device_after_and_takes_over_the_verb() -> None:
    assert [one.slots for one in meant("turn on the lamp and the fan").sentences] == [
        {"device": "lamp", "state": "on"},
        {"device": "fan", "state": "on"},
    ]
    assert len(meant("turn the lamp and the fan off").sentences) == 2


def test_how_it_shall_be_is_of_what_was_named_right_before() -> None:
    assert intents("make the lamp red and ten percent") == ["set colour", "set level"]
    assert intents("turn the fan on, then off") == []


def test_it_is_what_was_named_last() -> None:
    assert meant("make it green", "fan", "lamp").sentences[0].slots["coloured"] == "lamp"
    assert intents("turn on the lamp and make it green") == ["switch", "set colour"]
    assert meant("make it green").sentences == ()


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("don't turn on the lamp", Doubt.NEGATED),
        ("if it rains turn on the fan", Doubt.CONDITION),
        ("I turned the lamp off", Doubt.PAST),
        ("turn on the lamp, no wait, the fan", Doubt.CORRECTED),
        ("should I turn on the heater", Doubt.PAST),
        ("turn the light on", Doubt.WHICH),
        ("turn on the lamp and the fan in ten minutes", None),
        ("turn on the lamp and switch the fan off in ten minutes", Doubt.SEVERAL),
        ("turn on the dishwasher", None),
    ],
)
def test_what_is_not_done_is_told_apart(text: str, doubt: Doubt | None) -> None:
    found = meant(text)
    assert found.sentences == ()
    assert found.doubt is doubt


def test_what_is_said_first_may_be_why() -> None:
    assert intents("it's cold, turn the heater on") == ["switch"]
    assert intents("feed the cat, turn the heater on") == []


def test_half_understood_is_not_understood() -> None:
    assert meant("turn on the lamp and feed the cat").sentences == ()


def test_a_very_long_sentence_is_not_read() -> None:
    assert meant("turn on the lamp " * 40) == Understood()


def test_what_somebody_might_do_is_no_order_and_what_shall_stop_is_none() -> None:
    for text in ("I would turn on the fan", "we might switch the lamp off", "stop turning on the lamp"):
        assert meant(text).sentences == ()
        assert meant(text).doubt is not None
    assert intents("would you turn on the fan") == ["switch"]
    assert intents("could you switch the lamp off") == ["switch"]


def test_what_comes_last_may_be_why() -> None:
    assert intents("fan on, heater off, it's boiling") == ["switch", "switch"]
    assert intents("fan on, I'm joking") == []
    assert intents("turn off the lamp but put the reading lamp on") == ["switch", "switch"]


def test_a_reminder_is_of_what_comes_after_it_or_else_before() -> None:
    assert meant("could you remind me at six p.m. to feed the cat").sentences[0].slots["text"] == "feed the cat"
    assert meant("feed the cat, remind me at six").sentences[0].slots["text"] == "feed the cat"


def test_what_is_said_twice_is_done_once_but_for_timers() -> None:
    assert intents("speak up dear, I can't hear you") == ["change volume"]
    assert intents("start a ten minute timer and a ten minute timer") == ["set timer", "set timer"]


def test_what_a_timer_is_for_may_come_last() -> None:
    assert intents("sixteen minute timer, fish fingers") == ["set timer"]
    assert intents("sixteen minute timer, just kidding") == []
    assert intents("turn on the lamp, fish fingers") == []


def test_another_timer_is_no_longer_one() -> None:
    assert intents("another one minute timer") == ["set timer"]
    assert intents("another one minute for the pasta timer") == ["extend timer"]


def test_we_are_is_no_past() -> None:
    assert intents("we're cold, turn on the heater") == ["switch"]
    assert meant("we were cold, turn on the heater").doubt is Doubt.PAST
