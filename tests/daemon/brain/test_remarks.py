"""What is said to words that are no command: short, true, and fitting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.brain import replies
from daemon.brain.abilities import Abilities
from daemon.brain.brain import Remark
from daemon.brain.remarks import remark
from tests.daemon.offline.offline_house import ABLE

NOTHING = Abilities()
BELL = Abilities(pulsable=("door bell",))


FITTING = [
    ("Hello, how are you?", "Hello. I am fine, thank you."),
    ("how are you doing today", replies.FINE),
    ("what's up", replies.FINE),
    ("Hello Gemini!", replies.GREETING),
    ("Hello? Gemini, are you there?", "Hello. I am here."),
    ("can you hear me", replies.PRESENT),
    ("good night", replies.FAREWELL),
    ("bye bye", replies.FAREWELL),
    ("thanks a lot", replies.WELCOME),
    ("what is your name", replies.NAME),
    ("What is the capital of Germany?", replies.NEEDS_INTERNET),
    ("hello what is the capital of Germany", replies.NEEDS_INTERNET),
    ("who won the match yesterday", replies.NEEDS_INTERNET),
    ("tell me a joke about penguins", replies.NEEDS_INTERNET),
    ("play some music", replies.NEEDS_INTERNET),
    ("will it rain tomorrow", replies.NEEDS_INTERNET),
    ("please translate good morning into French", replies.NEEDS_INTERNET),
    ("set a timer for ten minutes", replies.MISSING),
    ("wake me up at seven", replies.MISSING),
    ("turn up the volume", replies.MISSING),
    ("shut up", replies.OKAY),
    ("Stop!", replies.OKAY),
    ("oh, be quiet please", replies.OKAY),
    ("never mind", replies.OKAY),
    ("no thanks", replies.OKAY),
    ("no, don't", replies.OKAY),
    ("ok", replies.OKAY),
    ("I love you", replies.NOT_UNDERSTOOD),
    ("I am cold", replies.NOT_UNDERSTOOD),
    ("42", replies.NOT_UNDERSTOOD),
    ("...", replies.NOT_UNDERSTOOD),
    ("no, the fan", replies.NOT_UNDERSTOOD),
    ("turn on it", replies.WHICH_DEVICE),
    ("turn that off", replies.WHICH_DEVICE),
    ("turn on the radio and the stove", replies.ONE_AT_A_TIME),
    ("turn on", replies.SAY_AGAIN),
]


@pytest.mark.parametrize("able", [ABLE, NOTHING], ids=["devices", "no devices"])
def test_there_is_a_sentence_that_fits(able: Abilities) -> None:
    assert [(text, remark(text, able, ())) for text, _ in FITTING] == FITTING


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("turn on the television", "I know no television."),
        ("please switch off my old radio please", "I know no old radio."),
        ("Turned the heating off", "I know no heating."),
        ("is the television on", "I know no television."),
        ("toggle the stove", "I know no stove."),
        ("dim the chandelier to 40%", "I know no chandelier."),
        ("turn on Anna's radio, thanks", "I don't know anna's radio."),
        ("turn on the lamp, no, the fan", replies.SAY_AGAIN),
        ("turn on the lamp on the table", replies.WHICH_DEVICE),
        ("turn on the lamp lamp lamp", replies.WHICH_DEVICE),
        ("turn on the big old red wooden thing", replies.WHICH_DEVICE),
        ("turn on the lamp and the television", replies.ONE_AT_A_TIME),
        ("turn on the lamp in ten minutes", replies.NOT_LATER),
        ("if it is dark turn on the lamp", replies.NO_CONDITIONS),
        ("don't turn on the lamp", replies.LEFT_ALONE),
        ("I turned on the lamp", replies.LEFT_ALONE),
        ("turn on the lamp and turn off the fan", replies.ONE_AT_A_TIME),
        ("did you turn on the lamp", replies.NO_ANSWER),
        ("set the lamp to 400%", replies.HOW_BRIGHT),
        ("dim the lamp", replies.HOW_BRIGHT),
        ("the lamp", "What shall I do with the lamp?"),
        ("open the garage door", "I can't do that with the garage door."),
        ("where is the lamp", replies.NOT_UNDERSTOOD),
        ("turn off all lights", replies.WHICH_DEVICE),
    ],
)
def test_devices_are_named_only_if_they_were(text: str, reply: str) -> None:
    assert remark(text, ABLE, ()) == reply


def test_without_devices_or_with_others() -> None:
    assert remark("turn on the lamp", NOTHING, ()) == "I know no lamp, nor any other device."
    assert remark("turn everything off", NOTHING, ()) == replies.NO_DEVICES
    assert remark("Which devices can you control?", NOTHING, ()) == replies.NO_DEVICES
    assert remark("list my devices", NOTHING, ()) == replies.NO_DEVICES
    assert remark("turn on the door bell", BELL, ()) == "I can't do that with the door bell."


def test_what_it_can_do_is_told_only_to_those_who_ask() -> None:
    for text in ("help", "help me, please", "what can you do for me", "what can I say"):
        assert remark(text, ABLE, ()).startswith("I work offline now: I can switch the lamp")


def test_never_the_same_twice_in_a_row() -> None:
    history: list[Remark] = []
    for _ in range(4):
        history += [Remark("user", "blah"), Remark("model", remark("blah", ABLE, history))]
    first, second = replies.NOT_UNDERSTOOD, replies.NOT_UNDERSTOOD_EITHER
    assert [told.text for told in history if told.role == "model"] == [first, second, first, second]


def test_all_of_them_are_short() -> None:
    """Five seconds, at three words a second."""
    sentences = [value for name, value in vars(replies).items() if name.isupper() and isinstance(value, str)]
    assert len(sentences) > 20
    assert max(len(sentence.split()) for sentence in sentences) <= 15


@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from(["turn", "on", "off", "the lamp", "fan", "no", "and", "if", "is", "4%", "it"])).map(
        " ".join
    )
)
def test_there_is_always_something_to_say(text: str) -> None:
    for able in (ABLE, NOTHING):
        said = remark(text, able, ())
        assert said[0].isupper() or said[0].isdigit()
        assert said.endswith((".", "?"))
