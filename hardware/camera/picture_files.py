"""A camera that sees pictures from files: for the demo, for tests, and for pictures that something else takes."""

import asyncio
import stat
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware.base import Picture
from hardware.camera.picture import PictureFormat, check_pillow, prepared
from hardware.errors import DeviceMissing, HardwareError

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
LARGEST_BYTES: Final = 50 * 1024 * 1024


class FileCamera:
    """Sees the picture of a file, or those of a folder one after another, by name, and again from the first.

    Implements `hardware.base.Camera`. The file is read anew each time, so that what was put there last is seen.
    """

    def __init__(self, path: Path, picture: PictureFormat, *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._picture = picture
        self._now = now
        self._taken = 0

    async def __aenter__(self) -> Self:
        check_pillow()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    async def frame(self) -> Picture:
        """As `Camera.frame`; DeviceMissing if there is no picture."""
        return await asyncio.to_thread(self._next)

    def _next(self) -> Picture:
        try:
            file = self._file()
            data = _content(file)
        except OSError as error:
            raise _missing(f"the picture {error.filename} cannot be read ({error.strerror})") from error
        return prepared(data, self._picture, taken_s=self._now(), name=str(file))

    def _file(self) -> Path:
        if not stat.S_ISDIR(self._path.stat().st_mode):
            return self._path
        files = sorted(file for file in self._path.iterdir() if file.suffix.lower() in SUFFIXES)
        if not files:
            raise _missing(f"there is no picture in {self._path}")
        self._taken += 1
        return files[(self._taken - 1) % len(files)]


def _content(file: Path) -> bytes:
    """Raises HardwareError for what is no file, and for one that is too large; OSError if it cannot be read."""
    state = file.stat()
    if not stat.S_ISREG(state.st_mode):
        raise HardwareError(f"the picture {file} is no file", fix="name a picture under [camera]")
    if state.st_size > LARGEST_BYTES:
        raise HardwareError(f"the picture {file} is too large", fix="use one of 50 MB at most")
    return file.read_bytes()


def _missing(what: str) -> DeviceMissing:
    return DeviceMissing(what, fix="put a JPEG, PNG or WebP picture there, or correct path under [camera]")
