"""A card and a driver's thread in a time of their own, which counts how often the thread would have been woken.

`Steps` stands in the place of a driver's thread: the test takes its steps, one after the other.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

from hardware.base import PcmFormat
from hardware.sound.card_stream import CardStream


class Time:
    """In seconds; passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.wakes = 0

    def __call__(self) -> float:
        return self.now_s

    def sleep_until(self, due_s: float) -> None:
        if due_s > self.now_s:
            self.now_s = due_s
            self.wakes += 1


class Steps:
    """Stands for `DriverThread`: what is posted to the loop is done at once, and counted."""

    stopping = False

    def __init__(self, time: Time) -> None:
        self.time = time
        self.nudged = False
        self.loop_wakes = 0

    def nudge(self) -> None:
        self.nudged = True

    def pause(self, seconds: float) -> None:
        if not self.nudged:
            self.time.sleep_until(self.time.now_s + seconds)
        self.nudged = False

    def post(self, callback: Callable[[], object]) -> None:
        self.loop_wakes += 1
        callback()


def stepping(stream: CardStream[Any], time: Time) -> Steps:
    """The stream, opened, whose `_step` the test calls."""
    steps = Steps(time)
    stream._thread = steps  # type: ignore[assignment]
    stream._card.open()
    return steps


class VirtualCard:
    """Opens itself in the place of `open_capture` or `open_playback`; `coarse` ones move by whole periods."""

    def __init__(self, time: Time, *, periods: int, coarse: bool = False) -> None:
        self.time = time
        self._periods = periods
        self._coarse = coarse
        self.began_s: float | None = None
        self.done = 0
        self.drops = 0
        self.state_now = 3

    def __call__(self, _device: str, format_: PcmFormat) -> Any:
        self.format = format_
        return self

    def info(self) -> dict[str, object]:
        return {
            "rate": self.format.rate_hz,
            "channels": self.format.channels,
            "format_name": self.format.sample_format,
            "period_size": self.format.period_frames,
            "buffer_size": self.buffer,
        }

    def state(self) -> int:
        return self.state_now

    def drop(self) -> int:
        self.began_s, self.drops = None, self.drops + 1
        return 0

    def close(self) -> None:
        self.began_s = None

    @property
    def buffer(self) -> int:
        return self.format.period_frames * self._periods

    @property
    def passed(self) -> int:
        if self.began_s is None:
            self.began_s, self.done = self.time.now_s, 0
        frames = round((self.time.now_s - self.began_s) * self.format.rate_hz * 1000) // 1000
        return frames - frames % self.format.period_frames if self._coarse else frames

    def wait_for(self, frames: int) -> None:
        if self.passed < frames:
            assert self.began_s is not None
            self.time.sleep_until(self.began_s + frames / self.format.rate_hz)


class VirtualCapture(VirtualCard):
    """Gives what `hear` says of each period, by its number."""

    def __init__(self, time: Time, hear: Callable[[int], bytes], *, coarse: bool = False) -> None:
        super().__init__(time, periods=25, coarse=coarse)
        self._hear = hear
        self._numbers = count()

    def avail(self) -> int:
        return self.passed - self.done

    def read(self) -> tuple[int, bytes]:
        assert self.passed - self.done <= self.buffer, "an overrun"
        self.wait_for(self.done + self.format.period_frames)
        self.done += self.format.period_frames
        return self.format.period_frames, self._hear(next(self._numbers))


class VirtualPlayback(VirtualCard):
    """Keeps what it was given, and when."""

    def __init__(self, time: Time, *, periods: int = 4, coarse: bool = False) -> None:
        super().__init__(time, periods=periods, coarse=coarse)
        self.written: list[tuple[float, bytes]] = []
        self.underruns = 0

    def avail(self) -> int:
        return self.buffer - (self.done - self.passed)

    def write(self, data: bytes) -> int:
        frames = len(data) // self.format.frame_bytes
        if self.began_s is not None and self.passed > self.done:
            self.underruns += 1
            self.began_s = None
        if self.began_s is not None:
            self.wait_for(self.done + frames - self.buffer)
        else:
            assert self.passed == 0
        self.done += frames
        self.written.append((self.time.now_s, data))
        return frames
