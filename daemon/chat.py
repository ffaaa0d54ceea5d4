"""`pipit chat` and `pipit ask`: the Live session without the appliance, for whoever wants to try a key."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.events import Cause, ReplyComplete, SessionLost, SessionOpened, ToolRequested
from daemon.failures import SessionFailed
from daemon.live.messages import ReplyAudio, ReplyText, SessionMessage, Transcribed
from daemon.live.session import LiveSession
from daemon.live.uplink import Uplink
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, from_bytes, silence
from daemon.sound.preroll import AudioRing
from daemon.sound.wav import read_audio, write_wav

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from daemon.live.options import LiveOptions
    from daemon.sound_out import Loudspeaker

REPLY_DEADLINE_S: Final = 60.0


@dataclass
class Exchange:
    """One turn and its reply, as far as it has come."""

    heard: str = ""
    said: str = ""
    audio: bytearray = field(default_factory=bytearray)
    complete: bool = False

    @property
    def reply(self) -> Samples:
        """24 kHz."""
        return from_bytes(bytes(self.audio))


class Line:
    """A Live session as a telephone line: one turn at a time, each awaited to its end."""

    def __init__(self, options: LiveOptions, ring: AudioRing, on_audio: Callable[[bytes], None] | None = None) -> None:
        self.uplink = Uplink(ring)
        self.session = LiveSession(options, self.uplink, self._received)
        self._on_audio = on_audio
        self._exchange = Exchange()
        self._opened = False
        self._lost: SessionLost | None = None
        self._news = asyncio.Event()
        self._turn = 0

    async def opened(self) -> None:
        """Raises SessionFailed."""
        await self._until(lambda: self._opened)

    async def ask_in_writing(self, text: str) -> Exchange:
        """Raises SessionFailed."""
        self._begin()
        self.session.send_text(self._turn, text)
        return await self._reply()

    async def ask_aloud(self, samples: int) -> Exchange:
        """The first `samples` samples of the ring are the turn. Raises SessionFailed."""
        self._begin()
        self.uplink.start(self._turn, 0)
        self.uplink.end(self._turn, samples)
        return await self._reply()

    def _begin(self) -> None:
        self._turn += 1
        self._exchange = Exchange()

    async def _reply(self) -> Exchange:
        await self._until(lambda: self._exchange.complete)
        return self._exchange

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(REPLY_DEADLINE_S):
                while not condition():
                    if self._lost:
                        raise SessionFailed(self._lost)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise SessionFailed(SessionLost(Cause.NO_REPLY)) from None

    def _received(self, message: SessionMessage) -> None:
        exchange = self._exchange
        match message:
            case SessionOpened():
                self._opened = True
            case SessionLost():
                self._lost = message
            case ReplyAudio(turn, data) if turn == self._turn:
                exchange.audio += data
                if self._on_audio:
                    self._on_audio(data)
            case ReplyText(turn, text) | Transcribed(turn, "model", text) if turn == self._turn:
                exchange.said += text
            case Transcribed(speaker="user", text=text):
                exchange.heard += text
            case ToolRequested(call):  # none were offered
                self.session.answer_tool(call, {"error": "there are no tools here"})
            case ReplyComplete(turn) if turn == self._turn and (exchange.audio or exchange.said):
                exchange.complete = True
        self._news.set()


@asynccontextmanager
async def connected(
    options: LiveOptions, speech: Samples | None = None, on_audio: Callable[[bytes], None] | None = None
) -> AsyncIterator[Line]:
    """An open line; `speech` (16 kHz) can be asked aloud. Raises SessionFailed."""
    ring = AudioRing(max(1, len(speech) if speech is not None else 0))
    ring.append(silence(0) if speech is None else speech)
    line = Line(options, ring, on_audio)
    async with asyncio.TaskGroup() as group:
        group.create_task(line.session.run())
        try:
            await line.opened()
            yield line
        finally:
            line.session.close()


async def ask(options: LiveOptions, question: Path, reply: Path | None, *, as_json: bool) -> None:
    """Ask what an audio file says; print both transcripts, and write the spoken reply.

    Raises AudioFileError for a file that is no audio, SessionFailed.
    """
    speech = await asyncio.to_thread(read_audio, question)
    async with connected(options, speech) as line:
        exchange = await line.ask_aloud(len(speech))
    if reply:
        await asyncio.to_thread(write_wav, reply, exchange.reply, REPLY_RATE_HZ)
    if as_json:
        print(json.dumps(_as_json(exchange, reply), ensure_ascii=False))
        return
    print(f"you    {' '.join(exchange.heard.split())}")
    print(f"pipit  {' '.join(exchange.said.split())}")
    if reply:
        print(f"reply  {reply}")


def _as_json(exchange: Exchange, reply: Path | None) -> dict[str, Any]:
    return {
        "heard": " ".join(exchange.heard.split()),
        "said": " ".join(exchange.said.split()),
        "seconds": round(len(exchange.reply) / REPLY_RATE_HZ, 3),
        "reply": str(reply) if reply else None,
    }


async def chat(
    options: LiveOptions,
    lines: AsyncIterator[str],
    *,
    speaker: Loudspeaker | None = None,
    keep: Path | None = None,
) -> None:
    """Ask each line, print the reply and speak it; `keep` is a folder for a WAV of each. Raises SessionFailed."""
    async with connected(options, on_audio=speaker.play if speaker else None) as line:
        count = 0
        async for text in lines:
            if not text.strip():
                continue
            count += 1
            exchange = await line.ask_in_writing(text.strip())
            print(f"pipit  {' '.join(exchange.said.split())}", flush=True)
            if speaker and exchange.audio:
                await speaker.played()
            if keep:
                await asyncio.to_thread(_keep, keep / f"reply-{count}.wav", exchange.reply)


def _keep(path: Path, reply: Samples) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, reply, REPLY_RATE_HZ)
    print(f"       {path}", flush=True)
