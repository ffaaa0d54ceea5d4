"""Sound cards that do what a test says, in the place of `alsaaudio.PCM`."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any

import alsaaudio

from hardware.base import PcmFormat


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for another thread to get there."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  the other thread has no event to set
            await asyncio.sleep(0.001)


def gone(text: str = "No such device") -> alsaaudio.ALSAAudioError:
    """What alsaaudio raises, without an error number."""
    return alsaaudio.ALSAAudioError(f"{text} [hw:Mic]")


class ScriptedCard:
    """Opens itself in the place of `open_capture` or `open_playback`; every opening takes the next of `openings`.

    An opening is None for "it opens" or the error it fails with; when they are used up, it opens.
    """

    def __init__(self, *openings: Exception | None, **info: object) -> None:
        self.openings = list(openings)
        self.opened = 0
        self.closed = 0
        self.dropped = 0
        self.differs = info
        self.released = threading.Event()

    def __call__(self, device: str, fmt: PcmFormat) -> Any:
        assert device == "hw:Mic"
        self.fmt = fmt
        opening = self.openings.pop(0) if self.openings else None
        if opening:
            raise opening
        self.opened += 1
        return self

    def info(self) -> dict[str, object]:
        return {
            "rate": self.fmt.rate_hz,
            "channels": self.fmt.channels,
            "format_name": self.fmt.sample_format,
            "period_size": self.fmt.period_frames,
            "buffer_size": 4 * self.fmt.period_frames,
        } | self.differs

    def drop(self) -> int:
        self.dropped += 1
        return 0

    def close(self) -> None:
        assert self.closed < self.opened, "closed twice"
        self.closed += 1


class ScriptedMicrophone(ScriptedCard):
    """Gives what was put into `feed`: bytes, a negative number for an xrun, or an error."""

    def __init__(self, *openings: Exception | None, **info: object) -> None:
        super().__init__(*openings, **info)
        self.feed: queue.Queue[bytes | int | Exception] = queue.Queue()
        self.reads = 0

    def give(self, *items: bytes | int | Exception) -> None:
        for item in items:
            self.feed.put(item)

    def read(self) -> tuple[int, bytes]:
        while not self.released.is_set():
            try:
                item = self.feed.get(timeout=0.002)
            except queue.Empty:
                continue
            self.reads += 1
            if isinstance(item, Exception):
                raise item
            return (item, b"") if isinstance(item, int) else (len(item) // self.fmt.frame_bytes, item)
        return self.fmt.period_frames, bytes(self.fmt.period_bytes)


class ScriptedSpeaker(ScriptedCard):
    """Takes a period for each `permit()`, by the next of `answers`: an error, a number of frames, or None for all."""

    def __init__(self, *openings: Exception | None, **info: object) -> None:
        super().__init__(*openings, **info)
        self.answers: list[Exception | int | None] = []
        self.written: list[bytes] = []
        self.room = 0
        self.permits = threading.Semaphore(0)

    def permit(self, periods: int = 1) -> None:
        self.permits.release(periods)

    def write(self, data: bytes) -> int:
        while not self.permits.acquire(timeout=0.002):
            if self.released.is_set():
                return len(data) // self.fmt.frame_bytes
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        frames = len(data) // self.fmt.frame_bytes if answer is None else answer
        if frames > 0:
            self.written.append(data[: frames * self.fmt.frame_bytes])
        return frames

    def avail(self) -> int:
        return self.room
