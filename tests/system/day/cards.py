"""Sound cards that run only while there is something to hear: a day has four million periods, most of them silent.

While the microphone rests no sample is captured, so positions do not follow the time of day; nothing in the appliance
takes them for a clock. Everything else is as `hardware.base` has it, at the cards' real pace.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from daemon.sound.pcm import Samples, from_bytes
from hardware.base import CaptureCounters, PcmFormat, PlaybackCounters
from hardware.fake import Threadless
from tests.system.day.speech import room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hardware.base import PlayoutSource
    from hardware.fake import FakeButton

PERIOD_MS: Final = 80
"""The longest that the settings allow: a quarter of the work."""
PERIOD_S: Final = PERIOD_MS / 1000
MICROPHONE: Final = PcmFormat(rate_hz=16_000, period_frames=16 * PERIOD_MS)
SPEAKER: Final = PcmFormat(rate_hz=24_000, period_frames=24 * PERIOD_MS)
BUFFER_PERIODS: Final = 4
"""What the speaker's card holds."""


class _Opened:
    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


class RestingMicrophone(_Opened, Threadless):
    """Hears what is said and then the room, for as long as somebody listens. Implements `hardware.base.Microphone`."""

    def __init__(self, seed: int) -> None:
        self.format = MICROPHONE
        self.counters = CaptureCounters()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._random = np.random.default_rng(seed)
        self._audio = np.zeros(0, np.int16)
        self._muted = False
        self._awake = False
        self._stirred = asyncio.Event()
        self._all_said = asyncio.Event()

    def say(self, *parts: Samples) -> None:
        """Hear these, after what is still to be heard."""
        self._audio = np.concatenate((self._audio, *parts))
        self._all_said.clear()
        self._stirred.set()

    @property
    def to_say_s(self) -> float:
        """How long what is still to be heard will take."""
        return len(self._audio) / self.format.rate_hz

    def hush(self) -> None:
        """What is still to be heard is never said."""
        self._audio = self._audio[:0]
        self._all_said.set()

    def listen(self, *, awake: bool) -> None:
        """Go on with the room while `awake`."""
        self._awake = awake
        self._stirred.set()

    async def all_said(self) -> None:
        if len(self._audio):
            await self._all_said.wait()

    def mute(self, muted: bool) -> None:
        self._muted = muted

    def reopen(self) -> None:
        self.counters.reopened += 1

    async def periods(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        while True:
            if not self._awake and not len(self._audio):
                self._stirred.clear()
                await self._stirred.wait()
                due = loop.time()
            due += PERIOD_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            yield self._next_period()

    def _next_period(self) -> bytes:
        frames = self.format.period_frames
        said, self._audio = self._audio[:frames], self._audio[frames:]
        if not len(self._audio):
            self._all_said.set()
        period = np.concatenate((said, room(PERIOD_S, self._random)))[:frames]
        return bytes(self.format.period_bytes) if self._muted else period.tobytes()


class RestingSpeaker:
    """Plays at the card's pace, and rests in silence until it is stirred. Implements `hardware.base.Speaker`."""

    def __init__(self, source: PlayoutSource) -> None:
        self.format = SPEAKER
        self.counters = PlaybackCounters()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._source = source
        self._heard: list[bytes] = []
        self._held: deque[bytes] = deque()  # bounded by BUFFER_PERIODS: one is heard before the next is written
        self._drop_asked = False
        self._stirred = asyncio.Event()

    def stir(self) -> None:
        """There may be something to play."""
        self._stirred.set()

    def heard(self) -> Samples:
        """What left the speaker since it was asked last, without the silence between."""
        heard, self._heard = from_bytes(b"".join(self._heard)), []
        return heard[heard != 0]

    async def __aenter__(self) -> Self:
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._playing = self._tasks.create_task(self._play(), name="speaker")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._playing.cancel()
        await self._tasks.__aexit__(None, None, None)

    def drop(self) -> None:
        self._drop_asked = True
        self.stir()

    async def _play(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._stirred.clear()
            due = loop.time()
            silent = 0
            while silent <= 2 * BUFFER_PERIODS:
                silent = silent + 1 if self._write() else 0
                due += PERIOD_S
                await asyncio.sleep(max(0.0, due - loop.time()))
                self._hear()
            await self._stirred.wait()

    def _write(self) -> bool:
        """Fill the card; whether the last period was silent."""
        period = b""
        while len(self._held) < BUFFER_PERIODS:
            period = self._source.next_period(self.format.period_frames)
            self._held.append(period)
            self._source.period_written(self.format.period_frames, len(self._held) * self.format.period_frames)
        return period.count(0) == len(period)

    def _hear(self) -> None:
        if self._drop_asked:
            self._drop_asked = False
            self._held.clear()
            self._source.dropped()
            return
        period = self._held.popleft()
        if period.count(0) < len(period):
            self._heard.append(period)


class Cards:
    """What the household has of the appliance's hardware."""

    def __init__(self, microphone: RestingMicrophone, button: FakeButton) -> None:
        self.microphone = microphone
        self.button = button
        self._speakers: list[RestingSpeaker] = []

    @property
    def speaker(self) -> RestingSpeaker:
        return self._speakers[0]

    def make_speaker(self, source: PlayoutSource) -> RestingSpeaker:
        self._speakers.append(RestingSpeaker(source))
        return self.speaker

    def stir(self, *, awake: bool) -> None:
        """Something has happened: there may be something to play, and the room is listened to while `awake`."""
        self.speaker.stir()
        self.microphone.listen(awake=awake)
