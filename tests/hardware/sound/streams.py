"""A microphone and a speaker on scripted cards, with periods that a test can tell apart."""

import asyncio
import errno
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from hardware.base import PcmFormat
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker
from tests.hardware.sound.scripted_pcm import ScriptedMicrophone, ScriptedSpeaker

FORMAT = PcmFormat(rate_hz=16_000, period_frames=16)  # 1 ms
SILENCE = bytes(FORMAT.period_bytes)
XRUN = -errno.EPIPE


def numbered(first: int, periods: int) -> list[bytes]:
    return [bytes([number]) * FORMAT.period_bytes for number in range(first, first + periods)]


@asynccontextmanager
async def listening(card: ScriptedMicrophone, **options: Any) -> AsyncIterator[AlsaMicrophone]:
    """A microphone on `card` that waits next to nothing before it opens a lost card again."""
    microphone = AlsaMicrophone("hw:Mic", FORMAT, open_pcm=card, **{"retry_s": (0.001,)} | options)
    async with microphone:
        try:
            yield microphone
        finally:
            card.released.set()


async def take(microphone: AlsaMicrophone, periods: int) -> list[bytes]:
    stream = microphone.periods()
    async with asyncio.timeout(60):
        return [await anext(stream) for _ in range(periods)]


class Source:
    """Says numbered periods; `log` has all that happened, with `thread` the one it happened on."""

    def __init__(self, fault: Callable[[int], bytes] | None = None) -> None:
        self.log: list[tuple[str, int]] = []
        self.threads: set[str] = set()
        self.said = 0
        self.fault = fault
        self.resting = False
        self.on_stirred: Callable[[], None] | None = None

    def at_rest(self) -> bool:
        return self.resting

    def at_ease(self) -> bool:
        return False

    def next_period(self, frames: int) -> bytes:
        assert frames == FORMAT.period_frames
        self.threads.add(threading.current_thread().name)
        self.said += 1
        self.log.append(("asked", self.said))
        return self.fault(self.said) if self.fault else numbered(self.said, 1)[0]

    def period_written(self, frames: int, delay_frames: int) -> None:
        assert frames == FORMAT.period_frames
        self.log.append(("written", delay_frames))

    def dropped(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.log.append(("dropped", self.said))


@asynccontextmanager
async def playing(card: ScriptedSpeaker, source: Source, **options: Any) -> AsyncIterator[AlsaSpeaker]:
    speaker = AlsaSpeaker("hw:Mic", FORMAT, source, open_pcm=card, **{"retry_s": (0.001,)} | options)
    async with speaker:
        try:
            yield speaker
        finally:
            card.released.set()


def alternates(happened: list[str]) -> bool:
    return happened == ["lost", "restored"] * (len(happened) // 2) + ["lost"] * (len(happened) % 2)
