"""Sound cards by ALSA. The only file that knows alsaaudio (pyalsaaudio 0.11: others differ in what they return).

A stream has a thread of its own, which alone touches its PCM once it has been opened; alsaaudio lets go of the
interpreter while it reads and writes. The thread speaks to the loop by `call_soon_threadsafe`.
"""

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Any, Final, Self

import alsaaudio  # type: ignore[import-not-found]

from hardware.alsa_messages import keep_quiet
from hardware.base import CaptureCounters, PcmFormat, PlaybackCounters, PlayoutSource
from hardware.card import RETRY_S, CapturePcm, Card, OpenPcm, P, PlaybackPcm
from hardware.driver_thread import DriverThread
from hardware.errors import DeviceMissing, HardwareError
from hardware.holder import Stream, holder
from hardware.mixer import Control, read_element, set_element
from hardware.refusal import MICROPHONE, SPEAKER, Attempt, Part, refusal, usable_names

CAPTURE_BUFFER_MS: Final = 500
"""What the card must be able to hold while our thread waits for the interpreter; it delays nothing.

On one busy processor 160 ms were too few: the first session's libraries load while someone speaks.
"""

PLAYBACK_PERIODS: Final = 4
"""Periods the card holds: enough for a late thread; what is in it when a reply is cut is dropped, not played."""

OPEN_DEADLINE_S: Final = 10.0

WRITE_ATTEMPTS: Final = 3
"""For one period: after an underrun it is written again, and after a short write the rest of it."""

_FORMATS: Final = {"S16_LE": alsaaudio.PCM_FORMAT_S16_LE, "S32_LE": alsaaudio.PCM_FORMAT_S32_LE}
_TYPES: Final = {MICROPHONE: alsaaudio.PCM_CAPTURE, SPEAKER: alsaaudio.PCM_PLAYBACK}
_STREAMS: Final[dict[Stream, int]] = {part.stream: pcm_type for part, pcm_type in _TYPES.items()}

_log = logging.getLogger(__name__)


def open_capture(device: str, format: PcmFormat) -> CapturePcm:  # noqa: A002
    """A PCM that holds CAPTURE_BUFFER_MS or more. Raises `alsaaudio.ALSAAudioError`."""
    period_ms = format.period_frames * 1000 / format.rate_hz
    pcm: CapturePcm = _open(MICROPHONE, device, format, periods=max(4, math.ceil(CAPTURE_BUFFER_MS / period_ms)))
    return pcm


def open_playback(device: str, format: PcmFormat) -> PlaybackPcm:  # noqa: A002
    """A PCM that holds PLAYBACK_PERIODS. Raises `alsaaudio.ALSAAudioError`."""
    pcm: PlaybackPcm = _open(SPEAKER, device, format, periods=PLAYBACK_PERIODS)
    return pcm


def _open(part: Part, device: str, format: PcmFormat, periods: int) -> Any:  # noqa: A002
    keep_quiet()
    return alsaaudio.PCM(
        type=_TYPES[part],
        mode=alsaaudio.PCM_NORMAL,
        device=device,
        rate=format.rate_hz,
        channels=format.channels,
        format=_FORMATS[format.sample_format],
        periodsize=format.period_frames,
        periods=periods,
    )


def capture_devices() -> list[str]:
    """Names a microphone may have here, for messages: cards, and the sound server if there is one."""
    return _devices(MICROPHONE)


def playback_devices() -> list[str]:
    """Names a speaker may have here."""
    return _devices(SPEAKER)


def _devices(part: Part) -> list[str]:
    names: list[str] = alsaaudio.pcms(_TYPES[part])
    return usable_names(names)


def mixer_controls(card: str) -> list[Control]:
    """Every volume and switch of the card of this id or number. Raises `DeviceMissing` if it has no mixer."""
    device = f"hw:{card}"
    keep_quiet()
    seen: Counter[str] = Counter()
    controls = []
    try:
        for name in alsaaudio.mixers(device=device):
            with contextlib.closing(alsaaudio.Mixer(name, id=seen[name], device=device)) as element:
                controls += read_element(element, name, seen[name], _STREAMS)
            seen[name] += 1
    except alsaaudio.ALSAAudioError as error:
        raise DeviceMissing(f"the mixer of card {card} cannot be read ({error})", fix="look with alsamixer") from error
    return controls


def set_control(card: str, control: Control) -> None:
    """Set a control of the card to what `control` says. Raises HardwareError."""
    keep_quiet()
    try:
        with contextlib.closing(alsaaudio.Mixer(control.name, id=control.index, device=f"hw:{card}")) as element:
            set_element(element, control, _STREAMS)
    except alsaaudio.ALSAAudioError as error:
        raise HardwareError(f"{control.name} of card {card} cannot be set ({error})", fix="try alsamixer") from error


def _card(attempt: Attempt, open_pcm: OpenPcm[P], retry_s: Sequence[float]) -> Card[P]:
    return Card(attempt, open_pcm, retry_s, failure=alsaaudio.ALSAAudioError, explain=_explain)


def _explain(attempt: Attempt, error: Exception) -> HardwareError:
    return refusal(attempt, str(error), _devices(attempt.part), holder(attempt.device, attempt.part.stream))


async def _open_first(card: Card[Any]) -> None:
    """Open off the loop, before the stream's own thread exists. Raises HardwareError."""
    try:
        async with asyncio.timeout(OPEN_DEADLINE_S):
            await asyncio.to_thread(card.open)
    except TimeoutError:
        raise HardwareError(
            f"the sound card did not open within {OPEN_DEADLINE_S:g} s", fix="unplug it and plug it in again"
        ) from None


class AlsaMicrophone:
    """Periods from a sound card. Implements `hardware.base.Microphone`.

    Up to `backlog` periods wait for a loop that is busy; then the oldest goes and is counted. An overrun costs the
    period it happened in, which is counted too. Muted, the card is closed.
    """

    def __init__(
        self,
        device: str,
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        *,
        backlog: int = 50,
        open_pcm: OpenPcm[CapturePcm] = open_capture,
        retry_s: Sequence[float] = RETRY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` (seconds) paces the zeros of a muted microphone."""
        self.format = format
        self.counters = CaptureCounters()
        self.on_lost: Callable[[], None] | None = None
        self.on_restored: Callable[[], None] | None = None
        self._card = _card(Attempt(MICROPHONE, device, format), open_pcm, retry_s)
        self._clock = clock
        self._thread = DriverThread("microphone", self._capture)
        self._muted = False
        self._partial = bytearray()  # less than a period
        self._waiting: deque[bytes] = deque(maxlen=backlog)
        self._lock = threading.Lock()  # of _waiting and _announced
        self._announced = False
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Raises HardwareError when the card cannot be opened; not if it is muted, for then it is not opened yet."""
        if not self._muted:
            await _open_first(self._card)
        await self._thread.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._thread.__aexit__(kind, error, trace)

    async def periods(self) -> AsyncIterator[bytes]:
        """As `Microphone.periods`, for one consumer; never ends."""
        while True:
            period = self._next_waiting()
            if period is None:
                await self._arrived.wait()
                self._arrived.clear()
            else:
                yield period

    def mute(self, muted: bool) -> None:
        """As `Microphone.mute`; takes effect within a period."""
        self._muted = muted
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
                if self._muted:
                    self._stay_muted()
                elif self._card.pcm:
                    self._read(self._card.pcm)
                else:
                    self._reopen()
        finally:
            self._card.close()

    def _read(self, pcm: CapturePcm) -> None:
        try:
            frames, data = pcm.read()
        except alsaaudio.ALSAAudioError as error:
            self._lose(error)
            return
        if frames < 0:  # -EPIPE: alsaaudio raises on anything else
            self.counters.xruns += 1
            _note_xrun("microphone", self.counters.xruns)
            self._partial.clear()
            return
        if len(data) != frames * self.format.frame_bytes:
            raise ValueError(f"{len(data)} bytes are not {frames} frames of {self.format.frame_bytes} bytes")
        if frames and self._card.found():
            self.counters.reopened += 1
            self._thread.post(lambda: _call(self.on_restored))
        self._cut(data)

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

    def _lose(self, error: Exception) -> None:
        self._partial.clear()
        if self._card.lose(error):
            self._thread.post(lambda: _call(self.on_lost))
        self._thread.pause(self._card.next_pause_s())

    def _reopen(self) -> None:
        """Open the card that was lost, or closed for being muted."""
        try:
            self._card.open()
        except HardwareError as error:
            self._lose(error)

    def _stay_muted(self) -> None:
        """Zeros at the card's pace, by deadlines, so that they do not drift."""
        self._card.close()
        self._partial.clear()
        period_s = self.format.period_frames / self.format.rate_hz
        due = self._clock() + period_s
        while self._muted and not self._thread.stopping:
            if self._clock() >= due:
                self._deliver(bytes(self.format.period_bytes))
                due += period_s
            self._thread.pause(max(0.0, due - self._clock()))


class AlsaSpeaker:
    """Plays what its source says. Implements `hardware.base.Speaker`.

    An underrun costs nothing but time: the period is written again. At the end, what the card still holds is dropped.
    """

    def __init__(
        self,
        device: str,
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        source: PlayoutSource,
        *,
        open_pcm: OpenPcm[PlaybackPcm] = open_playback,
        retry_s: Sequence[float] = RETRY_S,
    ) -> None:
        self.format = format
        self.counters = PlaybackCounters()
        self._source = source
        self._card = _card(Attempt(SPEAKER, device, format), open_pcm, retry_s)
        self._thread = DriverThread("speaker", self._play)
        self._drop_asked = threading.Event()

    async def __aenter__(self) -> Self:
        """Raises HardwareError when the card cannot be opened."""
        await _open_first(self._card)
        await self._thread.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._thread.__aexit__(kind, error, trace)

    def drop(self) -> None:
        """As `Speaker.drop`."""
        self._drop_asked.set()
        self._thread.nudge()

    # The speaker's thread

    def _play(self) -> None:
        try:
            while not self._thread.stopping:
                self._step()
        finally:
            self._card.close()

    def _step(self) -> None:
        if self._drop_asked.is_set():
            self._drop_asked.clear()
            if self._card.pcm and not self._attempt(self._card.pcm.drop):
                return
            self._source.dropped()
        elif self._card.pcm is None:
            self._reopen()
        else:
            pcm = self._card.pcm
            self._attempt(lambda: self._write_next(pcm))

    def _attempt(self, action: Callable[[], object]) -> bool:
        """Do something to the card; whether it was there."""
        try:
            action()
        except alsaaudio.ALSAAudioError as error:
            self._source.dropped()
            self._lose(error)
            return False
        return True

    def _write_next(self, pcm: PlaybackPcm) -> None:
        frames = self.format.period_frames
        period = self._source.next_period(frames)
        if len(period) != self.format.period_bytes:
            raise ValueError(f"a period of {len(period)} bytes where {self.format.period_bytes} were asked for")
        self._write(pcm, period)
        if self._card.found():
            self.counters.reopened += 1
        self._source.period_written(frames, self._delay_frames(pcm))

    def _write(self, pcm: PlaybackPcm, period: bytes) -> None:
        left = period
        for _attempt in range(WRITE_ATTEMPTS):
            frames = pcm.write(left)
            if frames < 0:  # -EPIPE: alsaaudio raises on anything else
                self.counters.xruns += 1
                _note_xrun("speaker", self.counters.xruns)
                continue
            left = left[frames * self.format.frame_bytes :]
            if not left:
                return

    def _delay_frames(self, pcm: PlaybackPcm) -> int:
        """What the card holds; alsaaudio has no `delay()`, but a full card has no room. 0 after an underrun."""
        room = pcm.avail()
        return max(0, self._card.buffer_frames - room) if room >= 0 else 0

    def _reopen(self) -> None:
        try:
            self._card.open()
        except HardwareError as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        self._card.lose(error)
        self._thread.pause(self._card.next_pause_s())


def _note_xrun(card: str, xruns: int) -> None:
    """Tell the journal of the first, second, fourth, eighth …: a card that is never served in time must not fill it."""
    if xruns.bit_count() == 1:
        _log.warning("%s: an xrun, some sound was lost (%d so far)", card, xruns)


def _call(callback: Callable[[], None] | None) -> None:
    if callback:
        callback()
