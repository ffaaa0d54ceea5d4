"""`pipit chat` and `pipit ask`: the Live session without the appliance, for whoever wants to try a key."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from daemon.events import Cause, Interrupted, ReplyComplete, SessionLost, SessionOpened, ToolRequested
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
"""For a whole reply, and for the session to open."""

NOTHING_SAID: Final = "(no reply)"
"""Printed where the model chose to say nothing."""


@dataclass
class Exchange:
    """One turn and its reply, as far as it has come."""

    turn: int = 0
    heard: str = ""
    said: str = ""
    audio: bytearray = field(default_factory=bytearray)
    complete: bool = False
    answer_owed: bool = False
    """A tool call was answered, and nothing was said since: the end of a reply before that is not this turn's end."""

    @property
    def reply(self) -> Samples:
        """24 kHz."""
        return from_bytes(bytes(self.audio))

    def received(self, message: SessionMessage) -> None:
        """What another turn's reply says is not part of this."""
        match message:
            case Transcribed(speaker="user", text=text):
                self.heard += text
            case Transcribed(turn, "model", text) if turn == self.turn:
                self.said += text
            case ReplyText(turn, text) if turn == self.turn:
                self.said += text
                self.answer_owed = False
            case ReplyAudio(turn, data) if turn == self.turn:
                self.audio += data
                self.answer_owed = False
            case ReplyComplete(turn) if turn == self.turn and not self.answer_owed:
                self.complete = True
            case Interrupted(turn) if turn == self.turn and self.audio:  # nothing more is said of it
                self.complete = True


class Line:
    """A Live session as a telephone line: one turn at a time, each awaited to its end."""

    def __init__(
        self,
        options: LiveOptions,
        ring: AudioRing,
        on_audio: Callable[[bytes], None] | None = None,
        deadline_s: float = REPLY_DEADLINE_S,
    ) -> None:
        self._deadline_s = deadline_s
        self.uplink = Uplink(ring)
        self.session = LiveSession(options, self.uplink, self._received)
        self._on_audio = on_audio
        self._exchange = Exchange()
        self._opened = False
        self._lost: SessionLost | None = None
        self._news = asyncio.Event()

    async def opened(self) -> None:
        """Raises SessionFailed."""
        await self._until(lambda: self._opened)

    async def ask_in_writing(self, text: str) -> Exchange:
        """Raises SessionFailed."""
        self._begin()
        self.session.send_text(self._exchange.turn, text)
        return await self._reply()

    async def ask_aloud(self, samples: int) -> Exchange:
        """The first `samples` samples of the ring are the turn. Raises SessionFailed."""
        self._begin()
        self.uplink.start(self._exchange.turn, 0)
        self.uplink.end(self._exchange.turn, samples)
        return await self._reply()

    def _begin(self) -> None:
        self._exchange = Exchange(self._exchange.turn + 1)

    async def _reply(self) -> Exchange:
        await self._until(lambda: self._exchange.complete)
        return self._exchange

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(self._deadline_s):
                while not condition():
                    if self._lost:
                        raise SessionFailed(self._lost)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise SessionFailed(SessionLost(Cause.NO_REPLY)) from None

    def _received(self, message: SessionMessage) -> None:
        match message:
            case SessionOpened():
                self._opened = True
            case SessionLost():
                self._lost = message
            case ToolRequested(call):  # none were offered
                self._exchange.answer_owed = True
                self.session.answer_tool(call, {"error": "there are no tools here"})
            case ReplyAudio(turn, data) if self._on_audio and turn == self._exchange.turn:
                self._on_audio(data)
        self._exchange.received(message)
        self._news.set()


@asynccontextmanager
async def connected(
    options: LiveOptions,
    speech: Samples | None = None,
    on_audio: Callable[[bytes], None] | None = None,
    deadline_s: float = REPLY_DEADLINE_S,
) -> AsyncIterator[Line]:
    """An open line; `speech` (16 kHz) can be asked aloud. Raises SessionFailed."""
    ring = AudioRing(max(1, len(speech) if speech is not None else 0))
    ring.append(silence(0) if speech is None else speech)
    line = Line(options, ring, on_audio, deadline_s)
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
    print(f"pipit  {_said(exchange)}")
    if reply:
        print(f"reply  {reply}")


def _said(exchange: Exchange) -> str:
    """In one line; sound without a transcript is not nothing."""
    return " ".join(exchange.said.split()) or ("" if exchange.audio else NOTHING_SAID)


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
            print(f"pipit  {_said(exchange)}", flush=True)
            if speaker and exchange.audio:
                await speaker.played()
            if keep and exchange.audio:
                await asyncio.to_thread(_keep, keep / f"reply-{count}.wav", exchange.reply)


def _keep(path: Path, reply: Samples) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, reply, REPLY_RATE_HZ)
    print(f"       {path}", flush=True)
