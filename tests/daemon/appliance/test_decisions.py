"""What the journal tells of a conversation's decisions: scripts of events, driven through a real conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.appliance.decisions import Decisions
from daemon.conversation.causes import Cause
from daemon.conversation.clocks import Timer
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    BudgetReached,
    ButtonPressed,
    ButtonReleased,
    Interrupted,
    MessageTold,
    MessageWaiting,
    MicrophoneLost,
    MuteSwitched,
    PlayoutDrained,
    PlayoutStarved,
    ReplyComplete,
    ReplyStarted,
    RingDue,
    RingWithdrawn,
    SessionEnding,
    SessionLost,
    SessionOpened,
    SpeakerLost,
    TimerExpired,
    ToolFinished,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall

if TYPE_CHECKING:
    from daemon.conversation.events import Event

WAKE = WakeWordDetected("alexa", 0)
LISTENING = (WAKE, SessionOpened())
HEARING = (*LISTENING, UtteranceStarted(0))
THINKING = (*HEARING, UtteranceEnded(9_000))
SPEAKING = (*THINKING, ReplyStarted(1))
SPOKEN = (*SPEAKING, ReplyComplete(1))
FOLLOW_UP = (*SPOKEN, PlayoutDrained(1, 100, 20_000))
CALL = ToolCall("c1", "set_device", {"name": "SAID"})


def told(caplog: pytest.LogCaptureFixture, before: tuple[Event, ...], *events: Event, **rules: Any) -> list[str]:
    """What the journal says of `events`, after those `before`."""
    caplog.set_level("DEBUG")
    conversation, decisions = Conversation(Rules(**rules)), Decisions()
    for event in (*before, *events):
        if event is events[0]:
            caplog.clear()
        decisions.happened(event, conversation.handle(event), conversation.situation)
    return caplog.messages


@pytest.mark.parametrize(
    ("before", "event", "line"),
    [
        (HEARING, RingDue("eggs"), "what is due does not ring yet: hearing"),
        (
            (*SPEAKING, RingDue("eggs")),
            TimerExpired(Timer.RING_WAIT),
            "the exchange is cut short: what is due had waited 30.0 s",
        ),
        ((*SPOKEN, RingDue("eggs")), PlayoutDrained(1, 100, 20_000), "no follow-up: something is due to ring"),
        ((RingDue("eggs"),), TimerExpired(Timer.RINGING), "it rang for 600.0 s, and nobody stopped it"),
        ((RingDue("eggs"),), ButtonPressed(0), "what rang is stopped, by ButtonPressed"),
        ((RingDue("eggs"),), WAKE, "what rang is stopped, by WakeWordDetected"),
        ((RingDue("eggs"),), RingWithdrawn("eggs"), "what rang is stopped, by RingWithdrawn"),
        (HEARING, MessageWaiting(), "a message waits: hearing"),
        ((RingDue("eggs"),), MessageWaiting(), "a message waits: something else is heard"),
        ((SpeakerLost(),), MessageWaiting(), "a message waits: the speaker is away"),
        ((MessageWaiting(),), TimerExpired(Timer.TELLING), "a message is cut short: it had 120.0 s"),
        ((MessageWaiting(),), RingDue("eggs"), "a message is cut short, by RingDue"),
        (HEARING, WAKE, "the wake word alexa is not heeded while hearing"),
        ((MuteSwitched(True),), WAKE, "the wake word alexa is not heeded while muted"),
        ((MuteSwitched(True),), ButtonPressed(0), "the button is not heeded: muted"),
        ((MicrophoneLost(),), ButtonPressed(0), "the button is not heeded: the microphone is away"),
        (HEARING, UtteranceEnded(9_000), "turn 1 ends: by silence"),
        (HEARING, TimerExpired(Timer.HEARING), "turn 1 ends: by its deadline, 30.0 s"),
        ((ButtonPressed(0),), ButtonReleased(9_000, 800.0), "turn 1 ends: the button was let go after 800 ms"),
        (
            (ButtonPressed(0),),
            ButtonReleased(900, 80.0),
            "listening goes on: the button was pressed for 80 ms alone",
        ),
        (
            (*LISTENING, ButtonPressed(0)),
            ButtonReleased(900, 80.0),
            "the request is given up: the button was pressed for 80 ms",
        ),
        ((*HEARING, ButtonPressed(0)), UtteranceEnded(9_000), "turn 1 goes on in silence: the button is down"),
        (LISTENING, MicrophoneLost(), "the request is given up: the microphone is away"),
        (LISTENING, TimerExpired(Timer.LISTENING), "nothing was said within 6.0 s"),
        ((*SPEAKING, WAKE), TimerExpired(Timer.HEARING), "nothing was said within 6.0 s"),
        (SPEAKING, TimerExpired(Timer.SPEAKING), "no more of the reply is waited for: it had 180.0 s"),
        ((*LISTENING, TimerExpired(Timer.LISTENING)), TimerExpired(Timer.LINGER), None),
        (THINKING, ReplyStarted(7), "the reply to turn 7 is not played: nobody waits for it"),
        (SPEAKING, Interrupted(1), "the reply to turn 1 is cut short by the service"),
        (THINKING, ReplyComplete(1), "the model chose to say nothing"),
        ((*LISTENING, SessionLost(Cause.QUOTA)), ToolRequested(CALL), "a call is dropped: its session is over"),
        (SPOKEN, PlayoutDrained(1, 9, 9), "a follow-up may be said without the wake word"),
        ((*SPOKEN, MicrophoneLost()), PlayoutDrained(1, 9, 9), "no follow-up: the microphone is away"),
        ((*SPOKEN, SpeakerLost()), PlayoutDrained(1, 9, 9), "no follow-up: the speaker is away"),
        (LISTENING, SessionLost(Cause.LOST), "opened again after lost: the 1. time for this request"),
        (
            (*LISTENING, TimerExpired(Timer.LISTENING)),
            SessionLost(Cause.LOST),
            "not opened again after lost: nobody waits for it",
        ),
        (LISTENING, SessionEnding(9.0), "opened again before the request: the session ends in 9 s"),
        (THINKING, SessionEnding(9.0), "the session ends in 9 s: after this exchange there will be another"),
        (
            (*LISTENING, TimerExpired(Timer.LISTENING)),
            SessionEnding(9.0),
            "the session is closed: it ends in 9 s, and nobody asks",
        ),
        (THINKING, BudgetReached(), "the budget is spent: this exchange is the last of its session"),
    ],
)
def test_a_decision_is_one_line(
    before: tuple[Event, ...], event: Event, line: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    expected = line or "the session is closed: nothing was asked for 60.0 s"
    assert told(caplog, before, event) == [expected]


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        (THINKING, SessionLost(Cause.QUOTA), "not opened again after quota: it does not pass by itself"),
        (SPEAKING, SessionLost(Cause.LOST), "not opened again after lost: the reply had begun"),
        (
            (*THINKING, ToolRequested(CALL), ToolFinished("c1")),
            SessionLost(Cause.LOST),
            "not opened again after lost: a tool had been called",
        ),
        (
            (*THINKING, SessionLost(Cause.LOST), SessionLost(Cause.LOST)),
            SessionLost(Cause.LOST),
            "not opened again after lost: it was, 2 times",
        ),
        (THINKING, TimerExpired(Timer.THINKING), "no reply came within 15.0 s"),
        ((*SPEAKING, PlayoutStarved(1)), TimerExpired(Timer.SPEAKING), None),
    ],
)
def test_a_failure_is_told_with_what_the_household_hears_of_it(
    before: tuple[Event, ...], event: Event, why: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    cause = event.cause.value if isinstance(event, SessionLost) else "no_reply"
    reason = why or "no more of the reply is waited for: it had 8.0 s"
    assert told(caplog, before, event, reopenings=2) == [reason, f"the household is told: {cause}"]


def test_without_follow_ups_there_is_none(caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, SPOKEN, PlayoutDrained(1, 9, 9), follow_up_s=0) == ["no follow-up: the settings want none"]


def test_a_spent_budget_is_told_once_and_ends_with_the_reply(caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, (*SPOKEN, BudgetReached()), BudgetReached(), PlayoutDrained(1, 9, 9)) == [
        "no follow-up: the budget is spent",
        "the household is told: budget",
    ]


def test_where_the_service_finds_the_end_of_speech_it_is_told_who_did(caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, HEARING, UtteranceEnded(9_000), automatic=True) == [
        "turn 1 has fallen silent: the service decides whether it ends"
    ]
    assert told(caplog, HEARING, ReplyStarted(1), automatic=True) == ["turn 1 ends: the service has heard enough"]
    assert told(caplog, HEARING, ToolRequested(CALL), automatic=True) == ["turn 1 ends: the service has heard enough"]
    silent = (*HEARING, UtteranceEnded(9_000))
    assert told(caplog, silent, TimerExpired(Timer.HEARING), automatic=True) == ["turn 1 ends: by its deadline, 4.0 s"]


def test_a_model_that_has_said_all_is_not_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    before = (*THINKING, ToolRequested(CALL), ReplyComplete(1))
    lines = told(caplog, before, TimerExpired(Timer.THINKING), tools_wait=False)
    assert lines == ["the model had nothing to add within 15.0 s"]


def test_an_exchange_without_a_decision_is_told_by_its_turns_alone(caplog: pytest.LogCaptureFixture) -> None:
    lines = told(caplog, (), *FOLLOW_UP, TimerExpired(Timer.LISTENING))
    assert lines == [
        "turn 1 ends: by silence",
        "a follow-up may be said without the wake word",
        "nothing was said within 6.0 s",
    ]


def test_what_the_service_interrupts_when_nothing_is_said_is_no_decision(caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, THINKING, Interrupted(1)) == []


@pytest.mark.parametrize("timer", [Timer.LISTENING, Timer.HEARING, Timer.SPEAKING])
def test_a_timer_that_is_late_is_no_decision(timer: Timer, caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, THINKING, TimerExpired(timer)) == []


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((*SPEAKING, RingDue("eggs")), RingDue("kettle")),
        ((), RingDue("eggs")),
        ((), MessageWaiting()),
        ((MessageWaiting(),), MessageTold()),
    ],
)
def test_what_is_heard_when_it_is_due_is_no_decision(
    before: tuple[Event, ...], event: Event, caplog: pytest.LogCaptureFixture
) -> None:
    assert told(caplog, before, event) == []


def test_nothing_is_told_below_debug_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    conversation, decisions = Conversation(), Decisions()
    for event in (*THINKING, TimerExpired(Timer.THINKING)):
        decisions.happened(event, conversation.handle(event), conversation.situation)
    assert caplog.messages == []
