"""A microphone on a sound card, whichever library opens it."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Self

from hardware.base import CaptureCounters, PcmFormat
from hardware.sound.card import CapturePcm, Card
from hardware.sound.card_stream import CardStream


class CardMicrophone(CardStream[CapturePcm]):
    """Periods from a sound card. Implements `hardware.base.Microphone`.

    Up to `backlog` periods wait for a loop that is busy; then the oldest goes and is counted. An overrun costs the
    period it happened in, which is counted too. Muted, the card is closed.
    """

    def __init__(
        self,
        card: Card[CapturePcm],
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        *,
        backlog: int,
        clock: Callable[[], float],
    ) -> None:
        """`clock` (seconds) paces the zeros of a muted microphone."""
        super().__init__("microphone", card, self._capture)
        self.format = format
        self.counters = CaptureCounters()
        self._clock = clock
        self._muted = False
        self._reopen_asked = threading.Event()
        self._partial = bytearray()  # less than a period
        self._waiting: deque[bytes] = deque(maxlen=backlog)
        self._lock = threading.Lock()  # of _waiting and _announced
        self._announced = False
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Raises HardwareError when the card cannot be opened; not if it is muted, for then it is not opened yet."""
        if self._muted:
            await self._thread.__aenter__()
            return self
        return await super().__aenter__()

    async def periods(self) -> AsyncIterator[bytes]:
        """As `Microphone.periods`, for one consumer; never ends."""
        while True:
            period = self._next_waiting()
            if period is None:
                await self._arrived.wait()
                self._arrived.clear()
            else:
                yield period
                await asyncio.sleep(0)  # a card faster than its consumer must not have the loop for itself

    def mute(self, muted: bool) -> None:
        """As `Microphone.mute`; takes effect within a period."""
        self._muted = muted
        self._thread.nudge()

    def reopen(self) -> None:
        """As `Microphone.reopen`; takes effect within a period."""
        self._reopen_asked.set()

    def _next_waiting(self) -> bytes | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._announced = False
            return None

    # The microphone's thread

    def _capture(self) -> None:
        try:
            while not self._thread.stopping:
                self._step()
        finally:
            self._card.close()

    def _step(self) -> None:
        if self._muted:
            self._stay_muted()
        elif self._card.pcm is None:
            self._reopen_asked.clear()
            self._reopen()
        elif self._reopen_asked.is_set():
            self._reopen_asked.clear()
            self._close()
            self.counters.reopened += 1
        else:
            self._attempt(self._card.pcm)

    def _attempt(self, pcm: CapturePcm) -> None:
        try:
            self._read(pcm)
        except self._card.failures as error:
            self._partial.clear()
            self._lose(error)

    def _read(self, pcm: CapturePcm) -> None:
        """Raises one of the card's failures."""
        frames, data = pcm.read()
        if frames < 0:  # -EPIPE: alsaaudio raises on anything else
            self.counters.xruns += 1
            self._note_xrun(self.counters.xruns)
        if frames <= 0 or len(data) != frames * self.format.frame_bytes:
            self._partial.clear()
            self._card.stumble(self._complaint(frames, data))
            return
        if self._found():
            self.counters.reopened += 1
        self._cut(data)

    def _complaint(self, frames: int, data: bytes) -> str:
        if frames <= 0:
            return "it gives no sound"
        return f"{len(data)} bytes are not {frames} frames of {self.format.frame_bytes} bytes"

    def _cut(self, data: bytes) -> None:
        """Into whole periods: a card may have periods of its own."""
        length = self.format.period_bytes
        if not self._partial and len(data) == length:
            self._deliver(data)
            return
        self._partial += data
        while len(self._partial) >= length:
            self._deliver(bytes(self._partial[:length]))
            del self._partial[:length]

    def _deliver(self, period: bytes) -> None:
        """Wake the consumer once for all that waits: a loop that is busy is not given more to do."""
        with self._lock:
            self.counters.dropped_periods += len(self._waiting) == self._waiting.maxlen
            self._waiting.append(period)
            announced, self._announced = self._announced, True
        if not announced:
            self._thread.post(self._arrived.set)

    def _close(self) -> None:
        self._card.close()
        self._partial.clear()

    def _stay_muted(self) -> None:
        """Zeros at the card's pace, by deadlines, so that they do not drift."""
        self._close()
        self._reopen_asked.clear()
        period_s = self.format.period_frames / self.format.rate_hz
        due = self._clock() + period_s
        while self._muted and not self._thread.stopping:
            if self._clock() >= due:
                self._deliver(bytes(self.format.period_bytes))
                due += period_s
            self._thread.pause(max(0.0, due - self._clock()))
