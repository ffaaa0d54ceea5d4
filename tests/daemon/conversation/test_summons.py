"""The device speaks up by itself, or is told to stop: by scripts. That it holds everywhere is `test_conversation`'s."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import (
    Announce,
    CancelTools,
    CloseSession,
    Earcon,
    EndActivity,
    FlushPlayout,
    OpenSession,
    Pattern,
    PlayEarcon,
    ShowIndicator,
    StartActivity,
    StartRinging,
    StartTimer,
    StopRinging,
    StopTimer,
    TellMessage,
)
from daemon.conversation.events import (
    BudgetNear,
    ButtonPressed,
    ButtonReleased,
    CameraSwitched,
    GoodbyeAsked,
    ListenAsked,
    MessageTold,
    MessageWaiting,
    MicrophoneLost,
    MuteSwitched,
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    RingDue,
    RingWithdrawn,
    SpeakerLost,
    SpeakerRestored,
    StopHeard,
    TimerExpired,
    ToolFinished,
    ToolRequested,
    UtteranceStarted,
)
from daemon.conversation.exchange import State
from tests.daemon.conversation.test_conversation import (
    AUTOMATIC,
    CALL,
    RULES,
    WAKE,
    Script,
    following_up,
    hearing,
    lingering,
    listening,
    speaking,
    thinking,
)

if TYPE_CHECKING:
    from collections.abc import Callable

EGGS = RingDue("eggs")
KETTLE = RingDue("kettle")
BOTH = StopRinging(("eggs", "kettle"), answered=True)
PRESS = ButtonPressed(9_000)
MUTE = MuteSwitched(True)


def at_rest() -> Script:
    return Script()


def muted() -> Script:
    return Script().quietly(MUTE)


def ringing() -> Script:
    return Script().quietly(EGGS, KETTLE)


def telling() -> Script:
    return Script().quietly(MessageWaiting())


# When it rings


@pytest.mark.parametrize("where", [at_rest, lingering])
def test_what_is_due_at_rest_rings_at_once_and_the_light_shows_it(where: Callable[[], Script]) -> None:
    script = where() >> EGGS << StopTimer(Timer.RING_WAIT) << StartRinging() << StartTimer(Timer.RINGING, 600)
    assert script << ShowIndicator(Pattern.RINGING)
    assert script.state is State.IDLE


def test_it_rings_while_muted_and_the_microphone_and_its_light_stay_as_they_are() -> None:
    script = muted() >> EGGS << StopTimer(Timer.RING_WAIT) << StartRinging()
    assert script << StartTimer(Timer.RINGING, 600)
    assert script >> WAKE
    assert script.conversation.pattern is Pattern.MUTED


@pytest.mark.parametrize("where", [listening, following_up])
def test_a_ring_does_not_wait_for_what_may_never_be_said(where: Callable[[], Script]) -> None:
    script = where()
    commands = script.conversation.handle(EGGS)
    assert script.state is State.IDLE
    assert StartRinging() in commands
    assert PlayEarcon(Earcon.ASLEEP) not in commands, "the ring says enough"


def test_automatic_listening_streams_no_more_when_it_rings() -> None:
    commands = Script(AUTOMATIC).quietly(WAKE).conversation.handle(EGGS)
    assert commands.index(EndActivity(1, 1000)) < commands.index(StartRinging())


@pytest.mark.parametrize("where", [hearing, thinking, speaking])
def test_in_an_exchange_it_waits_for_so_long_and_then_cuts_it(where: Callable[[], Script]) -> None:
    script = where()
    state = script.state
    assert script >> EGGS << StartTimer(Timer.RING_WAIT, 30) >> KETTLE >> EGGS
    assert script.state is state
    commands = script.conversation.handle(TimerExpired(Timer.RING_WAIT))
    assert script.state is State.IDLE
    assert {FlushPlayout(), CloseSession(), StartRinging()} <= set(commands)
    assert commands.index(FlushPlayout()) < commands.index(StartRinging())


def test_after_the_reply_it_rings_instead_of_a_follow_up() -> None:
    script = speaking().quietly(EGGS, ReplyComplete(1))
    commands = script.conversation.handle(PlayoutDrained(1, 9, 9))
    assert {StopTimer(Timer.RING_WAIT), StartRinging(), ShowIndicator(Pattern.RINGING)} <= set(commands)
    assert script.state is State.IDLE


def test_what_is_withdrawn_while_it_waits_is_never_heard() -> None:
    script = speaking().quietly(EGGS)
    assert script >> RingWithdrawn("eggs") << StopTimer(Timer.RING_WAIT)
    script.quietly(ReplyComplete(1), PlayoutDrained(1, 9, 9))
    assert script.state is State.LISTENING


def test_a_late_wait_cuts_nothing() -> None:
    assert speaking().quietly(EGGS, RingWithdrawn("eggs")) >> TimerExpired(Timer.RING_WAIT)


# How it ends


@pytest.mark.parametrize("where", [ringing, lambda: ringing().quietly(MUTE)])
def test_a_press_stops_all_that_rings_and_means_nothing_else(where: Callable[[], Script]) -> None:
    script = where()
    state = script.state
    pattern = [] if state is State.MUTED else [ShowIndicator(Pattern.IDLE)]
    assert script.conversation.handle(PRESS) == [BOTH, StopTimer(Timer.RINGING), *pattern]
    assert script >> ButtonReleased(20_000, held_ms=1_000)
    assert script.state is state


def test_the_wake_word_stops_it_and_listens_so_that_it_can_be_put_off() -> None:
    script = ringing()
    commands = script.conversation.handle(WAKE)
    assert commands.index(BOTH) < commands.index(PlayEarcon(Earcon.AWAKE))
    assert OpenSession() in commands
    assert script.state is State.LISTENING


def test_nobody_stops_it_for_ever() -> None:
    script = ringing() >> TimerExpired(Timer.RINGING)
    script << StopRinging(("eggs", "kettle"), answered=False) << StopTimer(Timer.RINGING)  # type: ignore[unused-expression]
    assert script << ShowIndicator(Pattern.IDLE)


def test_the_last_that_is_withdrawn_ends_it() -> None:
    script = ringing() >> RingWithdrawn("kettle") >> RingWithdrawn("eggs") << StopTimer(Timer.RINGING)
    assert script << StopRinging((), answered=True) << ShowIndicator(Pattern.IDLE)


@pytest.mark.parametrize(
    "event", [MUTE, MicrophoneLost(), SpeakerLost(), ReplyStarted(0), BudgetNear(Notice.DAY_NEARLY_SPENT)]
)
def test_nothing_else_ends_it(event: object) -> None:
    script = ringing()
    commands = script.conversation.handle(event)  # type: ignore[arg-type]
    assert not any(isinstance(command, StopRinging | Announce) for command in commands)
    assert script.conversation.situation.ringing == {"eggs", "kettle"}


def test_what_the_model_says_unasked_is_not_played_over_a_ring() -> None:
    script = Script(replace(RULES, tools_wait=False)).quietly(WAKE)
    script = thinking_without_waiting().quietly(ToolRequested(CALL), ReplyStarted(1), ReplyComplete(1))
    script.quietly(PlayoutDrained(1, 9, 9), TimerExpired(Timer.LISTENING), EGGS)
    assert script >> ReplyStarted(1)
    assert script.quietly(PRESS, ReplyStarted(1)).state is State.SPEAKING


def thinking_without_waiting() -> Script:
    script = thinking()
    script.conversation.rules = replace(RULES, tools_wait=False)
    return script


def test_a_ring_outranks_a_failure_but_not_the_camera() -> None:
    script = ringing().quietly(MicrophoneLost())
    assert script.conversation.pattern is Pattern.RINGING
    assert script >> CameraSwitched(on=True) << ShowIndicator(Pattern.WATCHING)


# The stop word


def test_the_stop_word_stops_a_ring_or_a_message_and_nothing_else() -> None:
    assert ringing().conversation.handle(StopHeard(5))[0] == BOTH
    assert telling() >> StopHeard(5) << FlushPlayout() << StopTimer(Timer.TELLING)


@pytest.mark.parametrize("where", [thinking, speaking])
def test_the_stop_word_ends_a_reply_as_a_tap_does(where: Callable[[], Script]) -> None:
    script = where()
    commands = script.conversation.handle(StopHeard(40_000))
    assert {FlushPlayout(), CloseSession(), PlayEarcon(Earcon.STOPPED)} <= set(commands)
    assert not any(isinstance(command, StartActivity) for command in commands)
    assert script.state is State.IDLE


def test_the_stop_word_has_undone_what_the_model_waits_for() -> None:
    commands = thinking().quietly(ToolRequested(CALL)).conversation.handle(StopHeard(40_000))
    (cancel,) = [command for command in commands if isinstance(command, CancelTools)]
    assert cancel.undo


@pytest.mark.parametrize("where", [at_rest, muted, listening, hearing, following_up])
def test_the_stop_word_means_nothing_where_nothing_is_heard(where: Callable[[], Script]) -> None:
    assert where() >> StopHeard(5)


# Messages


@pytest.mark.parametrize("where", [at_rest, muted, lingering])
def test_a_message_is_told_at_rest_and_then_the_next(where: Callable[[], Script]) -> None:
    script = where() >> MessageWaiting() << TellMessage() << StartTimer(Timer.TELLING, 120)
    assert script >> MessageWaiting() >> MessageTold() << StopTimer(Timer.TELLING)
    assert script >> MessageWaiting() << TellMessage() << StartTimer(Timer.TELLING, 120)


@pytest.mark.parametrize("where", [listening, hearing, thinking, speaking, following_up, ringing])
def test_a_message_is_never_told_into_a_conversation_or_a_ring(where: Callable[[], Script]) -> None:
    assert where() >> MessageWaiting()


def test_a_message_is_not_told_to_a_room_that_cannot_hear_it() -> None:
    script = Script().quietly(SpeakerLost())
    assert script >> MessageWaiting()
    assert TellMessage() in script.quietly(SpeakerRestored()).conversation.handle(MessageWaiting())


def test_a_speaker_that_goes_away_ends_a_message() -> None:
    assert {FlushPlayout(), StopTimer(Timer.TELLING)} <= set(telling().conversation.handle(SpeakerLost()))


def test_a_press_silences_a_message_and_means_nothing_else() -> None:
    script = telling()
    assert script >> PRESS << FlushPlayout() << StopTimer(Timer.TELLING) >> ButtonReleased(20_000, held_ms=1_000)
    assert script.state is State.IDLE


def test_the_wake_word_silences_a_message_and_listens() -> None:
    script = telling()
    commands = script.conversation.handle(WAKE)
    assert commands.index(FlushPlayout()) < commands.index(PlayEarcon(Earcon.AWAKE))
    assert script.state is State.LISTENING


def test_a_ring_silences_a_message() -> None:
    commands = telling().conversation.handle(EGGS)
    assert commands.index(FlushPlayout()) < commands.index(StartRinging())


def test_a_message_without_end_is_cut() -> None:
    assert telling() >> TimerExpired(Timer.TELLING) << FlushPlayout() << StopTimer(Timer.TELLING)


def test_mute_silences_a_message_and_the_next_is_told_while_muted() -> None:
    script = telling()
    assert {FlushPlayout(), StopTimer(Timer.TELLING)} <= set(script.conversation.handle(MUTE))
    assert TellMessage() in script.conversation.handle(MessageWaiting())


# Goodbye


def test_after_a_goodbye_nothing_is_listened_for() -> None:
    script = thinking().quietly(ToolRequested(CALL))
    assert script >> GoodbyeAsked()
    script.quietly(ToolFinished("c1"), ReplyStarted(1), ReplyComplete(1))
    commands = script.conversation.handle(PlayoutDrained(1, 9, 9))
    assert {PlayEarcon(Earcon.ASLEEP), StartTimer(Timer.LINGER, 60)} <= set(commands)
    assert script.state is State.IDLE
    script.quietly(WAKE, UtteranceStarted(1))
    assert script.conversation.situation.hindrance is None, "the next request is another conversation"


def test_a_goodbye_that_the_model_has_no_words_for_is_no_failure() -> None:
    script = thinking().quietly(ToolRequested(CALL), GoodbyeAsked(), ToolFinished("c1"))
    assert script >> ReplyComplete(1) << StartTimer(Timer.THINKING, 5.0)
    commands = script.conversation.handle(TimerExpired(Timer.THINKING))
    assert PlayEarcon(Earcon.ASLEEP) in commands
    assert Announce(Cause.NO_REPLY) not in commands


@pytest.mark.parametrize("where", [at_rest, listening, hearing, following_up])
def test_a_goodbye_that_nobody_waits_for_changes_nothing(where: Callable[[], Script]) -> None:
    script = where()
    assert script >> GoodbyeAsked()
    assert not script.conversation._now.goodbye


# The house asks it to listen


def test_when_it_is_idle_it_listens_as_after_the_wake_word() -> None:
    script = at_rest()
    assert {PlayEarcon(Earcon.AWAKE), OpenSession()} <= set(script.conversation.handle(ListenAsked(7)))
    assert script.state is State.LISTENING
    assert script.conversation._now.anchor == 7


@pytest.mark.parametrize("where", [listening, hearing, thinking, following_up, ringing, telling])
def test_whatever_it_does_already_goes_before(where: Callable[[], Script]) -> None:
    script = where()
    before = script.state
    assert script >> ListenAsked(7)
    assert script.state is before


def test_muted_or_without_a_microphone_it_does_not_listen() -> None:
    for event in (MUTE, MicrophoneLost()):
        script = at_rest()
        script.conversation.handle(event)
        before = script.state
        assert script >> ListenAsked(7)
        assert script.state is before
