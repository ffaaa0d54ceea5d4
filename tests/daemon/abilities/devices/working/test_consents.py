"""Who agrees: the user, after being asked, in the same conversation, once; never the model."""

from __future__ import annotations

import pytest

from daemon.abilities.devices.working.consents import WINDOW_S, Consents, agrees
from daemon.conversation.events import ButtonPressed, ReplyStarted
from daemon.conversation.exchange import State
from daemon.conversation.messages import Transcribed
from daemon.conversation.situation import Situation
from tests.daemon.tools.outputs import Clock


class Talk:
    """A conversation in which the model asks for a door."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.consents = Consents(self.clock)
        self.turn(1)

    def turn(self, number: int, state: State = State.THINKING) -> None:
        self.consents.happened(ReplyStarted(number), (), Situation(state=state, turn=number))

    def says(self, turn: int, text: str, speaker: str = "user") -> None:
        self.consents.received(Transcribed(turn, speaker, text))  # type: ignore[arg-type]

    def given(self, device: str = "door", mode: str = "") -> bool:
        return self.consents.given(device, mode)


def test_a_yes_after_the_question_counts_once() -> None:
    talk = Talk()
    assert not talk.given()
    talk.turn(2)
    talk.says(2, "Yes, ")
    talk.says(2, "please do.")
    assert talk.given()
    assert not talk.given()


def test_a_yes_before_the_question_or_in_the_same_turn_is_none() -> None:
    talk = Talk()
    talk.says(1, "yes")
    assert not talk.given()
    talk.says(1, "yes")  # written down late
    assert not talk.given()


def test_what_the_model_says_is_no_yes() -> None:
    talk = Talk()
    assert not talk.given()
    talk.says(2, "yes", speaker="model")
    assert not talk.given()


def test_a_thousand_calls_are_no_yes() -> None:
    talk = Talk()
    assert not any(talk.given() for _ in range(1000))
    talk.turn(2)
    talk.says(2, "no, leave it")
    assert not any(talk.given() for _ in range(1000))


def test_it_is_for_what_was_asked_and_nothing_else() -> None:
    talk = Talk()
    assert not talk.given("door")
    assert not talk.given("motor", "forward")
    talk.turn(2)
    talk.says(2, "ja")
    assert not talk.given("gate")
    assert not talk.given("motor", "backward")
    assert talk.given("door")
    assert talk.given("motor", "forward")


def test_a_press_agrees_to_what_was_asked_for() -> None:
    talk = Talk()
    talk.consents.happened(ButtonPressed(0), (), Situation(state=State.SPEAKING, turn=1))
    assert not talk.given()
    talk.consents.happened(ButtonPressed(0), (), Situation(state=State.LISTENING, turn=1))
    assert talk.given()


def test_it_ends_with_the_conversation_and_after_a_while() -> None:
    talk = Talk()
    assert not talk.given()
    talk.turn(2, State.IDLE)
    talk.turn(3)
    talk.says(3, "yes")
    assert not talk.given()
    talk.turn(4)
    talk.clock.step(WINDOW_S)
    talk.says(4, "yes")
    assert not talk.given()


@pytest.mark.parametrize(
    "text",
    ["Yes.", "yes please", "Okay!", "go ahead", "Ja, gerne.", "Oui", "D’accord", "Sí, claro", "はい。", "Natürlich"],
)
def test_a_yes(text: str) -> None:
    assert agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "no", "yes, no, wait", "yesterday", "don't do it", "nicht", "what do you mean"),
        *("ja nein", "if you say yes it will open the door", "...", "oh"),
    ],
)
def test_no_yes(text: str) -> None:
    assert not agrees(text)


def test_where_nobody_tells_of_turns_what_is_said_does() -> None:
    consents = Consents(Clock())
    consents.received(Transcribed(1, "user", "yes, open the door"))
    assert not consents.given("door", "")
    consents.received(Transcribed(1, "user", ""))
    assert not consents.given("door", "")
    consents.received(Transcribed(2, "user", "yes"))
    assert consents.given("door", "")
