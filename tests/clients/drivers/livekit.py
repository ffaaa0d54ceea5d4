"""livekit-plugins-google: a session of `RealtimeModel`, as an `AgentSession` uses it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from google.genai import types
from livekit import rtc
from livekit.agents import function_tool, llm, utils
from livekit.plugins.google.realtime import RealtimeModel

from tests.clients.cases import perform
from tests.clients.talking import RATE_HZ, Replies, Wanted, blocks

RECONNECTED_S = 4.0
"""The plugin connects anew at the scenario's goAway, which comes at once, and says nothing of it."""


@function_tool
async def set_lamp(room: str, on: bool) -> None:
    """Switch the lamp of a room; declared here, and carried out by the driver."""


class LivekitTalk:
    """A session, and the generations it announces."""

    def __init__(self, session: llm.RealtimeSession, replies: Replies, wanted: Wanted) -> None:
        self.replies = replies
        self._session = session
        self._manual = wanted.manual
        self._written = llm.ChatContext.empty()
        self._generations: asyncio.Queue[llm.GenerationCreatedEvent] = asyncio.Queue()
        session.on("generation_created", self._generations.put_nowait)
        session.on("input_speech_started", self._interrupt)
        session.on("input_audio_transcription_completed", self._hear)
        session.on("error", self._fail)

    async def write(self, text: str) -> None:
        context = self._session.chat_ctx
        context.add_message(role="user", content=text)
        await self._session.update_chat_ctx(context)
        self._ask()

    async def speak(self, sound: bytes) -> None:
        if self._manual:
            self._session.start_user_activity()
        async for block in blocks(sound):
            self._session.push_audio(rtc.AudioFrame(block, RATE_HZ, 1, len(block) // 2))
        if self._manual:
            self._ask()

    async def reconnected(self) -> None:
        await asyncio.sleep(RECONNECTED_S)

    async def read(self) -> None:
        while True:
            generation = await self._generations.get()
            async for message in generation.message_stream:
                await asyncio.gather(self._listen(message), self._note(message))
            self.replies.complete()
            async for call in generation.function_stream:
                await self._answer(call)

    def _ask(self) -> None:
        """The generation is announced, so that this result is not needed; it fails if none comes within 5 s."""
        self._session.generate_reply().add_done_callback(lambda asked: asked.cancelled() or asked.exception())

    async def _listen(self, message: llm.MessageGeneration) -> None:
        async for frame in message.audio_stream:
            self.replies.play(frame.data.tobytes())

    async def _note(self, message: llm.MessageGeneration) -> None:
        async for text in message.text_stream:
            self.replies.now.said += text

    async def _answer(self, call: llm.FunctionCall) -> None:
        answer = self.replies.set_lamp(**json.loads(call.arguments))
        context = self._session.chat_ctx
        context.items += [
            call,
            llm.FunctionCallOutput(call_id=call.call_id, name=call.name, output=json.dumps(answer), is_error=False),
        ]
        await self._session.update_chat_ctx(context)

    def _hear(self, event: llm.InputTranscriptionCompleted) -> None:
        self.replies.now.heard = event.transcript

    def _interrupt(self, _event: llm.InputSpeechStartedEvent) -> None:
        if self.replies.now.sound:
            self.replies.now.interrupted = True

    def _fail(self, event: llm.RealtimeModelError) -> None:
        if not event.recoverable:
            self.replies.fail(event.error)


@asynccontextmanager
async def session(wanted: Wanted) -> AsyncIterator[LivekitTalk]:
    options = {}
    if wanted.manual:
        options["realtime_input_config"] = types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(disabled=True)
        )
    if wanted.resume:
        options["session_resumption"] = types.SessionResumptionConfig()
    async with utils.http_context.open():
        opened = RealtimeModel(model=wanted.model, **options).session()
        talk = LivekitTalk(opened, Replies(), wanted)
        if wanted.tool:
            await opened.update_tools([set_lamp])
        try:
            async with talk.replies.fed_by(talk.read()):
                yield talk
        finally:
            await opened.aclose()


if __name__ == "__main__":
    perform(session, sys.argv[1])
