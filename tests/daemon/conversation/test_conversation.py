"""The conversation by scripts of events and commands, and by properties over everything that can happen."""

from __future__ import annotations

import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import pytest

from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import (
    Announce,
    AskHome,
    CancelTools,
    CloseSession,
    Command,
    Earcon,
    EndActivity,
    FinishPlayout,
    FlushPlayout,
    LeaveSession,
    OpenSession,
    Pattern,
    PlayEarcon,
    PlayKept,
    PrepareHome,
    RefuseTool,
    RunTool,
    SeekService,
    ShowIndicator,
    ShowPictures,
    StartActivity,
    StartTimer,
    StopRinging,
    StopTimer,
    StopWatching,
    TellMessage,
    WatchForSpeech,
)
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    BudgetNear,
    BudgetReached,
    ButtonPressed,
    ButtonReleased,
    CameraSwitched,
    Event,
    HomeHasRead,
    Interrupted,
    LineSilent,
    MessageWaiting,
    MicrophoneLost,
    MicrophoneRestored,
    MuteSwitched,
    PlayoutDrained,
    PlayoutResumed,
    PlayoutStarved,
    ReplyComplete,
    ReplyStarted,
    RingDue,
    RingWithdrawn,
    ServiceReturned,
    SessionEnding,
    SessionLost,
    SessionOpened,
    SoundReturned,
    SoundVanished,
    SpeakerLost,
    SpeakerRestored,
    StopHeard,
    TimerExpired,
    ToolCancelled,
    ToolFinished,
    ToolProgressed,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.exchange import RESTS, WATCHED, State
from daemon.conversation.patience import TIMERS
from daemon.conversation.pausing import UtterancePaused, UtteranceResumed
from daemon.conversation.rules import Offline, Rules
from daemon.conversation.standby import Reading, Told
from daemon.conversation.tool_call import ToolCall
from tests.daemon.conversation_walk import Step, walk
from tests.daemon.conversation_world import every_event
from tests.repetition import THOROUGH

RULES = Rules(follow_up_s=6, linger_s=60, tail_samples=100, settle_samples=10, reopenings=1)
WAKE = WakeWordDetected("hey_jarvis", 1000)
CALL = ToolCall("c1", "set_device", {"device": "lamp", "state": "on"})


class Script:
    """`>>` feeds an event; `<<` names the next command it must have caused. Anything left over fails."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.conversation = Conversation(rules)
        self.pending: list[Command] = []

    def __rshift__(self, event: Event) -> Script:
        assert not self.pending, f"not expected: {self.pending}"
        self.pending = self.conversation.handle(event)
        return self

    def __lshift__(self, command: Command) -> Script:
        assert self.pending, f"expected {command}, got nothing more"
        assert self.pending.pop(0) == command
        return self

    def __bool__(self) -> bool:
        assert not self.pending, f"not expected: {self.pending}"
        return True

    def quietly(self, *events: Event) -> Script:
        """Feed events whose commands another test looks at."""
        for event in events:
            self.conversation.handle(event)
        return self

    @property
    def state(self) -> State:
        return self.conversation.state


def listening() -> Script:
    return Script().quietly(WAKE, SessionOpened())


def hearing() -> Script:
    return listening().quietly(UtteranceStarted(1600))


def thinking() -> Script:
    return hearing().quietly(UtteranceEnded(30_000))


def speaking() -> Script:
    return thinking().quietly(ReplyStarted(1))


def following_up() -> Script:
    return speaking().quietly(ReplyComplete(1), PlayoutDrained(1, 24_000, 50_000))


def lingering() -> Script:
    return following_up().quietly(TimerExpired(Timer.LISTENING))


IN_EACH_STATE = {
    State.LISTENING: listening,
    State.HEARING: hearing,
    State.THINKING: thinking,
    State.SPEAKING: speaking,
}


# One turn


def test_a_turn_from_the_wake_word_to_the_follow_up_window_and_back_to_rest() -> None:
    assert (
        Script()
        >> WAKE
        << StopTimer(Timer.LINGER)
        << StopTimer(Timer.FAILURE)
        << PlayEarcon(Earcon.AWAKE)
        << WatchForSpeech(1000)
        << OpenSession()
        << StartTimer(Timer.LISTENING, 6.0)
        << ShowIndicator(Pattern.LISTENING)
        >> SessionOpened()
        >> UtteranceStarted(1600)
        << StopTimer(Timer.LISTENING)
        << StartActivity(1, 1000)
        << StartTimer(Timer.HEARING, 30.0)
        << ShowIndicator(Pattern.HEARING)
        >> UtteranceEnded(30_000)
        << StopTimer(Timer.HEARING)
        << StopWatching()
        << EndActivity(1, 30_000)
        << PlayEarcon(Earcon.HEARD)
        << StartTimer(Timer.THINKING, 15.0)
        << ShowIndicator(Pattern.THINKING)
        >> ReplyStarted(1)
        << StopTimer(Timer.THINKING)
        << StartTimer(Timer.SPEAKING, 180.0)
        << ShowIndicator(Pattern.SPEAKING)
        >> ReplyComplete(1)
        << FinishPlayout(1)
        >> PlayoutDrained(1, 24_000, 50_000)
        << StopTimer(Timer.SPEAKING)
        << WatchForSpeech(50_010)
        << StartTimer(Timer.LISTENING, 6)
        << ShowIndicator(Pattern.LISTENING)
        >> TimerExpired(Timer.LISTENING)
        << StopTimer(Timer.LISTENING)
        << StopWatching()
        << StartTimer(Timer.LINGER, 60)
        << ShowIndicator(Pattern.IDLE)
        >> TimerExpired(Timer.LINGER)
        << CloseSession()
    )


def test_the_window_opens_at_the_end_of_the_wake_word_however_late_the_speech_is_noticed() -> None:
    assert StartActivity(1, 1000) in listening().conversation.handle(UtteranceStarted(80_000))


def test_the_second_turn_of_a_follow_up_begins_a_little_before_its_speech_was_heard() -> None:
    commands = following_up().conversation.handle(UtteranceStarted(60_000))
    assert StartActivity(2, 60_000 - RULES.lead_in_samples) in commands


def test_what_was_heard_before_the_follow_up_window_is_never_sent() -> None:
    commands = following_up().conversation.handle(UtteranceStarted(50_500))
    assert StartActivity(2, 50_000 + RULES.settle_samples) in commands


def test_a_lingering_session_is_used_again() -> None:
    commands = lingering().conversation.handle(WAKE)
    assert OpenSession() not in commands
    assert StopTimer(Timer.LINGER) in commands


def test_without_a_follow_up_window_a_reply_ends_at_rest() -> None:
    script = Script(Rules(follow_up_s=0)).quietly(
        WAKE, SessionOpened(), UtteranceStarted(0), UtteranceEnded(9), ReplyStarted(1), ReplyComplete(1)
    )
    script.quietly(PlayoutDrained(1, 1, 1))
    assert script.state is State.IDLE


def test_the_user_may_finish_before_the_session_has_opened() -> None:
    script = Script().quietly(WAKE, UtteranceStarted(1600), UtteranceEnded(20_000))
    assert script.state is State.THINKING
    assert script.conversation.may_send
    assert (
        script
        >> SessionOpened()
        >> ReplyStarted(1)
        << StopTimer(Timer.THINKING)
        << StartTimer(Timer.SPEAKING, 180.0)
        << (ShowIndicator(Pattern.SPEAKING))
    )


def test_nothing_said_ends_with_a_sound_and_without_a_window() -> None:
    assert (
        listening()
        >> TimerExpired(Timer.LISTENING)
        << StopTimer(Timer.LISTENING)
        << StopWatching()
        << PlayEarcon(Earcon.ASLEEP)
        << StartTimer(Timer.LINGER, 60)
        << ShowIndicator(Pattern.IDLE)
    )


def test_nothing_said_while_the_session_still_opens_gives_the_session_up() -> None:
    commands = Script().quietly(WAKE).conversation.handle(TimerExpired(Timer.LISTENING))
    assert CloseSession() in commands


def test_the_longest_utterance_is_answered_not_thrown_away() -> None:
    assert EndActivity(1, 480_000) in hearing().conversation.handle(TimerExpired(Timer.HEARING, at=480_000))


def test_a_model_that_chooses_to_say_nothing_ends_the_turn_with_a_sound() -> None:
    script = thinking()
    assert PlayEarcon(Earcon.ASLEEP) in script.conversation.handle(ReplyComplete(1))
    assert script.state is State.IDLE


# The button


def test_holding_the_button_sends_from_the_press_to_the_release_and_its_tail() -> None:
    script = Script().quietly(ButtonPressed(500), SessionOpened())
    assert StartActivity(1, 500) in script.conversation.handle(UtteranceStarted(900))
    assert script >> UtteranceEnded(9_000)  # a pause, with the button still down
    assert EndActivity(1, 20_100) in script.conversation.handle(ButtonReleased(20_000, held_ms=1_200))


def test_holding_the_button_sends_even_what_endpointing_did_not_take_for_speech() -> None:
    commands = Script().quietly(ButtonPressed(500)).conversation.handle(ButtonReleased(9_000, held_ms=600))
    assert [c for c in commands if isinstance(c, StartActivity | EndActivity)] == [
        StartActivity(1, 500),
        EndActivity(1, 9_100),
    ]


def test_a_tap_starts_listening_and_endpointing_ends_the_turn() -> None:
    script = Script().quietly(ButtonPressed(500), ButtonReleased(2_000, held_ms=90), UtteranceStarted(4_000))
    assert EndActivity(1, 30_000) in script.conversation.handle(UtteranceEnded(30_000))


def test_a_tap_while_listening_is_never_mind() -> None:
    script = listening().quietly(ButtonPressed(5_000), ButtonReleased(6_000, held_ms=80))
    assert script.state is State.IDLE


def test_a_tap_while_hearing_is_that_was_all() -> None:
    script = hearing().quietly(ButtonPressed(8_000))
    assert EndActivity(1, 9_000) in script.conversation.handle(ButtonReleased(9_000, held_ms=80))


def test_a_press_in_the_follow_up_window_counts_from_the_press() -> None:
    script = following_up().quietly(ButtonPressed(70_000))
    assert StartActivity(2, 70_000) in script.conversation.handle(UtteranceStarted(71_000))


def test_a_tap_during_the_reply_stops_it_and_the_session() -> None:
    script = speaking()
    assert script.conversation.handle(ButtonPressed(40_000))[0] == FlushPlayout()
    commands = script.conversation.handle(ButtonReleased(41_000, held_ms=90))
    assert CloseSession() in commands
    assert PlayEarcon(Earcon.STOPPED) in commands
    assert script.state is State.IDLE


def test_holding_the_button_during_the_reply_is_the_next_turn() -> None:
    script = speaking()
    assert StartActivity(2, 40_000) in script.conversation.handle(ButtonPressed(40_000))
    assert EndActivity(2, 60_100) in script.conversation.handle(ButtonReleased(60_000, held_ms=1_250))


def test_a_button_that_is_stuck_ends_in_a_turn_not_in_a_deaf_device() -> None:
    script = Script().quietly(ButtonPressed(0), UtteranceStarted(10))
    assert EndActivity(1, 480_000) in script.conversation.handle(TimerExpired(Timer.HEARING, at=480_000))


def test_a_button_without_a_microphone_says_so() -> None:
    assert Script().quietly(MicrophoneLost()) >> ButtonPressed(0) << PlayEarcon(Earcon.MICROPHONE_LOST)


# Barge-in


def test_the_wake_word_over_a_reply_silences_it_first_and_tells_the_service_at_once() -> None:
    assert (
        speaking()
        >> WakeWordDetected("hey_jarvis", 40_000)
        << FlushPlayout()
        << StopTimer(Timer.SPEAKING)
        << StartActivity(2, 40_000)
        << StartTimer(Timer.HEARING, 6.0)
        << WatchForSpeech(40_000)
        << PlayEarcon(Earcon.AWAKE)
        << ShowIndicator(Pattern.HEARING)
    )


def test_after_a_barge_in_the_longest_utterance_counts_from_the_first_word() -> None:
    script = speaking().quietly(WakeWordDetected("hey_jarvis", 40_000))
    assert script >> UtteranceStarted(41_000) << StartTimer(Timer.HEARING, 30.0)


def test_a_barge_in_that_nobody_follows_up_is_not_answered() -> None:
    script = speaking().quietly(WakeWordDetected("hey_jarvis", 40_000))
    commands = script.conversation.handle(TimerExpired(Timer.HEARING))
    assert CloseSession() in commands
    assert not any(isinstance(c, EndActivity) for c in commands)


def test_late_packets_of_an_interrupted_reply_are_not_for_the_speaker() -> None:
    script = speaking()
    assert script.conversation.reply_turn == 1
    script.quietly(WakeWordDetected("hey_jarvis", 40_000))
    assert script.conversation.reply_turn is None
    script.quietly(UtteranceStarted(41_000), UtteranceEnded(60_000))
    assert script.conversation.reply_turn == 2
    assert script >> ReplyStarted(1) >> ReplyComplete(1) >> Interrupted(1) >> PlayoutDrained(1, 9, 9)


@pytest.mark.parametrize("state", [State.LISTENING, State.HEARING, State.THINKING])
def test_a_phantom_interruption_changes_nothing(state: State) -> None:
    script = IN_EACH_STATE[state]()
    assert script >> Interrupted(script.conversation.turn)


def test_a_reply_that_the_service_itself_cuts_short_plays_out() -> None:
    assert speaking() >> Interrupted(1) << FinishPlayout(1)


# Mute


@pytest.mark.parametrize("state", IN_EACH_STATE)
def test_mute_ends_everything_in_any_state(state: State) -> None:
    script = IN_EACH_STATE[state]()
    commands = script.conversation.handle(MuteSwitched(True))
    assert {FlushPlayout(), CloseSession(), PlayEarcon(Earcon.MUTED), ShowIndicator(Pattern.MUTED)} <= set(commands)
    assert script.state is State.MUTED
    assert not script.conversation.may_send


def test_nothing_wakes_a_muted_device() -> None:
    script = Script().quietly(MuteSwitched(True))
    assert script >> WAKE >> UtteranceStarted(1) >> ButtonPressed(3) << PlayEarcon(Earcon.MUTED) >> ButtonReleased(4, 9)
    assert script >> MuteSwitched(False) << PlayEarcon(Earcon.UNMUTED) << ShowIndicator(Pattern.IDLE)


# Sessions that fail


@pytest.mark.parametrize("state", [State.LISTENING, State.HEARING, State.THINKING])
def test_a_lost_session_is_opened_once_more_before_there_is_a_reply(state: State) -> None:
    script = IN_EACH_STATE[state]()
    assert script >> SessionLost(Cause.LOST) << OpenSession() >> SessionOpened()
    assert script.state is state
    assert Announce(Cause.LOST) in script.conversation.handle(SessionLost(Cause.LOST))
    assert script.state is State.IDLE


def test_a_request_has_as_many_sessions_as_the_rules_allow() -> None:
    script = Script(replace(RULES, reopenings=3)).quietly(WAKE)
    for _ in range(3):
        assert script >> SessionLost(Cause.OVERLOADED) << OpenSession()
    assert Announce(Cause.OVERLOADED) in script.conversation.handle(SessionLost(Cause.OVERLOADED))


@pytest.mark.parametrize("state", IN_EACH_STATE)
def test_a_refused_session_is_told_and_shown_and_not_tried_again(state: State) -> None:
    script = IN_EACH_STATE[state]()
    commands = script.conversation.handle(SessionLost(Cause.KEY_REFUSED))
    assert Announce(Cause.KEY_REFUSED) in commands
    assert ShowIndicator(Pattern.FAILED) in commands
    assert OpenSession() not in commands
    assert script.state is State.IDLE
    assert script >> TimerExpired(Timer.FAILURE) << ShowIndicator(Pattern.IDLE)


def test_a_session_lost_under_a_reply_that_has_all_arrived_is_not_noticed() -> None:
    script = speaking().quietly(ReplyComplete(1))
    assert script >> SessionLost(Cause.LOST) << StopTimer(Timer.LINGER)
    assert OpenSession() in script.conversation.handle(PlayoutDrained(1, 9, 9))


def test_a_session_lost_at_rest_is_not_noticed() -> None:
    assert lingering() >> SessionLost(Cause.LOST) << StopTimer(Timer.LINGER)


def test_a_tool_is_not_run_twice_for_the_sake_of_a_lost_session() -> None:
    script = thinking().quietly(ToolRequested(CALL), ToolFinished("c1"))
    commands = script.conversation.handle(SessionLost(Cause.LOST))
    assert OpenSession() not in commands
    assert Announce(Cause.LOST) in commands


def test_no_reply_in_time_is_told() -> None:
    commands = thinking().conversation.handle(TimerExpired(Timer.THINKING))
    assert {CloseSession(), Announce(Cause.NO_REPLY)} <= set(commands)


def test_a_reply_that_dries_up_is_given_less_time_than_one_that_plays() -> None:
    script = speaking()
    assert (
        script
        >> PlayoutStarved(1)
        << StartTimer(Timer.SPEAKING, 8.0)
        >> PlayoutResumed(1)
        << StartTimer(Timer.SPEAKING, 180.0)
    )
    script.quietly(PlayoutStarved(1))
    assert Announce(Cause.NO_REPLY) in script.conversation.handle(TimerExpired(Timer.SPEAKING))


def test_a_reply_without_end_is_stopped() -> None:
    commands = speaking().conversation.handle(TimerExpired(Timer.SPEAKING))
    assert {FlushPlayout(), CloseSession(), PlayEarcon(Earcon.STOPPED)} <= set(commands)


def test_go_away_at_rest_closes_the_session() -> None:
    assert lingering() >> SessionEnding(50) << StopTimer(Timer.LINGER) << CloseSession()


def test_go_away_during_a_turn_waits_for_its_end_and_renews_the_session() -> None:
    script = speaking()
    assert script >> SessionEnding(50) >> ReplyComplete(1) << FinishPlayout(1)
    commands = script.conversation.handle(PlayoutDrained(1, 9, 9))
    assert commands.index(CloseSession()) < commands.index(OpenSession())


def test_go_away_before_anything_was_said_renews_the_session_at_once() -> None:
    assert listening() >> SessionEnding(50) << CloseSession() << OpenSession()


# An end that can be taken back


def eager(**changes: typing.Any) -> Script:
    rules = replace(RULES, eager=True, **changes)
    return Script(rules).quietly(WAKE, SessionOpened(), UtteranceStarted(1600))


def paused() -> Script:
    return eager().quietly(UtterancePaused(20_000))


def test_a_pause_that_lasts_was_the_end_and_what_was_kept_follows_at_once() -> None:
    assert (
        eager()
        >> UtterancePaused(20_000)
        << EndActivity(1, 20_000)
        >> ReplyStarted(1)
        >> ReplyComplete(1)
        >> UtteranceEnded(27_000)
        << StopTimer(Timer.HEARING)
        << StopWatching()
        << StartTimer(Timer.THINKING, 15.0)
        << PlayKept(1)
        << StopTimer(Timer.THINKING)
        << StartTimer(Timer.SPEAKING, 180.0)
        << FinishPlayout(1)
        << ShowIndicator(Pattern.SPEAKING)
    )


def test_a_pause_that_lasts_longer_than_the_service_is_silent_is_heard_as_an_end() -> None:
    commands = paused().conversation.handle(UtteranceEnded(27_000))
    assert {PlayEarcon(Earcon.HEARD), PlayKept(1)} <= set(commands)
    assert not any(isinstance(command, EndActivity) for command in commands)


def test_who_goes_on_is_heard_on_from_the_pause_and_the_reply_is_dropped() -> None:
    script = paused().quietly(ReplyStarted(1), ReplyComplete(1))
    assert script >> UtteranceResumed(24_000) << FlushPlayout() << StartActivity(2, 20_000, goes_on=True)
    assert script.conversation.kept_turn is None
    assert (
        script
        >> ReplyStarted(1)
        >> UtteranceEnded(60_000)
        << StopTimer(Timer.HEARING)
        << StopWatching()
        << EndActivity(2, 60_000)
        << PlayEarcon(Earcon.HEARD)
        << StartTimer(Timer.THINKING, 15.0)
        << ShowIndicator(Pattern.THINKING)
    )


def test_a_call_of_half_a_request_is_answered_and_not_run() -> None:
    script = paused() >> ToolRequested(CALL)
    commands = script.conversation.handle(UtteranceResumed(24_000))
    (refused,) = [command for command in commands if isinstance(command, RefuseTool)]
    assert refused.call == CALL
    assert commands.index(refused) < commands.index(StartActivity(2, 20_000, goes_on=True))
    assert not any(isinstance(command, RunTool) for command in commands)


def speaking_by_voice(**rules: bool) -> Script:
    script = Script(replace(RULES, voice_interrupts=True, **rules))  # type: ignore[arg-type]
    return script.quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))


def test_whoever_speaks_over_a_reply_interrupts_it_where_the_rules_say_so() -> None:
    script = speaking_by_voice()
    commands = script.conversation.handle(ReplyStarted(1))
    assert WatchForSpeech(None) in commands
    at = 90_000 - RULES.lead_in_samples
    commands = script.conversation.handle(UtteranceStarted(90_000))
    assert script.state is State.HEARING
    assert commands[0] == FlushPlayout()
    assert [command for command in commands if isinstance(command, StartActivity)] == [StartActivity(2, at)]
    assert WatchForSpeech(at) in commands
    assert not any(isinstance(command, PlayEarcon) for command in commands)


def test_a_voice_over_a_reply_is_nothing_otherwise() -> None:
    script = speaking()
    assert script.conversation.handle(UtteranceStarted(90_000)) == []
    script = speaking_by_voice(automatic=True)
    assert WatchForSpeech(None) not in script.conversation.handle(ReplyStarted(1))


def test_what_listens_along_stops_with_the_reply() -> None:
    script = speaking_by_voice().quietly(ReplyStarted(1))
    script.quietly(ReplyComplete(1))
    script.conversation.rules = replace(script.conversation.rules, follow_up_s=0)
    assert StopWatching() in script.conversation.handle(PlayoutDrained(1, 24_000, 50_000))


def test_a_call_of_a_whole_request_runs_when_the_pause_has_lasted_and_once() -> None:
    script = paused().quietly(ToolRequested(CALL), ToolRequested(CALL))
    commands = script.conversation.handle(UtteranceEnded(27_000))
    assert [command for command in commands if isinstance(command, RunTool)] == [RunTool(CALL)]
    assert script.state is State.THINKING


def test_a_kept_call_that_the_service_cancels_is_forgotten() -> None:
    script = paused().quietly(ToolRequested(CALL), ToolCancelled(("c1",)))
    assert not any(isinstance(c, RunTool) for c in script.conversation.handle(UtteranceEnded(27_000)))


def test_a_button_that_is_pressed_in_a_pause_takes_it_back_and_ends_the_turn_itself() -> None:
    script = paused()
    assert (
        script
        >> ButtonPressed(24_000)
        << FlushPlayout()
        << StartActivity(2, 20_000, goes_on=True)
        >> UtterancePaused(26_000)
    )
    assert EndActivity(2, 30_000) in script.conversation.handle(ButtonReleased(30_000, held_ms=90))


def test_without_a_session_or_the_setting_a_pause_is_no_end() -> None:
    assert hearing() >> UtterancePaused(20_000)
    rules = replace(RULES, eager=True)
    assert Script(rules).quietly(WAKE, UtteranceStarted(1600)) >> UtterancePaused(20_000) >> UtteranceResumed(24_000)


def test_a_session_that_is_lost_in_a_pause_is_opened_again_unless_it_had_answered() -> None:
    assert paused() >> SessionLost(Cause.LOST) << OpenSession()
    for answer in (ReplyStarted(1), ToolRequested(CALL)):
        assert Announce(Cause.LOST) in paused().quietly(answer).conversation.handle(SessionLost(Cause.LOST))


def test_a_press_in_a_pause_when_the_budget_is_spent_adds_nothing() -> None:
    script = paused().quietly(BudgetReached())
    assert PlayKept(1) in script.conversation.handle(ButtonPressed(24_000))
    assert script.state is State.THINKING
    assert script >> ButtonReleased(25_000, held_ms=90)


def test_who_goes_on_when_the_budget_is_spent_is_told_so() -> None:
    script = paused().quietly(BudgetReached())
    assert Announce(Cause.BUDGET) in script.conversation.handle(UtteranceResumed(24_000))


# The microphone


@pytest.mark.parametrize("state", [State.LISTENING, State.HEARING])
def test_a_microphone_that_goes_away_ends_the_users_turn_audibly(state: State) -> None:
    script = IN_EACH_STATE[state]()
    commands = script.conversation.handle(MicrophoneLost())
    assert {PlayEarcon(Earcon.MICROPHONE_LOST), ShowIndicator(Pattern.FAILED)} <= set(commands)
    assert script >> MicrophoneRestored() << ShowIndicator(Pattern.IDLE)


def test_a_microphone_that_goes_away_does_not_end_the_reply() -> None:
    script = speaking().quietly(MicrophoneLost())
    assert script.state is State.SPEAKING
    script.quietly(ReplyComplete(1), PlayoutDrained(1, 9, 9))
    assert script.state is State.IDLE


def test_a_microphone_that_comes_and_goes_is_told_only_to_who_speaks_to_it() -> None:
    again = MicrophoneLost(again=True)
    assert Script() >> again << ShowIndicator(Pattern.FAILED) >> MicrophoneRestored() << ShowIndicator(Pattern.IDLE)
    assert PlayEarcon(Earcon.MICROPHONE_LOST) in hearing().conversation.handle(again)


@pytest.mark.parametrize("state", IN_EACH_STATE)
def test_zeros_from_the_microphone_change_nothing(state: State) -> None:
    assert IN_EACH_STATE[state]() >> SoundVanished() >> SoundReturned()


# The speaker


def test_a_speaker_that_goes_away_at_rest_is_shown_and_told_when_it_is_back() -> None:
    script = Script() >> SpeakerLost() << FlushPlayout() << ShowIndicator(Pattern.FAILED)
    assert script >> SpeakerRestored() << Announce(Notice.SPEAKER_BACK) << ShowIndicator(Pattern.IDLE)


def test_a_speaker_that_comes_and_goes_is_not_told_each_time() -> None:
    assert Script().quietly(SpeakerLost()) >> SpeakerRestored(again=True) << ShowIndicator(Pattern.IDLE)


def test_a_speaker_that_is_back_in_time_goes_on_with_the_reply() -> None:
    script = speaking() >> SpeakerLost() << StartTimer(Timer.SPEAKING, RULES.speaker_away_s)
    script << ShowIndicator(Pattern.FAILED)  # type: ignore[unused-expression]
    script >> SpeakerRestored() << StartTimer(Timer.SPEAKING, RULES.longest_reply_s)  # type: ignore[unused-expression]
    assert script << ShowIndicator(Pattern.SPEAKING)
    assert script.quietly(ReplyComplete(1), PlayoutDrained(1, 9, 9)).state is State.LISTENING


def test_a_reply_does_not_wait_for_ever_for_a_speaker_that_is_gone() -> None:
    script = speaking().quietly(SpeakerLost())
    commands = script.conversation.handle(TimerExpired(Timer.SPEAKING))
    assert script.state is State.IDLE
    assert {FlushPlayout(), CloseSession()} <= set(commands)
    assert Announce(Cause.NO_REPLY) not in commands, "the service replied"


def test_a_reply_that_begins_while_the_speaker_is_gone_does_not_last_longer() -> None:
    script = thinking().quietly(SpeakerLost())
    assert StartTimer(Timer.SPEAKING, RULES.speaker_away_s) in script.conversation.handle(ReplyStarted(1))
    assert script.quietly(TimerExpired(Timer.SPEAKING)).state is State.IDLE


def test_a_tool_may_still_finish_while_the_speaker_is_gone() -> None:
    script = speaking().quietly(SpeakerLost())
    assert StartTimer(Timer.SPEAKING, RULES.longest_tool_s) in script.conversation.handle(ToolRequested(CALL))


def test_nobody_is_asked_for_more_who_may_not_have_heard_the_reply() -> None:
    script = speaking().quietly(ReplyComplete(1), SpeakerLost(), PlayoutDrained(1, 0, 9))
    assert script.state is State.IDLE


@pytest.mark.parametrize("state", [State.LISTENING, State.HEARING])
def test_the_light_shows_that_it_listens_whatever_the_speaker_does(state: State) -> None:
    assert IN_EACH_STATE[state]() >> SpeakerLost() >> SpeakerRestored()


def test_muted_outranks_a_lost_speaker_and_its_return_is_told() -> None:
    script = Script().quietly(MuteSwitched(True))
    assert script >> SpeakerLost() << FlushPlayout() >> SpeakerRestored() << Announce(Notice.SPEAKER_BACK)


# Tools


def test_a_tool_runs_and_the_reply_follows_its_answer() -> None:
    assert (
        thinking()
        >> ToolRequested(CALL)
        << RunTool(CALL)
        << StartTimer(Timer.THINKING, 15.0)
        >> ReplyComplete(1)  # some services end the turn of the call before the turn of the answer
        >> ToolFinished("c1")
        << StartTimer(Timer.THINKING, 15.0)
        >> ReplyComplete(1)
        >> ReplyStarted(1)
        << StopTimer(Timer.THINKING)
        << StartTimer(Timer.SPEAKING, 180.0)
        << ShowIndicator(Pattern.SPEAKING)
        >> ReplyComplete(1)
        << FinishPlayout(1)
    )


def test_a_tool_in_the_middle_of_a_reply_keeps_the_reply_open() -> None:
    script = speaking().quietly(ToolRequested(CALL))
    assert script >> ReplyComplete(1) >> ToolFinished("c1") << StartTimer(Timer.SPEAKING, 180.0)
    assert script >> ReplyStarted(1) << StartTimer(Timer.SPEAKING, 180.0) >> ReplyComplete(1) << FinishPlayout(1)


@pytest.mark.parametrize("script", [lingering, listening, hearing, following_up])
def test_a_tool_that_nobody_waits_for_is_refused_not_ignored(script: typing.Callable[[], Script]) -> None:
    (command,) = script().conversation.handle(ToolRequested(CALL))
    assert isinstance(command, RefuseTool)


def test_a_tool_may_take_longer_than_a_reply() -> None:
    script = Script(replace(RULES, reply_deadline_s=5)).quietly(WAKE, SessionOpened(), UtteranceStarted(1))
    script.quietly(UtteranceEnded(30_000))
    assert script >> ToolRequested(CALL) << RunTool(CALL) << StartTimer(Timer.THINKING, 12.0)
    assert script >> ToolProgressed("c1") << StartTimer(Timer.THINKING, 12.0)
    assert script >> ToolFinished("c1") << StartTimer(Timer.THINKING, 5) >> ToolProgressed("c1")


def test_a_reply_that_dries_up_over_a_tool_waits_for_the_tool() -> None:
    script = speaking().quietly(ToolRequested(CALL))
    assert script >> PlayoutStarved(1) << StartTimer(Timer.SPEAKING, 12.0)
    assert script >> ToolFinished("c1") << StartTimer(Timer.SPEAKING, 8.0)


def test_a_reply_that_ends_without_a_word_on_the_result_was_all_there_is() -> None:
    """ "I am turning it on", a call, its answer, and the end: no fault, and no reason to wait for more for long."""
    script = speaking().quietly(ToolRequested(CALL), ToolFinished("c1"))
    assert script >> ReplyComplete(1) << StartTimer(Timer.SPEAKING, 180.0)
    assert script >> PlayoutStarved(1) << StartTimer(Timer.SPEAKING, 5.0)
    assert script >> TimerExpired(Timer.SPEAKING) << FinishPlayout(1) << StartTimer(Timer.SPEAKING, 180.0)
    script.quietly(PlayoutDrained(1, 9, 9))
    assert script.state is State.LISTENING


def test_a_reply_that_goes_on_after_a_result_is_not_cut_short() -> None:
    script = speaking().quietly(ToolRequested(CALL), ToolFinished("c1"), ReplyComplete(1), PlayoutStarved(1))
    assert script >> ReplyStarted(1) << StartTimer(Timer.SPEAKING, 180.0) >> ReplyComplete(1) << FinishPlayout(1)


# Tools that are taken back


def test_what_the_service_cancels_is_undone_whether_it_was_answered_or_not() -> None:
    for script in (
        thinking().quietly(ToolRequested(CALL)),
        thinking().quietly(ToolRequested(CALL), ToolFinished("c1")),
        thinking().quietly(ToolRequested(CALL), ToolFinished("c1"), WakeWordDetected("hey_jarvis", 40_000)),
    ):
        assert script >> ToolCancelled(("c1",)) << CancelTools(("c1",), undo=True)
        assert not script.conversation._owed.running


def test_a_turn_whose_calls_were_all_cancelled_may_end_without_a_reply() -> None:
    script = thinking().quietly(ToolRequested(CALL), ToolCancelled(("c1",)))
    assert PlayEarcon(Earcon.ASLEEP) in script.conversation.handle(ReplyComplete(1))


def test_a_call_that_is_cancelled_when_its_reply_has_ended_is_waited_for_no_longer() -> None:
    script = speaking().quietly(ToolRequested(CALL), ToolFinished("c1"), ReplyComplete(1))
    assert script >> ToolCancelled(("c1",)) << CancelTools(("c1",), undo=True) << FinishPlayout(1)


def test_who_interrupts_a_call_wants_it_undone_and_the_service_is_told_before_the_next_turn() -> None:
    script = thinking().quietly(ToolRequested(CALL))
    commands = script.conversation.handle(WakeWordDetected("hey_jarvis", 40_000))
    (cancel,) = [command for command in commands if isinstance(command, CancelTools)]
    assert (cancel.ids, cancel.undo, bool(cancel.reason)) == (("c1",), True, True)
    assert commands.index(FlushPlayout()) < commands.index(cancel) < commands.index(StartActivity(2, 40_000))
    assert script >> ToolFinished("c1")


def test_who_interrupts_after_the_answer_may_want_anything_and_nothing_is_undone() -> None:
    script = thinking().quietly(ToolRequested(CALL), ToolFinished("c1"))
    commands = script.conversation.handle(ButtonPressed(40_000))
    assert not [command for command in commands if isinstance(command, CancelTools)]


@pytest.mark.parametrize("end", [MuteSwitched(True), SessionLost(Cause.LOST), TimerExpired(Timer.THINKING)])
def test_tools_of_a_session_that_ends_are_stopped_and_not_undone(end: Event) -> None:
    assert CancelTools(("c1",)) in thinking().quietly(ToolRequested(CALL)).conversation.handle(end)


# Tools that the model does not wait for


def not_waiting() -> Script:
    return Script(replace(RULES, tools_wait=False)).quietly(
        WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000)
    )


def test_a_reply_may_end_before_the_tool_it_speaks_of() -> None:
    script = not_waiting().quietly(ToolRequested(CALL), ReplyStarted(1))
    assert script >> ReplyComplete(1) << FinishPlayout(1)
    assert CancelTools(("c1",)) not in script.conversation.handle(PlayoutDrained(1, 9, 9))


def test_the_result_is_heard_in_the_follow_up_window_and_at_rest() -> None:
    script = not_waiting().quietly(ToolRequested(CALL), ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 9))
    script.quietly(TimerExpired(Timer.LISTENING), ToolFinished("c1"), ReplyStarted(1))
    assert script.state is State.SPEAKING
    assert script.conversation.reply_turn == 1


def test_at_rest_nothing_is_heard_that_no_tool_led_to() -> None:
    script = lingering()
    assert script >> ReplyStarted(1)
    assert script.state is State.IDLE


def test_a_call_that_nobody_waits_for_goes_on_while_the_user_asks_the_next_thing() -> None:
    script = not_waiting().quietly(ToolRequested(CALL), ReplyStarted(1))
    commands = script.conversation.handle(WakeWordDetected("hey_jarvis", 40_000))
    assert not [command for command in commands if isinstance(command, CancelTools)]
    assert script >> ToolCancelled(("c1",)) << CancelTools(("c1",), undo=True)


def test_a_silent_turn_with_a_tool_at_work_is_waited_for() -> None:
    script = not_waiting().quietly(ToolRequested(CALL))
    assert script >> ReplyComplete(1)
    assert script.state is State.THINKING


def test_a_model_that_keeps_a_result_to_itself_has_not_failed() -> None:
    """`silent` scheduling: the turn was over, the tool is done, and nothing is said."""
    script = not_waiting().quietly(ToolRequested(CALL), ReplyComplete(1))
    assert script >> ToolFinished("c1") << StartTimer(Timer.THINKING, 5.0)
    commands = script.conversation.handle(TimerExpired(Timer.THINKING))
    assert PlayEarcon(Earcon.ASLEEP) in commands
    assert CloseSession() not in commands
    script.quietly(ReplyStarted(1))
    assert script.state is State.SPEAKING, "it may think better of it"


def test_tools_of_a_session_that_is_lost_at_rest_are_cancelled() -> None:
    script = not_waiting().quietly(ToolRequested(CALL), ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 9))
    script.quietly(TimerExpired(Timer.LISTENING))
    assert script >> SessionLost(Cause.LOST) << StopTimer(Timer.LINGER) << CancelTools(("c1",))


# Automatic turn taking

AUTOMATIC = replace(RULES, automatic=True)


def streaming() -> Script:
    return Script(AUTOMATIC).quietly(WAKE, SessionOpened())


def test_automatic_audio_goes_up_from_the_wake_word_until_the_service_answers() -> None:
    assert (
        Script(AUTOMATIC)
        >> WAKE
        << StopTimer(Timer.LINGER)
        << StopTimer(Timer.FAILURE)
        << PlayEarcon(Earcon.AWAKE)
        << WatchForSpeech(1000)
        << StartActivity(1, 1000)
        << OpenSession()
        << StartTimer(Timer.LISTENING, 6.0)
        << ShowIndicator(Pattern.LISTENING)
        >> SessionOpened()
        >> UtteranceStarted(1600)
        << StopTimer(Timer.LISTENING)
        << StartTimer(Timer.HEARING, 30.0)
        << ShowIndicator(Pattern.HEARING)
        >> UtteranceEnded(30_000)
        << WatchForSpeech(30_000)
        << StartTimer(Timer.HEARING, 4.0)
        >> ReplyStarted(1)
        << StopTimer(Timer.HEARING)
        << StopWatching()
        << EndActivity(1, 1000)
        << StartTimer(Timer.SPEAKING, 180.0)
        << ShowIndicator(Pattern.SPEAKING)
    )


def test_automatic_a_service_that_hears_no_end_is_told_that_there_was_one() -> None:
    script = streaming().quietly(UtteranceStarted(1600), UtteranceEnded(30_000))
    assert EndActivity(1, 90_000) in script.conversation.handle(TimerExpired(Timer.HEARING, 90_000))
    assert script.state is State.THINKING


def test_automatic_speech_that_goes_on_is_waited_for() -> None:
    script = streaming().quietly(UtteranceStarted(1600), UtteranceEnded(30_000))
    assert script >> UtteranceStarted(40_000) << StartTimer(Timer.HEARING, 30.0)


def test_automatic_the_service_may_call_a_tool_before_this_machine_heard_an_end() -> None:
    script = streaming().quietly(UtteranceStarted(1600))
    commands = script.conversation.handle(ToolRequested(CALL))
    assert commands.index(EndActivity(1, 1000)) < commands.index(RunTool(CALL))
    assert script.state is State.THINKING


def test_automatic_the_follow_up_streams_while_the_light_shows_it() -> None:
    script = streaming().quietly(ReplyStarted(1), ReplyComplete(1))
    commands = script.conversation.handle(PlayoutDrained(1, 9, 5_000))
    assert {StartActivity(2, 5_010), ShowIndicator(Pattern.LISTENING)} <= set(commands)
    assert EndActivity(2, 5_010) in script.conversation.handle(TimerExpired(Timer.LISTENING))


def test_automatic_a_cancelled_request_ends_its_session() -> None:
    script = streaming()
    script.quietly(ButtonPressed(2_000))
    assert CloseSession() in script.conversation.handle(ButtonReleased(2_500, 100.0))


def test_what_is_no_event_has_no_rule() -> None:
    with pytest.raises(TypeError, match="no rule for 3"):
        Conversation().handle(3)  # type: ignore[arg-type]


def test_automatic_a_button_that_is_held_over_a_whole_reply_ends_no_request_after_it() -> None:
    script = Script(AUTOMATIC).quietly(ButtonPressed(1_000), SessionOpened(), UtteranceStarted(1_600), ReplyStarted(1))
    script.quietly(ReplyComplete(1), PlayoutDrained(1, 24_000, 50_000))
    assert script >> ButtonReleased(60_000, held_ms=3_700)
    assert script.state is State.LISTENING


# The brain at home


def falling_back(**changes: typing.Any) -> Script:
    return Script(replace(RULES, offline=Offline.FALLBACK, **changes))


def asking(script: Script | None = None) -> Script:
    """Until the end of speech, and the session still opens."""
    return (script or falling_back()).quietly(WAKE, UtteranceStarted(1600), UtteranceEnded(30_000))


def at_home() -> Script:
    """… and the brain at home has taken the request."""
    return asking().quietly(SessionLost(Cause.NO_NETWORK), SessionOpened())


def test_a_session_that_is_refused_while_the_user_speaks_is_one_at_home_at_once_and_sounded_at_the_end() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600))
    assert script >> SessionLost(Cause.KEY_REFUSED) << OpenSession(local=True) >> SessionOpened()
    commands = script.conversation.handle(UtteranceEnded(30_000))
    assert PlayEarcon(Earcon.HOME) in commands
    assert PlayEarcon(Earcon.HEARD) not in commands
    assert ShowIndicator(Pattern.HOME) in commands


def test_a_session_that_cannot_be_had_after_the_end_of_speech_is_one_at_home_at_once() -> None:
    assert (
        asking()
        >> SessionLost(Cause.NO_NETWORK)
        << OpenSession(local=True)
        << StopTimer(Timer.UNANSWERED)
        << StartTimer(Timer.THINKING, 15.0)
        << PlayEarcon(Earcon.HOME)
        << ShowIndicator(Pattern.HOME)
    )


def test_a_session_that_is_slow_to_open_leaves_the_request_to_the_brain_at_home_if_that_is_sure() -> None:
    assert (
        asking()
        >> HomeHasRead(1, sure=True)  # the service still has time
        >> TimerExpired(Timer.UNANSWERED)
        << LeaveSession()
        << OpenSession(local=True)
        << StopTimer(Timer.UNANSWERED)
        << StartTimer(Timer.THINKING, 15.0)
        << PlayEarcon(Earcon.HOME)
        << ShowIndicator(Pattern.HOME)
    )


def test_a_reading_that_takes_longer_than_the_service_has_time_leads_there_when_it_is_done() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600))
    commands = script.conversation.handle(UtteranceEnded(30_000))
    assert {AskHome(1), StartTimer(Timer.UNANSWERED, RULES.opens_s)} <= set(commands)
    assert script >> TimerExpired(Timer.UNANSWERED)
    assert script.conversation.handle(HomeHasRead(1, sure=True))[:2] == [LeaveSession(), OpenSession(local=True)]


def test_what_the_brain_at_home_is_not_sure_of_waits_for_the_service_and_is_its_own_when_that_fails() -> None:
    script = asking() >> HomeHasRead(1, sure=False) >> TimerExpired(Timer.UNANSWERED)
    assert OpenSession(local=True) in script.conversation.handle(SessionLost(Cause.TIMEOUT))
    assert asking() >> TimerExpired(Timer.UNANSWERED) >> HomeHasRead(1, sure=False) >> HomeHasRead(1, sure=True)


@pytest.mark.parametrize(
    "meanwhile",
    [SessionOpened(), WakeWordDetected("hey_jarvis", 90_000), MuteSwitched(True), HomeHasRead(1, sure=False)],
)
def test_a_reading_that_comes_too_late_changes_nothing(meanwhile: Event) -> None:
    script = asking().quietly(TimerExpired(Timer.UNANSWERED), meanwhile)
    assert script >> HomeHasRead(1, sure=True)


def test_a_service_that_is_open_and_silent_is_given_longer_before_the_brain_at_home_is_asked() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600))
    assert StartTimer(Timer.UNANSWERED, RULES.answers_s) in script.conversation.handle(UtteranceEnded(30_000))
    assert script >> TimerExpired(Timer.UNANSWERED) << AskHome(1)
    assert LeaveSession() in script.conversation.handle(HomeHasRead(1, sure=True))


def test_a_request_that_led_to_a_call_stays_with_the_service_whatever_becomes_of_it() -> None:
    for end in (SessionLost(Cause.NO_NETWORK), TimerExpired(Timer.THINKING)):
        script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))
        script.quietly(TimerExpired(Timer.UNANSWERED), ToolRequested(CALL), ToolCancelled(("c1",)))
        assert script >> HomeHasRead(1, sure=True)
        assert any(isinstance(command, Announce) for command in script.conversation.handle(end))
        assert script.state is State.IDLE


def test_a_loss_after_the_end_of_speech_is_opened_again_while_the_brain_at_home_reads() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))
    assert script >> SessionLost(Cause.LOST) << OpenSession() << AskHome(1)
    assert OpenSession(local=True) in script.conversation.handle(HomeHasRead(1, sure=True))


PAUSE = UtterancePaused(20_400)
"""0.6 s before the end, which is as long as a session that opens is waited for."""


def test_in_a_pause_the_brain_at_home_reads_already_what_the_service_may_not_be_there_for() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600))
    assert script >> PAUSE << AskHome(1) >> HomeHasRead(1, sure=True)
    commands = script.conversation.handle(UtteranceEnded(30_000))
    assert StartTimer(Timer.UNANSWERED, 0.0) in commands
    assert AskHome(1) not in commands
    commands = script.conversation.handle(TimerExpired(Timer.UNANSWERED))
    assert commands[:2] == [LeaveSession(), OpenSession(local=True)]


def test_the_service_has_what_is_left_of_its_time_since_the_pause() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600), UtterancePaused(20_400), HomeHasRead(1, sure=True))
    assert StartTimer(Timer.UNANSWERED, 0.5) in script.conversation.handle(UtteranceEnded(22_000))


def test_what_was_read_in_a_pause_after_which_the_user_went_on_is_forgotten() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600), PAUSE)
    assert script >> UtteranceResumed(21_000) >> HomeHasRead(1, sure=True)
    commands = script.conversation.handle(UtteranceEnded(30_000))
    assert {AskHome(1), StartTimer(Timer.UNANSWERED, RULES.opens_s)} <= set(commands)


def test_in_a_pause_nothing_is_read_that_the_service_is_there_for() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600))
    assert script >> PAUSE
    assert StartTimer(Timer.UNANSWERED, RULES.answers_s) in script.conversation.handle(UtteranceEnded(30_000))
    assert Script(RULES).quietly(WAKE, UtteranceStarted(1600)) >> PAUSE


def test_a_session_that_opens_in_the_pause_makes_what_was_read_void() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600), PAUSE, HomeHasRead(1, sure=True), SessionOpened())
    assert StartTimer(Timer.UNANSWERED, RULES.answers_s) in script.conversation.handle(UtteranceEnded(30_000))


def test_a_session_that_is_lost_in_the_pause_has_it_read_and_one_that_is_lost_before_has_it_prepared() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), PAUSE)
    assert script >> SessionLost(Cause.LOST) << OpenSession() << AskHome(1)
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600))
    assert script >> SessionLost(Cause.LOST) << OpenSession() << PrepareHome() >> PAUSE << AskHome(1)


def test_who_has_the_request_at_home_reads_it_in_the_pause_so_that_the_reply_is_sooner() -> None:
    script = falling_back().quietly(WAKE, UtteranceStarted(1600), SessionLost(Cause.KEY_REFUSED), SessionOpened())
    assert script >> PAUSE << AskHome(1)
    always = Script(replace(RULES, offline=Offline.ALWAYS)).quietly(WAKE, SessionOpened(), UtteranceStarted(1600))
    assert always >> PAUSE << AskHome(1)


def test_a_line_that_falls_silent_while_the_user_speaks_is_no_loss_but_less_is_waited_for_it() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600))
    assert script >> LineSilent() << PrepareHome() >> PAUSE << AskHome(1) >> HomeHasRead(1, sure=True)
    assert StartTimer(Timer.UNANSWERED, 0.0) in script.conversation.handle(UtteranceEnded(30_000))
    assert LeaveSession() in script.conversation.handle(TimerExpired(Timer.UNANSWERED))
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), PAUSE)
    assert script >> LineSilent() << AskHome(1)
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))
    assert script >> LineSilent() << StartTimer(Timer.UNANSWERED, RULES.opens_s) << AskHome(1)


def test_a_line_that_was_silent_for_a_moment_has_all_the_time_that_it_ever_had() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), LineSilent())
    assert script >> LineSilent(silent=False)
    assert StartTimer(Timer.UNANSWERED, RULES.answers_s) in script.conversation.handle(UtteranceEnded(30_000))


def test_no_reply_in_time_is_one_at_home() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))
    commands = script.conversation.handle(TimerExpired(Timer.THINKING))
    assert commands[:2] == [LeaveSession(), OpenSession(local=True)]


def test_when_both_are_dead_the_household_hears_what_is_the_matter_with_the_service() -> None:
    assert Announce(Cause.NO_NETWORK) in at_home().conversation.handle(SessionLost(Cause.HOME))
    assert Announce(Cause.NO_NETWORK) in at_home().conversation.handle(TimerExpired(Timer.THINKING))


def test_after_two_failures_the_next_request_goes_home_at_once_and_the_service_is_sought_until_it_is_found() -> None:
    script = at_home().quietly(ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 50_000))
    script.quietly(TimerExpired(Timer.LISTENING), WAKE, UtteranceStarted(1600))
    assert SeekService() in script.conversation.handle(SessionLost(Cause.NO_NETWORK))
    script.quietly(UtteranceEnded(3), ReplyStarted(2), ReplyComplete(2), PlayoutDrained(2, 9, 5))
    script.quietly(TimerExpired(Timer.LISTENING))
    assert OpenSession(local=True) in script.conversation.handle(WAKE)
    script.quietly(TimerExpired(Timer.LISTENING), ServiceReturned())
    assert OpenSession() in script.conversation.handle(WAKE)


def test_a_service_that_is_away_is_asked_all_the_same_when_the_brain_at_home_fails() -> None:
    script = at_home()
    script.conversation._home.losses = 2
    script.quietly(ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 50_000), TimerExpired(Timer.LISTENING))
    script.quietly(WAKE, UtteranceStarted(1600))
    assert script >> SessionLost(Cause.HOME) << OpenSession()


def test_what_the_service_refuses_is_no_reason_to_seek_it() -> None:
    script = falling_back()
    for _ in range(3):
        script.quietly(WAKE)
        assert script >> SessionLost(Cause.QUOTA) << OpenSession(local=True)
        script.quietly(TimerExpired(Timer.LISTENING))


def test_that_the_brain_at_home_has_answered_is_said_at_the_end_and_once_until_the_service_has() -> None:
    script = at_home().quietly(ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 50_000))
    commands = script.conversation.handle(TimerExpired(Timer.LISTENING))
    assert {Announce(Notice.AT_HOME), CloseSession()} <= set(commands)
    again = asking(script).quietly(SessionLost(Cause.KEY_REFUSED), ReplyStarted(2), ReplyComplete(2))
    again.quietly(PlayoutDrained(2, 9, 50_000))
    assert Announce(Notice.AT_HOME) not in script.conversation.handle(TimerExpired(Timer.LISTENING))
    script.quietly(
        WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(3), ReplyStarted(3), MuteSwitched(True)
    )
    script.quietly(MuteSwitched(False))
    assert PlayEarcon(Earcon.HOME) in asking(script).conversation.handle(SessionLost(Cause.KEY_REFUSED))


def test_a_follow_up_stays_with_the_brain_at_home_and_the_next_request_does_not() -> None:
    script = at_home().quietly(ReplyStarted(1), ReplyComplete(1), PlayoutDrained(1, 9, 50_000))
    assert not any(isinstance(command, OpenSession) for command in script.conversation.handle(UtteranceStarted(60_000)))
    script.quietly(MuteSwitched(True), MuteSwitched(False))
    assert OpenSession() in script.conversation.handle(WAKE)


def test_when_the_budget_is_spent_the_request_goes_home() -> None:
    script = falling_back().quietly(WAKE, SessionOpened(), BudgetReached())
    assert script.state is State.LISTENING
    assert script.conversation._link.local
    script = falling_back().quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(3), ReplyStarted(1))
    script.quietly(BudgetReached())
    commands = script.conversation.handle(WakeWordDetected("hey_jarvis", 90_000))
    assert commands.index(CloseSession()) < commands.index(OpenSession())


def test_where_the_brain_at_home_always_answers_the_service_is_never_asked_and_nothing_is_told_of_it() -> None:
    script = Script(replace(RULES, offline=Offline.ALWAYS))
    assert OpenSession(local=True) in script.conversation.handle(WAKE)
    script.quietly(SessionOpened(), UtteranceStarted(1600))
    assert PlayEarcon(Earcon.HEARD) in script.conversation.handle(UtteranceEnded(30_000))
    assert Announce(Cause.HOME) in script.conversation.handle(SessionLost(Cause.HOME))


def test_automatic_this_machine_hears_the_end_of_speech_where_there_is_no_service_to_do_so() -> None:
    for rules in (Offline.FALLBACK, Offline.ALWAYS):
        script = Script(replace(RULES, automatic=True, offline=rules)).quietly(WAKE, UtteranceStarted(1600))
        assert EndActivity(1, 30_000) in script.conversation.handle(UtteranceEnded(30_000))


# The budget


def test_a_warning_is_told_at_rest_and_nowhere_else() -> None:
    assert lingering() >> BudgetNear(Notice.DAY_NEARLY_SPENT) << Announce(Notice.DAY_NEARLY_SPENT)
    for script in (listening(), hearing(), thinking(), speaking(), following_up()):
        assert script >> BudgetNear(Notice.DAY_NEARLY_SPENT)


def test_when_the_budget_is_spent_the_reply_is_finished_and_then_it_is_told() -> None:
    assert (
        speaking()
        >> BudgetReached()
        >> ReplyComplete(1)
        << FinishPlayout(1)
        >> PlayoutDrained(1, 24_000, 50_000)
        << StopTimer(Timer.SPEAKING)
        << CloseSession()
        << Announce(Cause.BUDGET)
        << StartTimer(Timer.FAILURE, 6.0)
        << ShowIndicator(Pattern.FAILED)
    )


@pytest.mark.parametrize("where", [hearing, thinking])
def test_what_is_being_said_when_the_budget_is_spent_is_still_answered(where: Callable[[], Script]) -> None:
    script = where() >> BudgetReached()
    script.quietly(UtteranceEnded(30_000), ReplyStarted(1), ReplyComplete(1))
    assert Announce(Cause.BUDGET) in script.conversation.handle(PlayoutDrained(1, 9, 50_000))


def test_a_spent_budget_ends_the_follow_up_and_a_lingering_session_at_once() -> None:
    for script in (following_up(), lingering()):
        commands = script.conversation.handle(BudgetReached())
        assert {CloseSession(), Announce(Cause.BUDGET)} <= set(commands)
        assert script.state is State.IDLE


def test_a_reply_cannot_be_interrupted_by_a_request_that_nobody_would_pay_for() -> None:
    script = speaking() >> BudgetReached()
    commands = script.conversation.handle(WakeWordDetected("hey_jarvis", 90_000))
    assert {FlushPlayout(), CloseSession(), Announce(Cause.BUDGET)} <= set(commands)
    assert not any(isinstance(command, StartActivity | OpenSession) for command in commands)


# The camera


@pytest.mark.parametrize("where", [thinking, speaking, following_up, lingering])
def test_the_light_shows_that_the_camera_is_on_whatever_else_there_is_to_show(where: Callable[[], Script]) -> None:
    script = where()
    before = script.conversation.pattern
    assert script.conversation.handle(CameraSwitched(on=True)) == [ShowIndicator(Pattern.WATCHING)]
    assert script.conversation.handle(CameraSwitched(on=True)) == []
    assert script.conversation.handle(CameraSwitched(on=False)) == [ShowIndicator(before)]


@pytest.mark.parametrize(("tool", "spoken"), [("look", True), ("set_device", False)])
def test_what_the_model_sees_is_told_even_if_it_spoke_before_and_nothing_follows_a_reply(
    tool: str, spoken: bool
) -> None:
    script = Script(replace(RULES, follow_up_s=0, showing=frozenset({"look"})))
    script.quietly(WAKE, SessionOpened(), UtteranceStarted(1600), UtteranceEnded(30_000))
    script.quietly(ToolRequested(ToolCall("c1", tool)), ReplyStarted(1), ToolFinished("c1"), ReplyComplete(1))
    script.quietly(PlayoutDrained(1, 9, 50_000))
    assert script.state is State.IDLE
    script.quietly(ReplyStarted(1))
    assert (script.state is State.SPEAKING) == spoken


def test_muted_outranks_the_camera() -> None:
    script = thinking()
    script.conversation.handle(CameraSwitched(on=True))
    assert ShowIndicator(Pattern.MUTED) in script.conversation.handle(MuteSwitched(True))
    assert script.conversation.handle(CameraSwitched(on=False)) == []


# Properties, over every pair of conversation and world that can be reached


EAGER = replace(RULES, eager=True)
"""All that can happen without can happen with it, so that no walk of its own is needed."""

WAYS = {"manual": EAGER, "automatic": replace(EAGER, automatic=True), "not waiting": replace(EAGER, tools_wait=False)}
WAYS |= {
    f"{name}, with a camera": replace(WAYS[name], showing=frozenset({CALL.name})) for name in ("manual", "not waiting")
}
WAYS |= {"falling back": replace(EAGER, offline=Offline.FALLBACK, eager=THOROUGH)}
WAYS |= {"automatic, falling back": replace(WAYS["automatic"], offline=Offline.FALLBACK)} if THOROUGH else {}

if THOROUGH:
    WAYS["by voice"] = replace(EAGER, voice_interrupts=True)

IDS_DUE = {"manual": 1, "not waiting": 1}
if THOROUGH:
    IDS_DUE |= {"manual": 2, "automatic": 1, "falling back": 1, "automatic, falling back": 1}
"""How many ids are due at a time, in the walks that have any; what rings and what is seen are nothing to each other."""

BY_WORD_ALONE = frozenset() if THOROUGH else frozenset({"falling back"})
"""Ways without a button: what that can do, all others tell, and there it would be most of the walk."""

WALKED_DEAF = WAYS.keys() if THOROUGH else {"manual"}
"""Ways in which a lost microphone is walked on from: that doubles a walk, and is nothing to most of what happens."""

TIMED = set(TIMERS.values())
Property = Callable[[Step], None]
"""Raises AssertionError for a step for which it does not hold."""

OF_STEPS: list[Property] = []
"""Those that have nothing to say of a step that is idle."""
OF_EVENTS: dict[type, list[Property]] = {}
OF_COMMANDS: dict[type, list[Property]] = {}
"""Those that have something to say of no other steps than such as begin with one, or lead to one."""
OF_PAIRS: list[Property] = []
"""Those that look at nothing but how the two stand after a step: the first step to each pair is enough."""


def of_every_step(property_: Property) -> Property:
    OF_STEPS.append(property_)
    return property_


def of_steps(events: Sequence[type] = (), commands: Sequence[type] = ()) -> Callable[[Property], Property]:
    """Of each that begins with one of the events, or leads to one of the commands."""

    def register(property_: Property) -> Property:
        for table, kinds in ((OF_EVENTS, events), (OF_COMMANDS, commands)):
            for kind in kinds:
                table.setdefault(kind, []).append(property_)
        return property_

    return register


def of_every_pair(property_: Property) -> Property:
    OF_PAIRS.append(property_)
    return property_


@cache
def concerned(event: type, commands: tuple[type, ...], is_idle: bool, is_new: bool) -> list[Property]:
    """The properties that have something to say of such a step, each once."""
    of_commands = [property_ for command in commands for property_ in OF_COMMANDS.get(command, [])]
    of_pairs = OF_PAIRS if is_new else []
    of_steps = [] if is_idle else OF_STEPS
    return list(dict.fromkeys([*of_steps, *OF_EVENTS.get(event, []), *of_commands, *of_pairs]))


@dataclass
class Walk:
    """What was met on the way, and the first step for which a property did not hold, by the property's name."""

    events: set[type[Event]] = field(default_factory=set)
    states: set[State] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    rings: bool = False
    automatic: bool = False
    falls_back: bool = False
    button: bool = True

    def take(self, step: Step) -> None:
        self.events.add(type(step.event))
        self.states.add(step.after.state)
        commands = tuple(map(type, step.commands))
        for property_ in concerned(type(step.event), commands, step.is_idle, step.is_new):
            try:
                property_(step)
            except AssertionError as problem:
                self.broken.setdefault(property_.__name__, f"{problem}, after {step.path}")


@pytest.fixture(scope="module", params=WAYS)
def walked(request: pytest.FixtureRequest) -> Walk:
    """Every step is taken once, looked at by all properties, and forgotten."""
    way: str = request.param
    seen = Walk(rings=way in IDS_DUE)
    seen.button = way not in BY_WORD_ALONE
    seen.automatic, seen.falls_back = WAYS[way].automatic, WAYS[way].falls_back
    for step in walk(WAYS[way], most_ids=IDS_DUE.get(way, 0), button=seen.button, deaf=way in WALKED_DEAF):
        seen.take(step)
    return seen


def test_the_walk_meets_every_kind_of_event_and_every_state(walked: Walk) -> None:
    every = set(typing.get_args(Event))
    assert {type(event) for event in every_event(Conversation())} == every
    never = {SpeakerLost, SpeakerRestored}  # they would double it, and have tests of their own
    unmet = never | (set() if walked.rings else {RingDue, RingWithdrawn})
    unmet |= {UtteranceResumed} if walked.automatic and not walked.falls_back else set()  # no pause ends a turn there
    unmet |= set() if walked.falls_back else {HomeHasRead, ServiceReturned, LineSilent}
    unmet |= set() if walked.button else {ButtonPressed, ButtonReleased}
    assert walked.events == every - unmet
    assert walked.states == set(State)


def listens_along(step: Step) -> bool:
    """Whoever speaks over a reply asks for the next window."""
    return step.after.rules.voice_interrupts and not step.after.rules.automatic


@of_every_step
def windows_are_never_nested_never_ended_twice_and_never_open_while_muted(step: Step) -> None:
    assert not step.world.faults, step.world.faults


@of_steps(commands=[StartActivity])
def promise_1_a_window_opens_only_after_the_user_asked_for_it_and_the_light_shows_it(step: Step) -> None:
    asked = (WakeWordDetected, ButtonPressed)
    if any(isinstance(command, StartActivity) for command in step.commands):
        by_the_user = isinstance(step.event, asked)
        while_listening = step.before.state is State.LISTENING and step.world_before.light is Pattern.LISTENING
        lost = step.before._condition.microphone_lost
        streams = step.after.rules.automatic and step.world.light is Pattern.LISTENING
        goes_on = isinstance(step.event, UtteranceResumed) and step.before.state is State.HEARING
        spoke = isinstance(step.event, UtteranceStarted) and step.before.state is State.SPEAKING
        over_a_reply = listens_along(step) and spoke
        assert by_the_user or while_listening or lost or streams or goes_on or over_a_reply


@of_every_pair
def promise_1_audio_may_leave_only_in_a_window_or_while_its_rest_is_sent(step: Step) -> None:
    if step.after.may_send:
        assert not step.world.muted
        assert step.world.session
        assert (step.world.window is not None) == may_hold_a_window(step.after)


@of_every_pair
def promise_2_the_second_bar_never_holds_back_what_a_window_lets_out(step: Step) -> None:
    assert step.world.window is None or step.after.may_send


def may_hold_a_window(conversation: Conversation) -> bool:
    """Whether audio is being taken: while speech is heard, or with automatic turn taking for all the user's turn."""
    hears = conversation.state is State.HEARING and conversation.kept_turn is None
    return hears or (conversation.rules.automatic and conversation.state is State.LISTENING)


@of_every_pair
def promise_2_a_window_ends_in_activity_end_or_with_its_session_and_nothing_in_between(step: Step) -> None:
    left_open = step.world.window is not None and not may_hold_a_window(step.after)
    assert not left_open


@of_steps(events=[UtteranceEnded])
def promise_2_an_utterance_that_the_user_ended_is_always_sent(step: Step) -> None:
    ended = isinstance(step.event, UtteranceEnded) and step.before._button is None
    if ended and step.before.state is State.HEARING:
        sent = any(isinstance(command, EndActivity) for command in step.commands)
        sent |= step.world_before.paused  # with the pause already
        assert sent or step.before.rules.automatic
        assert sent or StartTimer(Timer.HEARING, RULES.service_endpoint_s) in step.commands


@of_every_step
def promise_3_no_reply_plays_once_the_user_has_the_floor(step: Step) -> None:
    if step.after.state in {State.MUTED, State.IDLE}:
        assert step.after.reply_turn is None
    if step.after.state is State.HEARING:  # streaming, it is the service that gives the floor to the model
        assert step.after.reply_turn is None or step.after.rules.automatic
        assert step.after.reply_turn != step.before.turn or step.before.state is not State.SPEAKING
    if step.before.state is State.SPEAKING and step.after.state in {State.HEARING, State.MUTED}:
        assert not step.world.playing


@of_every_pair
def promise_4_every_state_but_the_rests_has_its_timer_and_the_rests_have_none(step: Step) -> None:
    expected = set() if step.after.state in RESTS else {TIMERS[step.after.state]}
    assert step.world.timers & TIMED == expected


@of_every_pair
def promise_4_an_open_session_at_rest_has_a_timer_too(step: Step) -> None:
    if step.after.state in RESTS and step.world.session:
        assert Timer.LINGER in step.world.timers


@of_steps(events=[SessionLost])
def promise_5_a_state_left_by_a_failure_is_told(step: Step) -> None:
    failed = isinstance(step.event, SessionLost) and step.before.state not in RESTS
    if failed and step.after.state is State.IDLE:
        assert any(isinstance(command, Announce) for command in step.commands)


@of_steps(events=[PlayoutDrained, BudgetReached])
def promise_5_a_spent_budget_is_told_where_it_is_heard_or_at_the_end_of_the_reply(step: Step) -> None:
    ended = step.before._link.spent and isinstance(step.event, PlayoutDrained) and step.after.state is State.IDLE
    resting = isinstance(step.event, BudgetReached) and step.before.state in {State.IDLE, State.LISTENING}
    resting = resting and OpenSession(local=True) not in step.commands  # then it is told when that has answered
    if ended or resting:
        assert Announce(Cause.BUDGET) in step.commands


@of_steps(commands=[StartActivity, OpenSession])
def once_the_budget_is_spent_nothing_is_begun_on_that_session(step: Step) -> None:
    if step.before._link.spent and not isinstance(step.event, SessionLost):
        begun = [command for command in step.commands if isinstance(command, StartActivity | OpenSession)]
        assert not begun or (step.after.rules.falls_back and {CloseSession(), LeaveSession()} & set(step.commands))


@of_every_pair
def no_session_of_a_spent_budget_outlives_its_exchange(step: Step) -> None:
    assert step.after.state not in RESTS or not step.after._link.spent


@of_steps(events=[ToolRequested])
def promise_7_every_tool_call_of_an_open_session_is_run_or_refused(step: Step) -> None:
    if isinstance(step.event, ToolRequested):
        settled = any(isinstance(command, RunTool | RefuseTool) for command in step.commands)
        assert settled or step.world.kept


@of_steps(events=[ToolFinished], commands=[ShowPictures])
def what_a_camera_tool_took_is_shown_when_its_call_is_answered_unless_nobody_wants_it(step: Step) -> None:
    """When not, and to whom, the world itself knows."""
    wanted = isinstance(step.event, ToolFinished) and not step.event.failed and step.world_before.pictures
    shown = [command for command in step.commands if isinstance(command, ShowPictures)]
    assert shown == ([ShowPictures(step.after.turn)] if wanted else [])


@of_every_pair
def no_picture_is_owed_without_a_call_that_takes_it(step: Step) -> None:
    assert step.after._owed.unseen == step.world.pictures <= step.world.tools


@of_steps(commands=[CloseSession])
def no_tool_outlives_its_session(step: Step) -> None:
    assert not step.after._owed.running


@of_steps(commands=[CancelTools])
def only_the_service_and_a_user_who_interrupts_have_a_call_undone(step: Step) -> None:
    for cancel in (command for command in step.commands if isinstance(command, CancelTools)):
        by_voice = isinstance(step.event, UtteranceStarted) and listens_along(step)
        interrupts = by_voice or isinstance(step.event, WakeWordDetected | ButtonPressed | StopHeard)
        interrupted = step.after.rules.tools_wait and interrupts
        assert cancel.undo == (interrupted or isinstance(step.event, ToolCancelled))
        assert bool(cancel.reason) == interrupted


@of_every_step
def promise_7_a_call_that_runs_is_answered_or_its_session_ends_or_nobody_wants_it(step: Step) -> None:
    """… for a service that is not told would wait for ever."""
    dropped = step.world_before.tools - step.world.tools
    if dropped and step.world.session and not isinstance(step.event, ToolFinished | ToolCancelled):
        told = any(isinstance(command, CancelTools) and command.reason for command in step.commands)
        anew = any(isinstance(command, OpenSession) for command in step.commands)
        assert told or anew


@of_every_pair
def endpointing_runs_exactly_while_the_user_has_the_floor(step: Step) -> None:
    watched = {State.LISTENING, State.HEARING, *([State.SPEAKING] if listens_along(step) else [])}
    assert step.world.watching == (step.after.state in watched)


@of_every_pair
def the_light_always_shows_what_the_whole_state_says(step: Step) -> None:
    assert step.world.light is step.after.pattern
    assert (step.world.light is Pattern.MUTED) == (step.after.state is State.MUTED)


@of_every_pair
def promise_8_what_is_due_rings_at_rest_at_once_and_is_never_held_back_without_a_deadline(step: Step) -> None:
    """… of its own, and the exchange has one too. That it rings over nothing else, the world itself knows."""
    assert step.after._calling.waiting == step.world.due
    assert (Timer.RING_WAIT in step.world.timers) == bool(step.world.due)
    if step.world.due:
        assert step.after.state in {State.HEARING, State.THINKING, State.SPEAKING}


@of_every_pair
def promise_8_what_rings_is_heard_and_ends(step: Step) -> None:
    assert step.world.sounds == bool(step.world.ringing) == (Timer.RINGING in step.world.timers)
    assert step.after._calling.ringing == step.world.ringing
    if step.world.sounds:
        assert step.after.state in RESTS


@of_every_step
def promise_8_each_that_is_due_has_one_end(step: Step) -> None:
    """It is stopped, or withdrawn; a wait is no end. The world blames a stop that names others than those that rang."""
    if (step.world_before.due, step.world_before.ringing) == (step.world.due, step.world.ringing):
        return
    ends = [command for command in step.commands if isinstance(command, StopRinging)]
    ended = {id_ for end in ends for id_ in end.ids}
    withdrawn = {step.event.id} if isinstance(step.event, RingWithdrawn) else set()
    before = step.world_before.due | step.world_before.ringing
    came = {step.event.id} if isinstance(step.event, RingDue) else set()
    assert (before | came) - (step.world.due | step.world.ringing) == ended | withdrawn
    assert not ended & withdrawn


@of_steps(commands=[StopRinging])
def promise_8_the_user_alone_answers(step: Step) -> None:
    for end in (command for command in step.commands if isinstance(command, StopRinging)):
        by_the_user = isinstance(step.event, WakeWordDetected | ButtonPressed | StopHeard)
        assert end.answered == by_the_user or not end.ids


@of_steps(events=[ButtonPressed, StopHeard])
def promise_8_a_ring_that_is_stopped_by_a_press_or_a_word_stops_and_nothing_else(step: Step) -> None:
    if step.before._calling.sounds and isinstance(step.event, ButtonPressed | StopHeard):
        assert not step.after._calling.sounds
        assert step.after.state is step.before.state
        assert step.after._button is None


@of_every_pair
def promise_9_a_message_is_told_at_rest_and_has_a_deadline(step: Step) -> None:
    assert step.world.telling == step.after._calling.telling == (Timer.TELLING in step.world.timers)
    if step.world.telling:
        assert step.after.state in RESTS
        assert not step.world.sounds


@of_steps(events=[MessageWaiting])
def promise_9_a_message_that_waits_at_rest_is_told_at_once(step: Step) -> None:
    if isinstance(step.event, MessageWaiting):
        at_rest = step.before.state in RESTS and not step.before._calling.sounds
        assert (TellMessage() in step.commands) == at_rest


@of_every_pair
def promise_10_a_turn_that_may_go_on_is_heard_in_silence_and_with_its_deadline(step: Step) -> None:
    """State and deadline are those of hearing; nothing is played, run or shown, and what comes is kept."""
    assert (step.after.kept_turn is not None) == step.world.paused
    assert {call.id for call in step.after._owed.kept} == step.world.kept
    if step.world.paused:
        assert step.after.kept_turn == step.after.turn
        assert step.after.reply_turn is None
        assert step.after.state is State.HEARING
        assert step.world.watching
    else:
        assert not step.world.kept


@of_every_step
def promise_10_what_was_kept_follows_a_pause_that_lasts_and_nothing_of_it_one_that_does_not(step: Step) -> None:
    if not step.world_before.paused or step.world.paused:
        return
    run = {command.call.id for command in step.commands if isinstance(command, RunTool)}
    refused = {command.call.id for command in step.commands if isinstance(command, RefuseTool)}
    if PlayKept(step.before.turn) in step.commands:
        assert isinstance(step.event, UtteranceEnded | TimerExpired | ButtonPressed)
        assert run == step.world_before.kept
        assert step.after.state is not State.HEARING
        assert (step.after.state is State.SPEAKING) == step.before._now.begun
        return
    assert not run
    if step.world.session:
        assert isinstance(step.event, UtteranceResumed | ButtonPressed)
        assert refused == step.world_before.kept
        assert step.commands[0] == FlushPlayout()
        assert step.after.state is State.HEARING


@of_steps(events=[UtteranceResumed])
def promise_10_words_after_a_pause_are_sent_from_where_the_window_closed(step: Step) -> None:
    if isinstance(step.event, UtteranceResumed) and step.world_before.paused and step.world.session:
        assert StartActivity(step.before.turn + 1, step.before._now.anchor, goes_on=True) in step.commands


@of_every_pair
def nothing_is_listened_for_after_a_goodbye(step: Step) -> None:
    assert not step.after._now.goodbye or step.after.state in {State.THINKING, State.SPEAKING}


@of_every_pair
def what_one_state_alone_asks_for_is_forgotten_with_it(step: Step) -> None:
    """… or there would be many times as many pairs, which differ in nothing that anybody can notice."""
    now, state = step.after._now, step.after.state
    assert state is State.LISTENING or not now.follow_up
    assert state is State.HEARING or not (now.spoken or now.ended)
    assert state is not State.SPEAKING or not step.after._link.reopened
    assert state in WATCHED or step.after._button is None


@of_every_pair
def what_was_read_is_forgotten_when_nobody_else_may_take_the_request(step: Step) -> None:
    home = step.after._home
    assert home.reading is Reading.NONE or not (home.called or home.failed)


ASKED = frozenset({State.LISTENING, State.HEARING, State.THINKING})


@of_steps(commands=[OpenSession])
def promise_11_a_request_changes_hands_only_before_anything_was_done_and_with_all_that_was_said(step: Step) -> None:
    """That nothing was done the world itself knows of those that are left; here, of those that were lost."""
    by_itself = isinstance(step.event, SessionLost | HomeHasRead | TimerExpired | BudgetReached | LineSilent)
    if by_itself and step.before.state in ASKED and OpenSession(local=True) in step.commands:
        assert not step.world_before.acted
        assert step.after.state is step.before.state
        assert step.after.turn == step.before.turn
        assert step.world.window == step.world_before.window
        assert CloseSession() not in step.commands


@of_steps(events=[HomeHasRead, TimerExpired, LineSilent, UtteranceResumed])
def promise_11_what_may_go_on_is_read_but_not_taken(step: Step) -> None:
    """… by the brain at home from a service that may be there yet; and what was read of a part is not all of it."""
    if isinstance(step.event, HomeHasRead | TimerExpired | LineSilent) and step.before.state is State.HEARING:
        assert LeaveSession() not in step.commands
    if isinstance(step.event, UtteranceResumed) and step.after.state is State.HEARING:
        assert step.after._home.reading is Reading.NONE
        assert not any(isinstance(command, AskHome) for command in step.commands)


@of_steps(commands=[Announce])
def promise_11_the_household_is_told_why_only_if_nobody_can_answer(step: Step) -> None:
    """… or if the matter was begun, and nobody else may take it."""
    told = any(isinstance(command, Announce) and isinstance(command.cause, Cause) for command in step.commands)
    ends = isinstance(step.event, SessionLost) or step.event == TimerExpired(Timer.THINKING)
    if not step.after.rules.falls_back or not told or not ends or step.before.state not in ASKED:
        return
    if step.before._link.spent:  # that is told as well
        return
    home, link = step.before._home, step.before._link
    touched = home.called or step.before._owed.pending or step.before._now.begun or step.before._now.complete
    assert touched or home.failed or link.local
    assert touched or home.refused or home.failed or step.event == TimerExpired(Timer.THINKING)


HOME_SOUNDS, HOME_IS_SAID = PlayEarcon(Earcon.HOME), Announce(Notice.AT_HOME)


@of_steps(commands=[PlayEarcon, Announce])
def promise_11_it_is_told_once_until_the_service_answers_that_the_brain_at_home_does(step: Step) -> None:
    sounded, said = HOME_SOUNDS in step.commands, HOME_IS_SAID in step.commands
    assert not sounded or (step.before._home.told is Told.NOTHING and step.after._link.local)
    assert not said or step.before._home.told is Told.SOUND
    assert not said or step.after.state is State.IDLE


@of_every_pair
def promise_11_a_session_at_home_ends_with_its_exchange(step: Step) -> None:
    assert step.world.local == (step.after._link.local and step.world.session)
    if step.after.state in RESTS:
        assert not step.world.local


def test_every_property_holds_everywhere(walked: Walk) -> None:
    assert "\n".join(f"{name}: {problem}" for name, problem in walked.broken.items()) == ""
