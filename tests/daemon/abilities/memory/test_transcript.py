"""What is remembered of a conversation, told as the appliance tells its witnesses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.abilities.memory.transcript import Transcript
from daemon.conversation.causes import Cause
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import EndActivity, FlushPlayout, StartActivity
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    ButtonPressed,
    ButtonReleased,
    Event,
    Interrupted,
    MuteSwitched,
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    SessionLost,
    SessionOpened,
    TimerExpired,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.messages import ReplyAudio, SourcesNamed, Transcribed
from daemon.conversation.rules import Rules
from daemon.conversation.tool_call import ToolCall
from daemon.sound.pcm import REPLY_RATE_HZ
from tests.daemon.offline.live_client import ManualClock

if TYPE_CHECKING:
    from daemon.abilities.memory.said import Said
    from daemon.conversation.messages import SessionMessage

STORY = "Once upon a time there was a pipit that sang."
LAMP = ToolCall("1", "set_device", {"device": "lamp"})


@dataclass
class Play:
    """A conversation with its transcript, and a speaker that was heard as far as the test says."""

    rules: Rules = field(default_factory=lambda: Rules(follow_up_s=0))
    heard: int = 0
    said: list[Said] = field(default_factory=list)
    turns: int = 0

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.conversation = Conversation(self.rules)
        self.transcript = Transcript(self.clock, [self.said.append], unmentioned={"recall"})

    def happen(self, *events: Event) -> None:
        for event in events:
            commands = self.conversation.handle(event)
            for command in commands:
                if isinstance(command, FlushPlayout):
                    self.transcript.flushed(self.heard)
                if isinstance(command, EndActivity):
                    self.heard = 0
                if isinstance(command, StartActivity):
                    self.turns = command.turn
            self.transcript.happened(event, commands, self.conversation.situation)

    def receive(self, *messages: SessionMessage) -> None:
        for message in messages:
            self.transcript.received(message)
            if isinstance(message, Event):
                self.happen(message)

    def ask(self, text: str = "Tell me a story.") -> None:
        """From the wake word to where an answer is awaited."""
        self.happen(WakeWordDetected("alexa", 0), UtteranceStarted(10))
        self.receive(SessionOpened(), Transcribed(self.turns, "user", text))
        self.happen(UtteranceEnded(20))

    def reply(self, text: str, seconds: float, *, rate_hz: int = REPLY_RATE_HZ) -> None:
        """So much sound, with its text at the end."""
        self.receive(ReplyStarted(self.turns), ReplyAudio(self.turns, bytes(round(seconds * rate_hz) * 2), rate_hz))
        self.receive(Transcribed(self.turns, "model", text))

    def hear_out(self, seconds: float) -> None:
        self.heard = round(seconds * REPLY_RATE_HZ)
        self.receive(ReplyComplete(self.turns))
        self.happen(PlayoutDrained(self.turns, self.heard, 0))

    def texts(self) -> list[tuple[str, str]]:
        return [(said.speaker, said.text) for said in self.said]


@pytest.fixture
def play() -> Play:
    return Play()


def test_a_turn_is_put_together_from_its_pieces(play: Play) -> None:
    play.ask("Tell me")
    play.receive(Transcribed(1, "user", " a story."))
    play.reply("Once upon", 1)
    play.receive(ReplyAudio(1, bytes(48_000)), Transcribed(1, "model", " a time."))
    assert play.said == []
    play.hear_out(2)
    assert play.texts() == [("user", "Tell me a story."), ("model", "Once upon a time.")]


def test_late_pieces_of_a_finished_reply_are_taken_until_the_next_turn() -> None:
    play = Play(rules=Rules(follow_up_s=6))
    play.ask()
    play.reply("Once upon", 1)
    play.hear_out(1)
    play.receive(Transcribed(1, "model", " a time."), SourcesNamed(1, (("Birds", "https://birds.example"),)))
    play.happen(UtteranceStarted(99))
    play.receive(Transcribed(1, "model", " too late"))
    assert play.texts() == [("user", "Tell me a story."), ("model", "Once upon a time.")]
    assert play.said[1].sources == (("Birds", "https://birds.example"),)


SILENCED: dict[str, tuple[Event, ...]] = {
    "wake word": (WakeWordDetected("alexa", 50),),
    "stop": (ButtonPressed(50), ButtonReleased(60, 80)),
    "mute": (MuteSwitched(muted=True),),
    "too long": (TimerExpired(Timer.SPEAKING),),
    "lost": (SessionLost(Cause.LOST),),
}


@pytest.mark.parametrize("how", SILENCED)
def test_of_a_silenced_reply_only_what_was_heard_is_remembered(play: Play, how: str) -> None:
    play.ask()
    play.reply(STORY, 10)
    play.heard = 5 * REPLY_RATE_HZ
    play.receive(*SILENCED[how])
    play.receive(Transcribed(1, "model", " And then"), ReplyAudio(1, bytes(96_000)), Interrupted(1))
    play.transcript.finish()
    assert play.texts()[1:] == [("model", "Once upon a time there")]


def test_of_a_reply_that_was_never_heard_nothing_is(play: Play) -> None:
    play.ask()
    play.receive(Transcribed(1, "model", "I was about to say"))
    play.happen(ButtonPressed(50), ButtonReleased(60, 80))
    assert play.texts() == [("user", "Tell me a story.")]


def test_muting_after_a_reply_takes_nothing_of_it(play: Play) -> None:
    play = Play(rules=Rules(follow_up_s=6))
    play.ask()
    play.reply(STORY, 10)
    play.hear_out(10)
    play.happen(MuteSwitched(muted=True))
    assert play.texts()[1] == ("model", STORY)


def test_muting_while_the_next_is_asked_takes_nothing_of_the_one_before(play: Play) -> None:
    play = Play(rules=Rules(follow_up_s=6))
    play.ask()
    play.reply(STORY, 3)
    play.hear_out(3)
    play.happen(UtteranceStarted(99))
    play.receive(Transcribed(2, "user", "And"))
    play.happen(MuteSwitched(muted=True))
    assert play.texts()[1:] == [("model", STORY), ("user", "And")]


def test_what_the_service_cut_short_is_remembered_as_far_as_it_was_spoken(play: Play) -> None:
    """`interrupted` leaves the sound that has come, while the text may be ahead of it."""
    play.ask()
    play.reply(STORY, 1)
    play.receive(Interrupted(1))
    play.happen(PlayoutDrained(1, REPLY_RATE_HZ, 0))
    assert play.texts()[1] == ("model", "Once upon a time there")


def test_sound_that_was_never_played_was_not_heard(play: Play) -> None:
    play.ask()
    play.reply(STORY, 10)
    play.hear_out(5)
    assert play.texts()[1] == ("model", "Once upon a time there")


def test_sound_of_another_rate_is_counted_in_time(play: Play) -> None:
    play.ask()
    play.reply(STORY, 10, rate_hz=48_000)
    play.heard = 5 * REPLY_RATE_HZ
    play.happen(WakeWordDetected("alexa", 50))
    assert play.texts()[1] == ("model", "Once upon a time there")


def test_words_of_a_lost_session_are_not_kept_twice(play: Play) -> None:
    play.ask()
    play.receive(Transcribed(1, "model", "On"), SessionLost(Cause.LOST), SessionOpened())
    play.receive(Transcribed(1, "user", "Tell me a story."))
    play.reply("Once.", 1)
    play.hear_out(1)
    assert play.texts() == [("user", "Tell me a story."), ("model", "Once.")]


def test_an_answered_turn_is_not_lost_with_its_session() -> None:
    play = Play(rules=Rules(follow_up_s=6))
    play.ask()
    play.reply("Once.", 1)
    play.hear_out(1)
    play.receive(SessionOpened())
    play.happen(TimerExpired(Timer.LISTENING))
    assert play.texts() == [("user", "Tell me a story."), ("model", "Once.")]


def test_a_tools_part_is_told_in_words(play: Play) -> None:
    play.ask("Lamp on")
    play.receive(ToolRequested(LAMP))
    play.transcript.answered(LAMP, {"ok": True, "state": "on"})
    play.transcript.answered(ToolCall("2", "recall"), {"ok": True, "remembered": []})
    play.receive(SessionOpened())  # once a tool ran, the turn is not asked again
    play.reply("It is on.", 1)
    play.hear_out(1)
    assert play.texts() == [
        ("user", "Lamp on"),
        ("tool", 'set_device {"device": "lamp"} gave {"ok": true, "state": "on"}'),
        ("model", "It is on."),
    ]


def test_a_tool_that_answers_at_rest_is_told_with_the_turn_before(play: Play) -> None:
    play.ask()
    play.reply("Once.", 1)
    play.hear_out(1)
    play.transcript.answered(LAMP, {"text": "x" * 1_000, "more": "words"})
    assert play.said[-1].speaker == "tool"
    assert play.said[-1].at == play.said[0].at
    assert len(play.said[-1].text) <= 400


def test_what_is_said_of_a_result_at_rest_is_a_remark_of_its_own() -> None:
    play = Play(rules=Rules(follow_up_s=0, tools_wait=False))
    play.ask("Lamp on")
    play.receive(ToolRequested(LAMP))
    play.reply("I am at it.", 1)
    play.hear_out(1)
    play.receive(Transcribed(1, "model", " late"))
    play.clock.advance(5)
    play.reply(STORY, 10)
    play.heard = round(2.2 * REPLY_RATE_HZ)  # … of both together
    play.happen(WakeWordDetected("alexa", 50))
    assert play.texts() == [("user", "Lamp on"), ("model", "I am at it."), ("model", "Once")]
    assert play.said[2].at == play.said[0].at + 5


def test_a_dropped_turn_leaves_no_trace(play: Play) -> None:
    play.ask("Forget my secret")
    play.transcript.drop_turn()
    play.reply("It is forgotten.", 1)
    play.hear_out(1)
    play.transcript.answered(LAMP, {"ok": True})
    assert play.said == []


def test_a_turn_under_way_at_the_end_is_remembered_as_far_as_it_went(play: Play) -> None:
    play.ask()
    play.reply(STORY, 10)
    play.transcript.finish()
    assert play.texts() == [("user", "Tell me a story.")]


@dataclass(frozen=True)
class Piece:
    kind: Literal["text", "sound", "heard", "interrupted", "complete"]
    amount: int


pieces = st.builds(
    Piece, st.sampled_from(["text", "sound", "heard", "interrupted", "complete"]), st.integers(1, 2 * REPLY_RATE_HZ)
)
WORDS = [f"w{number}" for number in range(400)]


@given(st.lists(pieces, max_size=25), st.sampled_from(sorted(SILENCED)))
def test_never_more_than_was_heard(script: list[Piece], how: str) -> None:
    """Whatever order text and sound come in: silenced, no more of the text is left than its share of the sound."""
    play = Play()
    play.ask()
    play.receive(ReplyStarted(1))
    words, text, received = iter(WORDS), "", 0
    for piece in script:
        match piece.kind:
            case "text":
                addition = " ".join(next(words) for _ in range(piece.amount % 9 + 1)) + " "
                text += addition
                play.receive(Transcribed(1, "model", addition))
            case "sound":
                received += piece.amount
                play.receive(ReplyAudio(1, bytes(2 * piece.amount)))
            case "heard":
                play.heard = min(received, play.heard + piece.amount)
            case "interrupted":
                play.receive(Interrupted(1))
            case "complete":
                play.receive(ReplyComplete(1))
    share = play.heard / received if received else 0.0
    play.receive(*SILENCED[how])
    play.receive(Transcribed(1, "model", "unheard"), ReplyAudio(1, bytes(2 * REPLY_RATE_HZ)))
    play.transcript.finish()
    kept: Any = dict(play.texts()).get("model", "")
    assert text.startswith(kept)
    assert len(kept) <= len(text) * share + 1e-6
