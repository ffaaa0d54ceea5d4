"""A microphone on a sound card, whichever library opens it."""

import asyncio
import math
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final, Self

from hardware.base import CaptureCounters, PcmFormat, Taker
from hardware.sound.card import CapturePcm, Card
from hardware.sound.card_stream import CardStream
from hardware.sound.naps import Naps

LIES: Final = 3
"""So many naps in a row that end with an overrun, and the card holds less than it says; a busy machine has one."""


class CardMicrophone(CardStream[CapturePcm]):
    """Periods from a sound card. Implements `hardware.base.Microphone`.

    Up to `backlog` periods wait for a loop that is busy; then the oldest goes and is counted. With a taker none wait.
    An overrun costs the period it happened in, which is counted too. Muted, the card is closed.
    """

    def __init__(
        self,
        card: Card[CapturePcm],
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        *,
        backlog: int,
        clock: Callable[[], float],
    ) -> None:
        """`clock` (seconds) paces the zeros of a muted microphone, and naps."""
        super().__init__("microphone", card, self._capture)
        self.format = format
        self.counters = CaptureCounters()
        self._period_s = format.period_frames / format.rate_hz
        self._clock = clock
        self._naps = Naps(clock)
        self._most_periods = 0  # that may gather in the card, by what it says of its buffer, or showed; 0: not known
        self._overruns_in_a_row = 0  # after naps
        self._taker: Taker | None = None
        self._gathered: list[bytes] = []  # for the taker: what was read in one go
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

    async def given_to(self, taker: Taker) -> AsyncIterator[None]:
        """As `Microphone.given_to`; never ends."""
        self._taker = taker
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                with self._lock:
                    self._announced = False
                yield
                if self._arrived.is_set():
                    await asyncio.sleep(0)  # as in `periods`
        finally:
            self._taker = None

    def look_again(self) -> None:
        """As `Microphone.look_again`; ends the thread's nap."""
        self._thread.nudge()

    def mute(self, muted: bool) -> None:
        """As `Microphone.mute`; takes effect within a period."""
        self._muted = muted
        self._thread.nudge()

    def reopen(self) -> None:
        """As `Microphone.reopen`; takes effect within a period."""
        self._reopen_asked.set()
        self._thread.nudge()

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
            self._read_what_is_wanted(pcm)
        except self._card.failures as error:
            self._forget()
            self._lose(error)

    def _read_what_is_wanted(self, pcm: CapturePcm) -> None:
        """A period as soon as it comes, or several at once after a nap. Raises one of the card's failures."""
        periods = self._periods_at_once()
        if periods == 1:
            self._naps.forget()
            self._read_on(pcm, 1)
        elif not self._naps.oriented:
            self._read_on(pcm, 1)
            self._naps.waited()
        elif nap_s := self._naps.left_s(periods * self._period_s):
            self._thread.pause(nap_s)
        else:
            self._read_after_a_nap(pcm, periods)

    def _read_after_a_nap(self, pcm: CapturePcm, periods: int) -> None:
        more = pcm.avail() - periods * self.format.period_frames
        xruns = self.counters.xruns
        self._read_on(pcm, periods)
        self._overruns_in_a_row = self._overruns_in_a_row + 1 if self.counters.xruns > xruns else 0
        if self._overruns_in_a_row >= LIES:
            self._overruns_in_a_row, self._most_periods = 0, max(1, periods // 2)
        if more < 0:  # also after an overrun, which `read` tells of
            self._naps.waited()
        else:
            self._naps.took(periods * self._period_s, more / self.format.rate_hz)

    def _periods_wanted(self) -> int:
        taker = self._taker
        return max(1, math.ceil(taker.wanted_frames() / self.format.period_frames)) if taker else 1

    def _periods_at_once(self) -> int:
        """So many as are wanted, but no more than fit into half of the card's buffer, and fewer of one that lied."""
        if not self._most_periods:
            self._most_periods = max(1, self._card.buffer_frames // 2 // self.format.period_frames)
        return min(self._periods_wanted(), self._most_periods)

    def _read_on(self, pcm: CapturePcm, periods: int) -> None:
        """Hand on what could be read, also if the card fails on the way. Raises one of the card's failures."""
        try:
            for _ in range(periods):
                self._read(pcm)
        finally:
            self._hand_over()

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
        if self._taker:
            if self._waiting:
                self._gathered += self._no_longer_waiting()
            self._gathered.append(period)
            return
        with self._lock:
            self.counters.dropped_periods += len(self._waiting) == self._waiting.maxlen
            self._waiting.append(period)
            announced, self._announced = self._announced, True
        if not announced:
            self._thread.post(self._arrived.set)

    def _no_longer_waiting(self) -> list[bytes]:
        """What came before there was a taker."""
        with self._lock:
            waiting = [*self._waiting]
            self._waiting.clear()
        return waiting

    def _hand_over(self) -> None:
        """Give the taker what was gathered for it, and wake the loop if it says so: once until the loop has heard."""
        taker, gathered, self._gathered = self._taker, self._gathered, []
        if not taker or not gathered or not taker.take(gathered[0] if len(gathered) == 1 else b"".join(gathered)):
            return
        with self._lock:
            announced, self._announced = self._announced, True
        if not announced:
            self._thread.post(self._arrived.set)

    def _close(self) -> None:
        self._card.close()
        self._forget()

    def _forget(self) -> None:
        """What is known of a card that is no longer open."""
        self._partial.clear()
        self._naps.forget()
        self._most_periods = 0

    def _stay_muted(self) -> None:
        """Zeros at the card's pace, by deadlines, so that they do not drift."""
        self._close()
        self._reopen_asked.clear()
        delivered_s = self._clock()
        while self._muted and not self._thread.stopping:
            periods = self._periods_wanted()
            due_s = delivered_s + periods * self._period_s
            if self._clock() >= due_s:
                for _ in range(periods):
                    self._deliver(bytes(self.format.period_bytes))
                self._hand_over()
                delivered_s = due_s
            else:
                self._thread.pause(due_s - self._clock())
