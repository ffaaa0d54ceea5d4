"""pydantic-ai: `Agent.realtime` with `GoogleRealtimeModel`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic_ai import Agent
from pydantic_ai.messages import PartDeltaEvent, SpeechPartDelta
from pydantic_ai.realtime import (
    RealtimeModelSettings,
    RealtimeResponseInterruptedEvent,
    RealtimeSession,
    RealtimeSessionReconnectEvent,
    RealtimeTurnCompleteEvent,
)
from pydantic_ai.realtime.google import GoogleRealtimeModel

from tests.clients.cases import perform
from tests.clients.talking import Replies, Wanted, blocks


class PydanticTalk:
    """A session, and the task that reads its events."""

    def __init__(self, session: RealtimeSession, replies: Replies) -> None:
        self.replies = replies
        self._session = session
        self._reconnected = asyncio.Event()

    async def write(self, text: str) -> None:
        await self._session.send(text)

    async def speak(self, sound: bytes) -> None:
        async for block in blocks(sound):
            await self._session.send_audio(block)

    async def reconnected(self) -> None:
        await self._reconnected.wait()

    async def read(self) -> None:
        async for event in self._session:
            match event:
                case PartDeltaEvent(delta=SpeechPartDelta(speaker="user") as delta):
                    self.replies.now.heard += delta.transcript_delta or ""
                case PartDeltaEvent(delta=SpeechPartDelta() as delta):
                    self.replies.now.said += delta.transcript_delta or ""
                    self.replies.play(delta.audio_chunk or b"")
                case RealtimeResponseInterruptedEvent():
                    self.replies.now.interrupted = True
                case RealtimeTurnCompleteEvent():
                    self.replies.complete()
                case RealtimeSessionReconnectEvent():
                    self._reconnected.set()


@asynccontextmanager
async def session(wanted: Wanted) -> AsyncIterator[PydanticTalk]:
    replies = Replies()
    settings = RealtimeModelSettings()
    if wanted.resume:
        settings["reconnect"] = {"max_attempts": 3}
    agent = Agent(tools=[replies.set_lamp] if wanted.tool else [])
    async with agent.realtime(GoogleRealtimeModel(wanted.model), model_settings=settings).session() as opened:
        talk = PydanticTalk(opened, replies)
        async with replies.fed_by(talk.read()):
            yield talk


if __name__ == "__main__":
    perform(session, sys.argv[1])
