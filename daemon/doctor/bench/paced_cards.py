"""Sound cards that keep time: what ALSA's kernel side does for a thread that reads and writes, in real time.

They stand in the place of `alsaaudio.PCM` below the real `AlsaMicrophone` and `AlsaSpeaker`; so a thread sleeps here
exactly as often as it would in `snd_pcm_readi` and `snd_pcm_writei`. The standard library alone, for
tests/benchmarks/paced_household.py puts them below those of older checkouts, too.
"""

import time
from typing import Any, Protocol


class Clock(Protocol):
    """What the module `time` does; seconds."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


class PacedCard:
    """Opens itself in the place of `open_capture` or `open_playback`; holds so many periods."""

    def __init__(self, periods: int, clock: Clock) -> None:
        self._periods = periods
        self._clock = clock
        self._began_s: float | None = None
        self._done = 0  # frames read or written since then

    def __call__(self, _device: str, format_: Any) -> Any:
        self._format = format_
        return self

    def info(self) -> dict[str, Any]:
        return {
            "rate": self._format.rate_hz,
            "channels": self._format.channels,
            "format_name": self._format.sample_format,
            "period_size": self._format.period_frames,
            "buffer_size": self._buffer,
        }

    def state(self) -> int:
        return 3  # running

    def drop(self) -> int:
        self._began_s = None
        return 0

    def close(self) -> None:
        pass

    @property
    def _buffer(self) -> int:
        return int(self._format.period_frames * self._periods)

    def _passed(self) -> int:
        """Frames that have gone through the card since it began."""
        if self._began_s is None:
            self._began_s, self._done = self._clock.monotonic(), 0
        return int((self._clock.monotonic() - self._began_s) * self._format.rate_hz)

    def _sleep_until(self, frames: int) -> None:
        due_s = (self._began_s or 0.0) + frames / self._format.rate_hz
        self._clock.sleep(max(0.0, due_s - self._clock.monotonic()))


class PacedCapture(PacedCard):
    """Hears `pcm` (whole periods in the card's format) over and over, from the moment that it is first read."""

    def __init__(self, pcm: bytes, periods: int = 25, clock: Clock = time) -> None:
        super().__init__(periods, clock)
        self._pcm = pcm

    def heard_s(self) -> float:
        """So far into `pcm` the room is by now."""
        seconds = len(self._pcm) / self._format.frame_bytes / self._format.rate_hz
        return 0.0 if self._began_s is None else (self._clock.monotonic() - self._began_s) % seconds

    def avail(self) -> int:
        return min(self._buffer, self._passed() - self._done)

    def read(self) -> tuple[int, bytes]:
        frames = self._format.period_frames
        if self._passed() < self._done + frames:
            self._sleep_until(self._done + frames)
        length = self._format.period_bytes
        at = self._done * self._format.frame_bytes % len(self._pcm)
        self._done += frames
        return frames, self._pcm[at : at + length]


class PacedPlayback(PacedCard):
    """Takes what it is given when there is room for it, and begins to play with the first."""

    def __init__(self, periods: int = 8, clock: Clock = time) -> None:
        super().__init__(periods, clock)
        self.underruns = 0

    def avail(self) -> int:
        return self._buffer - max(0, self._done - self._passed())

    def write(self, data: bytes) -> int:
        frames: int = len(data) // self._format.frame_bytes
        if self._began_s is not None and self._passed() > self._done:
            self.underruns += 1
            self._began_s = None
        missing = self._done + frames - self._buffer if self._began_s is not None else 0
        if self._passed() < missing:
            self._sleep_until(missing)
        self._done += frames
        return frames
