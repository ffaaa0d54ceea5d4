"""One reply on its way from the brain to the wire."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from daemon.offline import server_messages
from daemon.offline.brain import Heard, Spoken, UserTurn
from daemon.offline.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    Fault,
    GoAway,
    Omit,
    PhantomInterrupted,
    SendRaw,
    Stage,
    Stall,
    Wait,
)
from daemon.offline.link import Link
from daemon.offline.profiles import Profile
from daemon.offline.protocol import FunctionAnswer, Setup
from daemon.offline.usage import Meter
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, ms_of_samples, samples_of_ms

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """How reply audio is cut and paced."""

    chunk_ms: float = 160
    """Sound in one message; recordings of the service (js-genai, pydantic-ai) show 60 to 240 ms."""
    realtime: bool = False
    """Send sound no faster than it plays, so that `turnComplete` comes when it has been heard; else at once."""


class ToolCalls:
    """The function calls that wait for an answer."""

    def __init__(self, link: Link, profile: Profile, random: Random) -> None:
        self._link = link
        self._profile = profile
        self._random = random
        self._waiting: dict[str, asyncio.Future[Mapping[str, Any]]] = {}

    @property
    def waiting(self) -> list[str]:
        """The ids without an answer, oldest first."""
        return list(self._waiting)

    def fresh_id(self) -> str:
        return self._profile.call_id(self._random)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the client, and wait for its answer as long as the turn lasts."""
        call_id = self.fresh_id()
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[call_id] = answer
        try:
            await self._link.send(server_messages.tool_call(call_id, name, arguments))
            return await answer
        finally:
            del self._waiting[call_id]

    def answer(self, answer: FunctionAnswer) -> None:
        """Take a client's answer; one that is unknown, late or not the last of its series changes nothing."""
        waiting = self._waiting.get(answer.id)
        if waiting is None or waiting.done():
            logger.debug("answer to unknown function call %s ignored", answer.id)
        elif not answer.will_continue:
            waiting.set_result(answer.response)


class Words:
    """Pieces of a text in the order they were sent; each but the first begins with a space, as the service does it."""

    def __init__(self) -> None:
        self.said = ""

    def add(self, text: str) -> str:
        """`text` as it continues what was said."""
        piece = f" {text}" if self.said and not text.startswith(" ") else text
        self.said += piece
        return piece


class Reply:
    """Runs a brain for one turn of the user and sends what it says."""

    def __init__(
        self,
        link: Link,
        setup: Setup,
        profile: Profile,
        calls: ToolCalls,
        meter: Meter,
        delivery: Delivery,
        go_away: Callable[[float], Awaitable[None]],
        begun: Callable[[], Awaitable[None]],
    ) -> None:
        """`begun` is awaited when the first piece of the model's turn has been sent."""
        self.heard = Words()
        self.spoken = Words()
        self._link = link
        self._setup = setup
        self._profile = profile
        self._calls = calls
        self._meter = meter
        self._delivery = delivery
        self._go_away = go_away
        self._begun = begun
        self._sent_any = False
        self._omitted: Literal["", "generationComplete", "turnComplete", "both"] = ""

    async def run(self, brain: Stage, turn: UserTurn) -> None:
        """From the first piece to `turnComplete`."""
        if self._profile.opens_empty:
            await self._link.send(server_messages.content())
        pieces = brain.reply(turn, self._calls.call)
        try:
            async for piece in pieces:
                await self._perform(piece)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        if self._omitted not in {"generationComplete", "both"}:
            await self._link.send(server_messages.content(generationComplete=True))
        if self._omitted not in {"turnComplete", "both"}:
            await self._link.send(server_messages.content(turnComplete=True) | {"usageMetadata": self._meter.report()})

    async def _perform(self, piece: Heard | Spoken | Fault) -> None:
        match piece:
            case Heard(text):
                await self._hear(text)
            case Spoken(text, audio):
                await self._speak(text, audio)
            case _:
                await self._misbehave(piece)

    async def _hear(self, text: str) -> None:
        piece = self.heard.add(text)
        if self._setup.input_transcription:
            await self._link.send(server_messages.content(inputTranscription={"text": piece}))

    async def _speak(self, text: str, audio: Samples) -> None:
        piece = self.spoken.add(text) if text else ""
        self._meter.response_text(piece)
        if self._setup.modality == "TEXT":
            if piece:
                await self._send_model_turn(modelTurn=server_messages.text_part(piece))
            return
        self._meter.response_audio(len(audio))
        transcription = {"outputTranscription": {"text": piece}} if piece and self._setup.output_transcription else {}
        if transcription and not (self._profile.bundles and len(audio)):
            await self._link.send(server_messages.content(**transcription))
            transcription = {}
        size = samples_of_ms(self._delivery.chunk_ms, REPLY_RATE_HZ)
        for start in range(0, len(audio), size):
            chunk = audio[start : start + size]
            await self._send_model_turn(modelTurn=server_messages.audio_part(chunk), **transcription)
            transcription = {}
            if self._delivery.realtime:
                await self._link.sleep(ms_of_samples(len(chunk), REPLY_RATE_HZ) / 1000)

    async def _send_model_turn(self, **fields: Any) -> None:
        await self._link.send(server_messages.content(**fields))
        if not self._sent_any:
            self._sent_any = True
            await self._begun()

    async def _misbehave(self, fault: Fault) -> None:
        match fault:
            case Wait(ms):
                await self._link.sleep(ms / 1000)
            case SendRaw(message):
                await self._link.send(dict(message))
            case PhantomInterrupted():
                await self._link.send(server_messages.content(interrupted=True))
            case Omit(what):
                self._omitted = what
            case GoAway(seconds):
                await self._go_away(seconds)
            case CancelledCall():
                await self._cancelled_call(fault)
            case CloseSocket(code, reason):
                await self._link.close(code, reason)
            case AbortSocket():
                self._link.abort()
            case Stall():
                self._link.fall_silent()

    async def _cancelled_call(self, call: CancelledCall) -> None:
        call_id = self._calls.fresh_id()
        await self._link.send(server_messages.tool_call(call_id, call.cancelled_call, call.args))
        await self._link.sleep(call.after_ms / 1000)
        await self._link.send(server_messages.tool_call_cancellation([call_id]))
