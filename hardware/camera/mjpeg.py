"""A camera behind a program that writes Motion JPEG to its standard output, such as rpicam-vid or v4l2-ctl.

The program runs for as long as the camera is on, and no longer. A program can be ended whatever its driver does; a
thread that hangs in the driver could not. See docs/decisions/0020-cameras-are-read-through-the-systems-own-programs.md.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware.base import Picture
from hardware.camera.picture import PictureFormat, check_pillow, prepared
from hardware.errors import DeviceBusy, DeviceMissing, HardwareError

FRAME_DEADLINE_S: Final = 5.0
"""For the first picture: a Pi Zero 2 W needs about two seconds to start its camera (estimated, not measured)."""
STOP_DEADLINE_S: Final = 1.0
SETTLING_FRAMES: Final = 4
"""The first pictures are too dark or too blue: exposure and white balance take about a second."""
LARGEST_FRAME_BYTES: Final = 8 * 1024 * 1024
_START, _END = b"\xff\xd8", b"\xff\xd9"
_STDERR_BYTES: Final = 4096

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, what the camera is called in a message, and what to do when something is missing."""

    command: Sequence[str]
    camera: str
    install: str
    """How the program gets onto the machine."""
    look_for: str
    """How a camera that is not found is looked for."""
    device: str = ""
    """The device that the program opens, if it is known: v4l2-ctl does not say why it cannot."""


class FrameSplitter:
    """Cuts a stream into JPEGs. In a JPEG without a thumbnail, 0xFFD9 stands at its end and nowhere else (ITU T.81)."""

    def __init__(self, largest_bytes: int = LARGEST_FRAME_BYTES) -> None:
        """What has grown beyond `largest_bytes` without an end is no JPEG, and is thrown away."""
        self._largest = largest_bytes
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The JPEGs that `data` completes; bytes between them are dropped."""
        self._pending += data
        frames = []
        while (start := self._pending.find(_START)) >= 0:
            end = self._pending.find(_END, start)
            if end < 0:
                del self._pending[:start]
                break
            frames.append(bytes(self._pending[start : end + len(_END)]))
            del self._pending[: end + len(_END)]
        else:
            del self._pending[:-1]  # it may be the first half of a mark
        if len(self._pending) > self._largest:
            self._pending.clear()
        return frames


class MjpegCamera:
    """Implements `hardware.base.Camera`. Of the pictures that arrive the newest is kept, others are dropped."""

    def __init__(
        self,
        program: Program,
        picture: PictureFormat,
        *,
        frame_deadline_s: float = FRAME_DEADLINE_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._program = program
        self._picture = picture
        self._frame_deadline_s = frame_deadline_s
        self._now = now

    async def __aenter__(self) -> Self:
        check_pillow()
        self._frames = 0
        self._newest = b""
        self._changed = asyncio.Event()
        self._ended = False
        self._complaint = b""
        self._process = await self._start()
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._readers = [self._tasks.create_task(read()) for read in (self._read_frames, self._read_complaints)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _end(self._process)
        for reader in self._readers:
            reader.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def frame(self) -> Picture:
        """As `Camera.frame`: the first picture that was begun after the call."""
        wanted = max(self._frames + 2, SETTLING_FRAMES)
        try:
            async with asyncio.timeout(self._frame_deadline_s):
                while self._frames < wanted and not self._ended:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise self._silent() from None
        if self._frames < wanted:
            raise self._refusal()
        return await asyncio.to_thread(
            prepared, self._newest, self._picture, taken_s=self._now(), name=f"what {self._program.camera} sent"
        )

    async def _start(self) -> asyncio.subprocess.Process:
        program = self._found()
        try:
            return await asyncio.create_subprocess_exec(
                program,
                *self._program.command[1:],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},  # and no key
            )
        except OSError as error:
            raise HardwareError(f"{program} cannot be started ({error.strerror})", fix=self._program.install) from error

    def _found(self) -> str:
        """The program, if it and its device can be used."""
        program, device = shutil.which(self._program.command[0]), self._program.device
        if program is None:
            raise DeviceMissing(f"there is no program {self._program.command[0]}", fix=self._program.install)
        if device and not os.access(device, os.R_OK | os.W_OK):
            raise self._forbidden() if Path(device).exists() else self._missing()
        return program

    async def _read_frames(self) -> None:
        splitter = FrameSplitter()
        assert self._process.stdout  # noqa: S101 - it was asked for
        while data := await self._process.stdout.read(65_536):
            for frame in splitter.feed(data):
                self._newest = frame
                self._frames += 1
                self._changed.set()
        self._ended = True
        self._changed.set()

    async def _read_complaints(self) -> None:
        assert self._process.stderr  # noqa: S101 - it was asked for
        while data := await self._process.stderr.read(_STDERR_BYTES):
            self._complaint = (self._complaint + data)[-_STDERR_BYTES:]

    def _silent(self) -> HardwareError:
        return HardwareError(
            f"{self._program.camera} sent no picture within {self._frame_deadline_s:g} s", fix=self._program.look_for
        )

    def _refusal(self) -> HardwareError:
        """Why the program ended, by its last words."""
        lines = self._complaint.decode(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")[:200]
        text = "\n".join(lines).lower()
        camera = self._program.camera
        if "permission denied" in text or "operation not permitted" in text:
            return self._forbidden()
        if "busy" in text or "failed to acquire" in text:
            return DeviceBusy(f"{camera} is in use by another program", fix="stop that program")
        if "no cameras available" in text or "no such device" in text:
            return self._missing()
        return HardwareError(f"{camera} stopped ({said})", fix=self._program.look_for)

    def _missing(self) -> DeviceMissing:
        return DeviceMissing(f"{self._program.camera} is not there", fix=self._program.look_for)

    def _forbidden(self) -> HardwareError:
        return HardwareError(
            f"no permission to use {self._program.camera}",
            fix="run `sudo ./install.sh install` again; by hand: sudo usermod -aG video USER",
        )


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the program to end, and then make it. One whose driver hangs even then is left behind, and reported."""
    for stop in (process.terminate, process.kill):
        with contextlib.suppress(ProcessLookupError):
            stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_DEADLINE_S):
                await process.wait()
                return
    _log.warning("process %d, which reads the camera, did not end", process.pid)
