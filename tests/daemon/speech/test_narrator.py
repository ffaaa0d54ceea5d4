"""Written replies, spoken: sentence by sentence, in order, and only while someone waits for them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.conversation.causes import Cause
from daemon.conversation.events import (
    Interrupted,
    ReplyComplete,
    ReplyStarted,
    SessionLost,
    SessionOpened,
    ToolRequested,
)
from daemon.conversation.messages import ReplyAudio, ReplyText, SessionMessage, Transcribed
from daemon.conversation.tool_call import ToolCall
from daemon.errors import ModelFileError
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from daemon.speech.narrator import SENTENCES, NarratedSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    import pytest

    from daemon.sound.pcm import Samples


class Writer:
    """A session that writes what the test tells it to."""

    def __init__(self, _: Uplink, on_message: Callable[[SessionMessage], None]) -> None:
        self.say = on_message
        self.over = asyncio.Event()
        self.answers: list[str] = []

    async def run(self) -> None:
        await self.over.wait()

    def close(self) -> None:
        self.over.set()

    def leave(self) -> None:
        self.close()

    takes_parts = False

    def answer_tool(self, call: ToolCall, response: Mapping[str, Any], **manner: Any) -> None:  # noqa: ARG002
        self.answers.append(call.id)


@dataclass
class Voice:
    """Speaks one sample per character; with `gate` closed it takes for ever."""

    said: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    async def speak(self, text: str) -> Samples:
        self.said.append(text)
        if self.broken:
            raise ModelFileError("no voice", fix="install one")
        await self.gate.wait()
        return np.full(len(text), 7, np.int16)


@dataclass
class Scene:
    session: NarratedSession
    writer: Writer
    voice: Voice
    heard: list[SessionMessage]

    async def settle(self) -> None:
        """Let the narrator do all it can."""
        for _ in range(10 + 4 * SENTENCES):
            await asyncio.sleep(0)

    @property
    def spoken(self) -> list[str]:
        return [message.text.strip() for message in self.heard if isinstance(message, Transcribed)]


@asynccontextmanager
async def scene(*, open_gate: bool = True) -> AsyncIterator[Scene]:
    writers: list[Writer] = []

    def make(uplink: Uplink, on_message: Callable[[SessionMessage], None]) -> Writer:
        writers.append(Writer(uplink, on_message))
        return writers[0]

    voice, heard = Voice(), list[SessionMessage]()
    if open_gate:
        voice.gate.set()
    session = NarratedSession(make, voice.speak, Uplink(AudioRing(1)), heard.append)
    async with asyncio.TaskGroup() as group:
        group.create_task(session.run())
        yield Scene(session, writers[0], voice, heard)
        session.close()


async def test_each_sentence_is_spoken_as_soon_as_it_is_whole() -> None:
    async with scene() as played:
        for piece in ("It is ", "noon. And", " sunny.", " Bye"):
            played.writer.say(ReplyText(1, piece))
        await played.settle()
        assert played.voice.said == ["It is noon.", "And sunny."]
        assert played.heard[:2] == [ReplyStarted(1), Transcribed(1, "model", "It is noon. ")]
        assert played.heard[2] == ReplyAudio(1, np.full(11, 7, "<i2").tobytes(), 24_000)
        played.writer.say(ReplyComplete(1))
        await played.settle()
        assert played.spoken == ["It is noon.", "And sunny.", "Bye"]
        assert played.heard[-1] == ReplyComplete(1)
        assert played.heard.count(ReplyStarted(1)) == 1


async def test_the_end_waits_for_the_voice() -> None:
    async with scene(open_gate=False) as played:
        played.writer.say(ReplyText(1, "Hello."))
        played.writer.say(ReplyComplete(1))
        await played.settle()
        assert played.heard == []
        played.voice.gate.set()
        await played.settle()
        assert [type(message) for message in played.heard] == [ReplyStarted, Transcribed, ReplyAudio, ReplyComplete]


async def test_an_empty_reply_is_complete_at_once() -> None:
    async with scene() as played:
        played.writer.say(ReplyText(1, " \n"))
        played.writer.say(ReplyComplete(1))
        await played.settle()
        assert played.heard == [ReplyComplete(1)]


async def test_an_interrupted_reply_falls_silent() -> None:
    async with scene(open_gate=False) as played:
        played.writer.say(ReplyText(1, "One. Two. Thr"))
        await played.settle()
        played.writer.say(Interrupted(1))
        played.voice.gate.set()
        await played.settle()
        assert played.heard == [Interrupted(1)]
        assert played.voice.said == ["One."]


async def test_the_reply_to_a_later_turn_does_not_wait_for_an_earlier_one() -> None:
    async with scene(open_gate=False) as played:
        played.writer.say(ReplyText(1, "One. Two. Three. "))
        await played.settle()
        played.writer.say(ReplyText(2, "Yes."))
        played.writer.say(ReplyComplete(2))
        played.voice.gate.set()
        await played.settle()
        assert played.spoken == ["Yes."]
        assert played.voice.said == ["One.", "Yes."]


async def test_what_is_no_reply_passes_at_once() -> None:
    async with scene(open_gate=False) as played:
        played.writer.say(ReplyText(1, "Hello."))
        played.writer.say(SessionOpened())
        played.session.answer_tool(ToolCall("7", "lamp"), {})
        assert played.heard == [SessionOpened()]
        assert played.writer.answers == ["7"]


async def test_what_is_written_after_a_tool_begins_anew() -> None:
    """… for the conversation waits for a word on the result."""
    call = ToolRequested(ToolCall("7", "lamp"))
    async with scene() as played:
        played.writer.say(ReplyText(1, "One moment. "))
        await played.settle()
        played.writer.say(call)
        played.writer.say(ReplyText(1, "Done. "))
        await played.settle()
        begun = [message for message in played.heard if isinstance(message, ReplyStarted | ToolRequested)]
        assert begun == [ReplyStarted(1), call, ReplyStarted(1)]


async def test_without_a_voice_the_session_is_lost_audibly() -> None:
    async with scene() as played:
        played.voice.broken = True
        played.writer.say(ReplyText(1, "Hello."))
        played.writer.say(ReplyComplete(1))
        await played.settle()
        assert played.heard[0] == SessionLost(Cause.NO_REPLY, "no voice. Fix: install one")


async def test_after_close_nothing_is_told() -> None:
    async with scene(open_gate=False) as played:
        played.writer.say(ReplyText(1, "Hello."))
        await played.settle()
        played.session.close()
        played.voice.gate.set()
        await played.settle()
        assert played.heard == []


async def test_a_flood_of_sentences_loses_the_newest_and_not_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async with scene(open_gate=False) as played:
        await played.settle()
        played.writer.say(ReplyText(1, "x. " * (SENTENCES + 5)))
        played.writer.say(ReplyComplete(1))
        played.voice.gate.set()
        await played.settle()
        assert len(played.spoken) == SENTENCES - 1
        assert played.heard[-1] == ReplyComplete(1)
    assert "faster than it can be spoken" in caplog.text
