"""Which brain answers, as a looker-on can tell."""

from __future__ import annotations

from daemon.conversation.answering import Answering, BrainAnswering
from daemon.conversation.commands import OpenSession
from daemon.conversation.events import SessionOpened, UtteranceStarted
from daemon.conversation.situation import Situation


def test_home_answers_from_when_it_is_asked_and_the_service_from_when_it_is_there_again() -> None:
    answering, seen = Answering(), []
    for event, commands in (
        (UtteranceStarted(1), [OpenSession()]),
        (UtteranceStarted(1), [OpenSession(local=True)]),
        (SessionOpened(), []),
        (UtteranceStarted(1), [OpenSession()]),
        (SessionOpened(), []),
    ):
        answering.happened(event, commands, Situation())
        seen.append(answering.brain)
    home, service = BrainAnswering.HOME, BrainAnswering.SERVICE
    assert seen == [service, home, home, home, service]
