"""What those see who only look on."""

from dataclasses import FrozenInstanceError

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.commands import Pattern
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    BudgetReached,
    Event,
    MicrophoneLost,
    MicrophoneRestored,
    ReplyStarted,
    SessionLost,
    SessionOpened,
    SpeakerLost,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.exchange import State
from daemon.conversation.rules import Rules
from daemon.conversation.situation import Hindrance, Situation
from daemon.conversation.tool_call import ToolCall

SPEAKING = (WakeWordDetected("x", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9), ReplyStarted(1))


def test_it_is_how_things_stood_and_stays_so() -> None:
    conversation = Conversation()
    before = conversation.situation
    for event in SPEAKING:
        conversation.handle(event)
    assert before == Situation(State.IDLE, 0, None, Pattern.IDLE)
    assert conversation.situation == Situation(State.SPEAKING, 1, 1, Pattern.SPEAKING)


def after(*events: Event, **rules: float) -> Situation:
    conversation = Conversation(Rules(**rules))  # type: ignore[arg-type]
    for event in events:
        conversation.handle(event)
    return conversation.situation


def test_it_says_what_would_keep_a_follow_up_from_being_heard() -> None:
    assert after(*SPEAKING, MicrophoneLost(), MicrophoneRestored()).hindrance is None
    assert after(*SPEAKING, MicrophoneLost()).hindrance is Hindrance.MICROPHONE
    assert after(*SPEAKING, SpeakerLost()).hindrance is Hindrance.SPEAKER
    assert after(*SPEAKING, BudgetReached()).hindrance is Hindrance.BUDGET
    assert after(*SPEAKING, follow_up_s=0).hindrance is Hindrance.SETTINGS


def test_it_says_what_keeps_a_lost_session_from_being_opened_again() -> None:
    lost = SessionLost(Cause.LOST)
    assert after(*SPEAKING[:3], lost, lost).reopened == 2
    assert not after(*SPEAKING[:4]).called
    assert after(*SPEAKING[:4], ToolRequested(ToolCall("c1", "pulse"))).called


def test_nobody_who_looks_on_can_change_it() -> None:
    with pytest.raises(FrozenInstanceError):
        Conversation().situation.turn = 3  # type: ignore[misc]
