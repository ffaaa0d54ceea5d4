"""What a person is told of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.conversation import Conversation
from daemon.conversation.events import (
    MicrophoneLost,
    MicrophoneRestored,
    PlayoutDrained,
    ReplyComplete,
    ReplyStarted,
    SessionLost,
    SessionOpened,
    SoundReturned,
    SoundVanished,
    SpeakerLost,
    SpeakerRestored,
    ToolRequested,
    UtteranceEnded,
    UtteranceStarted,
    WakeWordDetected,
)
from daemon.conversation.messages import ReplyAudio, Transcribed
from daemon.conversation.tool_call import ToolCall
from daemon.timeline.onlooker import Onlooker
from daemon.timeline.timeline import Timeline
from hardware.base import OutputState

if TYPE_CHECKING:
    from daemon.conversation.events import Event


class Lamp:
    """An output that a test switches."""

    name = "lamp"

    def __init__(self) -> None:
        self.on = False

    def read(self) -> OutputState:
        return OutputState(on=self.on)


class Seat:
    """Someone who looks on, and what they were told."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str, str]] = []
        self.lamp = Lamp()
        self.timeline = Timeline(title="test")
        self.scores = {"hey_jarvis": 0.0}
        self.conversation = Conversation()
        self.onlooker = Onlooker(
            self.timeline,
            lambda at_ms, what, text: self.lines.append((at_ms, what, text)),
        )
        self.onlooker.look_at([self.lamp], lambda: self.scores)

    def see(self, *events: Event) -> None:
        for event in events:
            self.onlooker.happened(event, self.conversation.handle(event), self.conversation.situation)

    def texts(self, what: str) -> list[str]:
        return [text for _, kind, text in self.lines if kind == what]


@pytest.fixture
def seat() -> Seat:
    return Seat()


def test_a_turn_is_told_line_by_line_in_the_time_of_the_audio(seat: Seat) -> None:
    seat.scores["hey_jarvis"] = 0.97
    for _ in range(50):
        seat.onlooker.captured(np.zeros(320, np.int16))
    seat.see(WakeWordDetected("hey_jarvis", 14_000), SessionOpened(), UtteranceStarted(15_000))
    assert seat.lines[0] == (1000.0, "wake word", "hey jarvis (score 0.97)")
    assert seat.texts("state") == ["listening", "hearing"]
    assert seat.texts("uplink") == ["activityStart, with what was said from 875 ms on"]


def test_words_are_told_whole_before_the_reply_and_after_it(seat: Seat) -> None:
    seat.see(WakeWordDetected("x", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9))
    for piece in (" turn on", " the lamp"):
        seat.onlooker.received(Transcribed(1, "user", piece))
    seat.see(ReplyStarted(1))
    seat.onlooker.received(Transcribed(1, "model", "Done."))
    seat.see(ReplyComplete(1))
    assert seat.texts("you said") == ["“turn on the lamp”"]
    assert seat.texts("Pipit says") == ["“Done.”"]


def test_a_switched_device_is_told_once_and_drawn(seat: Seat) -> None:
    seat.see(WakeWordDetected("x", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9))
    seat.see(ToolRequested(ToolCall("1", "set_device", {"device": "lamp", "state": "on"})))
    seat.lamp.on = True
    seat.see(ReplyStarted(1), ReplyComplete(1))
    assert seat.texts("tool") == ["set_device(device=lamp, state=on)"]
    assert seat.texts("device") == ["lamp is ON"]
    assert [level for _, level in seat.timeline.devices["lamp"]][-1] == 1.0


def test_the_reply_is_kept_and_rest_is_known(seat: Seat) -> None:
    assert seat.onlooker.resting.is_set()
    seat.see(WakeWordDetected("x", 0), SessionOpened(), UtteranceStarted(0), UtteranceEnded(9))
    assert not seat.onlooker.resting.is_set()
    seat.see(ReplyStarted(1))
    seat.onlooker.received(ReplyAudio(1, b"\1\0" * 100))
    seat.see(ReplyComplete(1), PlayoutDrained(1, 24_000, 9))
    assert bytes(seat.onlooker.reply) == b"\1\0" * 100
    assert seat.texts("reply")[-1] == "heard to its end, 1.0 s"
    assert seat.onlooker.turns == 1


def test_a_reply_at_another_rate_is_kept_at_the_speed_it_was_spoken(seat: Seat) -> None:
    for _ in range(50):
        seat.onlooker.received(ReplyAudio(1, b"\1\0" * 320, 16_000))
    assert abs(len(seat.onlooker.reply.samples) - 24_000) <= 1


def test_a_lost_session_is_remembered_with_its_cause(seat: Seat) -> None:
    seat.see(WakeWordDetected("x", 0), SessionLost(Cause.QUOTA, "spent"))
    assert seat.onlooker.lost == SessionLost(Cause.QUOTA, "spent")
    assert seat.texts("session") == ["connecting", "lost: quota spent"]
    assert seat.onlooker.resting.is_set()


def test_what_is_wrong_with_the_cards_is_told(seat: Seat) -> None:
    seat.see(MicrophoneLost(), MicrophoneRestored(), SoundVanished(), SoundReturned(), SpeakerLost(), SpeakerRestored())
    assert [text.partition(";")[0] for text in seat.texts("microphone")] == [
        "gone",
        "back",
        "delivers nothing but zeros",
        "delivers sound again",
    ]
    assert seat.texts("speaker") == ["gone; it is waited for", "back"]
