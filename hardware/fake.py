"""Drivers for a machine without a sound card and without pins: shipped, for the demo and for every system test.

They keep the contracts of `hardware.base` without a thread, so that a test with a clock of its own decides each step.
Lights, relays and buttons on mock pins need nothing from here: `hardware.header.factory` drives those too.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from random import Random
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from hardware.base import CaptureCounters, PcmFormat, PlaybackCounters, PlayoutSource, Taker
from hardware.pcm_bytes import bytes_of

HISS_PERIODS: Final = 64
"""Drawn at a time: noise for one costs hardly less than for all of them."""

_FOUR_BYTES_RMS: Final = math.sqrt(4 * (256**2 - 1) / 12)
"""Of the sum of four random bytes, about its mean of 510."""

RECORDED_S: Final = 600
"""What a recording speaker remembers: ten minutes, 29 MB at 24 kHz."""


class Pace(Enum):
    """How fast a fake sound card runs while there is sound; quiet always takes its real time."""

    REAL_TIME = "real time"
    CONSUMER = "consumer"  # as fast as the other side takes or gives it


class Clock(Protocol):
    """The time fakes live in, in seconds."""

    def now(self) -> float: ...

    async def sleep_until(self, deadline: float) -> None:
        """Lets other tasks run even if the deadline has passed."""
        ...


class LoopClock:
    """The running event loop's own time."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep_until(self, deadline: float) -> None:
        await asyncio.sleep(max(0.0, deadline - self.now()))


class _Unmanaged:
    """`async with` for what needs no opening."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Threadless:
    """The rest of a microphone that has no thread: each period has woken the loop already, so each is told of."""

    def periods(self) -> AsyncIterator[bytes]:
        raise NotImplementedError

    async def given_to(self, taker: Taker) -> AsyncIterator[None]:
        """As `Microphone.given_to`."""
        async for period in self.periods():
            taker.take(period)
            yield

    def look_again(self) -> None:
        pass


class WavMicrophone(_Unmanaged, Threadless):
    """A microphone that hears given audio, then quiet. Implements `hardware.base.Microphone`.

    Audio is bytes in the microphone's own format, or 16-bit mono samples at its rate, which are then put on every
    channel. The last period is filled up with zeros. A slow consumer makes it late; it never drops a period.
    """

    def __init__(
        self,
        audio: bytes | NDArray[np.int16],
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        *,
        pace: Pace = Pace.REAL_TIME,
        then_silence: bool = False,
        hiss_rms: float = 0.0,
        clock: Clock | None = None,
    ) -> None:
        """`then_silence`: after the audio, go on with quiet for ever instead of ending.

        `hiss_rms` is the level of that quiet in 16-bit steps: 0 is digital silence, a quiet room about 10.
        """
        self.format = format
        self.counters = CaptureCounters()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._audio = bytearray(as_pcm(audio, format))
        self._pace = pace
        self._then_silence = then_silence
        self._hiss_rms = hiss_rms
        self._random = Random(0)  # noqa: S311  no secret
        self._hiss = b""  # drawn, and not heard yet
        self._clock = clock or LoopClock()
        self._muted = False
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._restored = False
        self._all_said = asyncio.Event()

    def say(self, audio: bytes | NDArray[np.int16]) -> None:
        """Hear this too, after what is still to be heard."""
        self._audio += as_pcm(audio, self.format)
        self._all_said.clear()

    async def all_said(self) -> None:
        """Returns when all that was given has been taken by the consumer."""
        if self._audio:
            await self._all_said.wait()

    async def periods(self) -> AsyncIterator[bytes]:
        """As `Microphone.periods`; ends after the audio unless silence was to follow."""
        period_s = self.format.period_frames / self.format.rate_hz
        due = self._clock.now()
        while self._audio or self._then_silence:
            if not self._plugged.is_set():
                await self._plugged.wait()
                due = self._clock.now()
            due = self._clock.now() if self._audio and self._pace is Pace.CONSUMER else due + period_s
            await self._clock.sleep_until(due)
            if not self._plugged.is_set():
                continue
            if self._restored:
                self._restored = False
                _call(self.on_restored)
            yield self._next_period()

    def mute(self, muted: bool) -> None:
        """While muted, what there is to hear goes by unheard, and zeros arrive in its place."""
        self._muted = muted

    def reopen(self) -> None:
        """As `Microphone.reopen`: counted in `counters.reopened`, and what there is to hear goes on."""
        self.counters.reopened += not self._muted

    def unplug(self) -> None:
        """Lose the card. What there is to hear waits until it is back."""
        self._plugged.clear()
        _call(self.on_lost)

    def replug(self) -> None:
        """Bring the card back; `on_restored` is called with the next period."""
        self.counters.reopened += 1
        self._restored = True
        self._plugged.set()

    def _next_period(self) -> bytes:
        length = self.format.period_bytes
        period = bytes(self._audio[:length]).ljust(length, b"\0") if self._audio else self._quiet()
        del self._audio[:length]
        if not self._audio:
            self._all_said.set()
        return bytes(length) if self._muted else period

    def _quiet(self) -> bytes:
        length = self.format.period_bytes
        if not self._hiss_rms:
            return bytes(length)
        if not self._hiss:
            noise = _hiss(self._random, self._hiss_rms, HISS_PERIODS * self.format.period_frames)
            self._hiss = as_pcm(noise, self.format)
        period, self._hiss = self._hiss[:length], self._hiss[length:]
        return period


def _hiss(random: Random, rms: float, frames: int) -> NDArray[np.int16]:
    """Four even distributions sum to nearly a normal one; `numpy.random` is 2 MB, which a measure would count."""
    drawn = np.frombuffer(random.randbytes(4 * frames), np.uint8).reshape(4, frames)
    hiss: NDArray[np.float64] = (drawn.sum(axis=0, dtype=np.float64) - 510) * (rms / _FOUR_BYTES_RMS)
    return hiss.round().clip(-32768, 32767).astype(np.int16)


@dataclass(frozen=True, slots=True)
class HeardPeriod:
    """A period that left the speaker; `at_s` is when its last sample did, in the clock's seconds."""

    at_s: float
    pcm: bytes


class RecordingSpeaker:
    """A speaker that remembers what was heard from it. Implements `hardware.base.Speaker`.

    Behind it is a simulated sound card that holds `buffer_periods`: a period is heard when it has passed through, not
    when it was handed over, and what `drop()` threw away was never heard. Of a recording longer than RECORDED_S the
    oldest periods are forgotten.
    """

    def __init__(
        self,
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        source: PlayoutSource,
        *,
        pace: Pace = Pace.REAL_TIME,
        buffer_periods: int = 4,
        clock: Clock | None = None,
    ) -> None:
        self.format = format
        self.counters = PlaybackCounters()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._period_s = format.period_frames / format.rate_hz
        self.timeline: deque[HeardPeriod] = deque(maxlen=round(RECORDED_S / self._period_s))
        self.onsets_s: deque[float] = deque(maxlen=1000)
        """When the first period of each sound was handed to the card; a sound begins after a silent period."""
        self._source = source
        self._pace = pace
        self._buffer_periods = buffer_periods
        self._clock = clock or LoopClock()
        self._held: deque[bytes] = deque()  # bounded by buffer_periods: _play hears one before it writes the next
        self._drop_asked = False
        self._silent = True
        self._plugged = asyncio.Event()
        self._plugged.set()

    async def __aenter__(self) -> Self:
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._playing = self._tasks.create_task(self._play(), name="recording speaker")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What the card still holds is not heard. Raises what the source raised, as a group."""
        self._playing.cancel()
        await self._tasks.__aexit__(None, None, None)

    def drop(self) -> None:
        """As `Speaker.drop`."""
        self._drop_asked = True

    def unplug(self) -> None:
        """Lose the card, and what it holds. The source is not asked until it is back."""
        self._plugged.clear()
        self._held.clear()
        self._source.dropped()
        _call(self.on_lost)

    def replug(self) -> None:
        """Bring the card back."""
        self.counters.reopened += 1
        self._plugged.set()
        _call(self.on_restored)

    def heard(self) -> bytes:
        """All that was heard, silence included, in the speaker's format."""
        return b"".join(period.pcm for period in self.timeline)

    async def _play(self) -> None:
        due = self._clock.now()
        while True:
            if not self._plugged.is_set():
                await self._plugged.wait()
                due = self._clock.now()
            while len(self._held) < self._buffer_periods:
                self._write()
            due = self._clock.now() if self._pace is Pace.CONSUMER and not self._silent else due + self._period_s
            await self._clock.sleep_until(due)
            if self._drop_asked:
                self._drop_asked = False
                self._held.clear()
                self._source.dropped()
            elif self._held:
                self.timeline.append(HeardPeriod(due, self._held.popleft()))

    def _write(self) -> None:
        period = self._source.next_period(self.format.period_frames)
        if len(period) != self.format.period_bytes:
            raise ValueError(f"a period of {len(period)} bytes where {self.format.period_bytes} were asked for")
        was_silent, self._silent = self._silent, period.count(0) == len(period)
        if was_silent and not self._silent:
            self.onsets_s.append(self._clock.now())
        self._held.append(period)
        self._source.period_written(self.format.period_frames, len(self._held) * self.format.period_frames)


class FakeButton(_Unmanaged):
    """A button that code presses. Implements `hardware.base.Button`."""

    def __init__(self) -> None:
        self.on_pressed: Callable[[], None] | None = None
        self.on_released: Callable[[float], None] | None = None

    def press(self) -> None:
        _call(self.on_pressed)

    def release(self, held_ms: float) -> None:
        if self.on_released:
            self.on_released(held_ms)


class RecordingIndicator(_Unmanaged):
    """A light that remembers what it showed, oldest first, the last 1000. Implements `hardware.base.Indicator`."""

    def __init__(self) -> None:
        self.shown: deque[str] = deque(maxlen=1000)

    def show(self, pattern: str) -> None:
        self.shown.append(pattern)


def as_pcm(audio: bytes | NDArray[np.int16], format: PcmFormat) -> bytes:  # noqa: A002
    """Bytes as they are; samples of shape (n,) on every channel, at full scale of the sample format."""
    if isinstance(audio, bytes):
        return audio
    return bytes_of(audio.astype(np.float64), format)


def _call(callback: Callable[[], None] | None) -> None:
    if callback:
        callback()
