"""What those see who only look on."""

from dataclasses import FrozenInstanceError

import pytest

from daemon.conversation.commands import Pattern
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import ReplyStarted, SessionOpened, UtteranceEnded, UtteranceStarted, WakeWordDetected
from daemon.conversation.exchange import State
from daemon.conversation.situation import Situation


def test_it_is_how_things_stood_and_stays_so() -> None:
    conversation = Conversation()
    before = conversation.situation
    for event in (WakeWordDetected("x", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9), ReplyStarted(1)):
        conversation.handle(event)
    assert before == Situation(State.IDLE, 0, None, Pattern.IDLE)
    assert conversation.situation == Situation(State.SPEAKING, 1, 1, Pattern.SPEAKING)


def test_nobody_who_looks_on_can_change_it() -> None:
    with pytest.raises(FrozenInstanceError):
        Conversation().situation.turn = 3  # type: ignore[misc]
