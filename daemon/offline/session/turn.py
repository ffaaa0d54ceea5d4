"""One reply on its way from the brain to the wire."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from daemon.brain.brain import Heard, Spoken
from daemon.offline.service.faults import (
    AbortSocket,
    BackgroundCall,
    CancelledCall,
    CloseSocket,
    CompleteLate,
    CutSound,
    EndUtterance,
    Fault,
    GoAway,
    Omit,
    PhantomInterrupted,
    Piece,
    SendFrame,
    SendRaw,
    Stall,
    Wait,
)
from daemon.offline.service.profiles import Profile
from daemon.offline.service.server_options import Delivery
from daemon.offline.service.token_counts import Tokens, of_audio, of_text, usage_metadata
from daemon.offline.session.open_calls import ToolCalls
from daemon.offline.session.playback import Playback
from daemon.offline.wire import server_messages
from daemon.offline.wire.client_messages import Setup
from daemon.offline.wire.client_socket import Link
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, ms_of_samples, samples_of_ms


class Words:
    """Pieces of a text in the order they were sent; each but the first begins with a space, as the service does it."""

    def __init__(self) -> None:
        self.said = ""

    def add(self, text: str) -> str:
        """`text` as it continues what was said."""
        piece = f" {text}" if self.said and not text.startswith(" ") else text
        self.said += piece
        return piece


@dataclass(frozen=True)
class Terms:
    """What holds for every reply of a session, as far as no `contextUpdate` changes it."""

    link: Link
    setup: Setup
    profile: Profile
    calls: ToolCalls
    delivery: Delivery


class Host(Protocol):
    """Where a reply is said."""

    @property
    def more_to_come(self) -> bool:
        """Whether the model will speak again without being asked: it waits for a result, or has one to tell."""
        ...

    async def begun(self) -> None:
        """The first piece of the model's turn has been sent."""
        ...

    async def go_away(self, time_left_s: float) -> None:
        """Announce the end of the connection."""
        ...


class Reply:
    """Sends what a brain says, for one turn of the user or about one result."""

    def __init__(self, terms: Terms, host: Host, prompt: Tokens) -> None:
        """`prompt` is what the model is given to answer."""
        self.heard = Words()
        self.spoken = Words()
        self.response = Tokens()
        self._terms = terms
        self._link = terms.link
        self._host = host
        self._prompt = prompt
        self._delivery = terms.delivery
        self._playback = Playback(terms.link, terms.delivery)
        self._begins: list[tuple[float, str]] = []  # where in the sound each piece of what was spoken begins
        self._sent_any = False
        self._late_ms = 0.0
        self._omitted: Literal["", "generationComplete", "turnComplete", "both"] = ""

    async def run(self, pieces: AsyncIterator[Piece]) -> None:
        """From the first piece to `turnComplete`."""
        if self._terms.profile.opens_empty:
            await self._link.send(server_messages.content())
        try:
            async for piece in pieces:
                await self._perform(piece)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        await self._end()

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the client, and wait for its answer as long as the turn lasts: a `CallTool` for the brain."""
        if self._terms.profile.writes_calls_as_code:
            await self._link.send(server_messages.content(modelTurn=server_messages.code_part(name, arguments)))
        async with self._terms.calls.asking(name, arguments) as asked:
            if asked.sent and self._terms.profile.ends_turn_at_call:
                await self._link.send(server_messages.content(generationComplete=True))
                await self._playback.end()
                await self._link.send(self.completion())
            return await asked.answer

    def listened_to(self) -> str:
        """The words of all that was heard, or begun to be: what a client that plays them knows to have been said."""
        heard_s, sent_s = self._playback.heard_s, self._playback.sent_s
        return "".join(piece for begin_s, piece in self._begins if begin_s < heard_s or heard_s >= sent_s)

    def completion(self) -> server_messages.ServerMessage:
        """`turnComplete`, with what the turn has cost so far."""
        return server_messages.turn_complete(usage_metadata(self._prompt, self.response), self._status())

    def _status(self, *, more: bool = False) -> str:
        """What `interactionStatus` says, in a family that has it."""
        if not self._terms.profile.ends_when_idle:
            return ""
        return "IN_PROGRESS" if more or self._host.more_to_come else "IDLE"

    async def _end(self) -> None:
        if self._omitted not in {"generationComplete", "both"}:
            await self._link.send(server_messages.content(generationComplete=True))
        await self._playback.end()
        await self._link.sleep(self._late_ms / 1000)
        if self._omitted not in {"turnComplete", "both"}:
            await self._link.send(self.completion())

    async def _perform(self, piece: Piece) -> None:
        match piece:
            case Heard(text):
                await self._hear(text)
            case Spoken(text, audio):
                await self._speak(text, audio)
            case BackgroundCall():
                await self._terms.calls.ask_in_background(piece)
            case _:
                await self._misbehave(piece)

    async def _hear(self, text: str) -> None:
        piece = self.heard.add(text)
        if self._terms.setup.input_transcription:
            await self._link.send(server_messages.content(inputTranscription={"text": piece}))

    async def _speak(self, text: str, audio: Samples) -> None:
        piece = self.spoken.add(text) if text else ""
        self._begins.append((self._playback.sent_s, piece))
        self.response += of_text(piece)
        setup = self._terms.setup
        if setup.modality == "TEXT":
            if piece:
                await self._send_model_turn(modelTurn=server_messages.text_part(piece))
            return
        self.response += of_audio(len(audio), REPLY_RATE_HZ)
        transcription = {"outputTranscription": {"text": piece}} if piece and setup.output_transcription else {}
        if transcription and not (self._terms.profile.bundles and len(audio)):
            await self._link.send(server_messages.content(**transcription))
            transcription = {}
        await self._sound(audio, transcription)

    async def _sound(self, audio: Samples, transcription: Mapping[str, Any]) -> None:
        """Send `audio` in pieces, at its pace; `transcription` goes with the first."""
        size = samples_of_ms(self._delivery.chunk_ms, REPLY_RATE_HZ)
        for start in range(0, len(audio), size):
            await self._playback.before()
            chunk = audio[start : start + size]
            words = transcription if start == 0 else {}
            await self._send_model_turn(modelTurn=server_messages.audio_part(chunk), **words)
            self._playback.sent(ms_of_samples(len(chunk), REPLY_RATE_HZ) / 1000)

    async def _send_model_turn(self, **fields: Any) -> None:
        await self._link.send(server_messages.content(**fields))
        if not self._sent_any:
            self._sent_any = True
            await self._host.begun()

    async def _misbehave(self, fault: Fault) -> None:
        match fault:
            case Wait(ms):
                await self._link.sleep(ms / 1000)
            case CompleteLate(ms):
                self._late_ms = ms
            case CutSound(ms):
                self._delivery = replace(self._delivery, chunk_ms=ms)
            case Omit(what):
                self._omitted = what
            case GoAway(seconds):
                await self._host.go_away(seconds)
            case CancelledCall():
                await self._cancelled_call(fault)
            case CloseSocket(code, reason):
                await self._link.close(code, reason)
            case AbortSocket():
                self._link.abort()
            case Stall():
                self._link.fall_silent()
            case _:
                await self._say_wrongly(fault)

    async def _say_wrongly(self, fault: SendRaw | SendFrame | PhantomInterrupted | EndUtterance) -> None:
        match fault:
            case SendRaw(message):
                await self._link.send(dict(message))
            case SendFrame(frame, binary):
                await self._link.send_frame(frame.encode() if binary else frame)
            case PhantomInterrupted():
                await self._link.send(server_messages.content(interrupted=True))
            case EndUtterance():
                await self._link.send(server_messages.turn_complete(status=self._status(more=True)))

    async def _cancelled_call(self, call: CancelledCall) -> None:
        call_id = self._terms.calls.fresh_id()
        function = server_messages.function_call(call_id, call.cancelled_call, call.args)
        await self._link.send(server_messages.tool_call(function))
        await self._link.sleep(call.after_ms / 1000)
        await self._link.send(server_messages.tool_call_cancellation([call_id]))
