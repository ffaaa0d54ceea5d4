"""A camera that sees pictures from files: for the demo, for tests, and for pictures that something else takes."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from types import TracebackType
from typing import Final, Self

from hardware.base import Picture
from hardware.errors import DeviceMissing, HardwareError
from hardware.picture import PictureFormat, check_pillow, prepared

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
        file = self._file()
        self._taken += 1
        try:
            status = file.stat()
            if not S_ISREG(status.st_mode):  # a named pipe would be waited for
                raise _missing(f"{file} is no file with a picture")
            if status.st_size > LARGEST_BYTES:
                raise HardwareError(f"the picture {file} is too large", fix="use one of 50 MB at most")
            data = file.read_bytes()
        except OSError as error:
            raise _missing(f"the picture {file} cannot be read ({error.strerror})") from error
        return prepared(data, self._picture, taken_s=self._now(), name=str(file))

    def _file(self) -> Path:
        try:
            if not S_ISDIR(self._path.stat().st_mode):
                return self._path
            files = sorted(file for file in self._path.iterdir() if file.suffix.lower() in SUFFIXES)
        except OSError as error:
            raise _missing(f"the picture {self._path} cannot be read ({error.strerror})") from error
        if not files:
            raise _missing(f"there is no picture in {self._path}")
        return files[self._taken % len(files)]


def _missing(what: str) -> DeviceMissing:
    return DeviceMissing(what, fix="put a JPEG, PNG or WebP picture there, or correct path under [camera]")
