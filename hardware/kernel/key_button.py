"""A key of a device that the kernel knows as an input: a speakerphone, a headset, the buttons of a board.

Read from /dev/input by its own structure (Linux, Documentation/input/input.rst). Not the package evdev, which has no
wheels and so needs a compiler on the Pi.
"""

from __future__ import annotations

import asyncio
import logging
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from hardware.kernel.key_codes import KEY_CODES

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

EVENT: Final = struct.Struct("llHHi")
"""struct input_event: seconds, microseconds, type, code, value."""
MOST: Final = 64
"""Events at one reading."""
EV_SYN, EV_KEY = 0, 1
SYN_DROPPED: Final = 3
RELEASED, PRESSED = 0, 1
"""2 is the kernel's own repetition."""
AGAIN_S: Final = 5.0
"""So often a device that went away is looked for."""

_log = logging.getLogger(__name__)


class KeyButton:
    """Implements `hardware.base.Button`. A device that is not there is told once, and looked for."""

    def __init__(self, device: str, key: str, root: Path = Path("/")) -> None:
        """`device` is a part of its name, `key` one of KEY_CODES; `root` has the kernel's `sys` and `dev`."""
        self.on_pressed: Callable[[], None] | None = None
        self.on_released: Callable[[float], None] | None = None
        self._device = device
        self._key = key
        self._code = KEY_CODES[key]
        self._root = root
        self._descriptor = -1
        self._pressed_at: float | None = None
        self._missing = False
        self._later: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._look()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._later:
            self._later.cancel()
        self._let_go()

    def _look(self) -> None:
        """Open it, or look again later."""
        self._later = None
        path = event_file(self._root, self._device, self._code)
        try:
            if path is None:
                raise FileNotFoundError(2, "it is not there")
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if not self._missing:
                _log.error('%s of "%s" cannot be used: %s', self._key, self._device, error.strerror)
            self._missing = True
            self._later = self._loop.call_later(AGAIN_S, self._look)
            return
        if self._missing:
            _log.info('%s of "%s" is there again', self._key, self._device)
        self._missing = False
        self._loop.add_reader(self._descriptor, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, EVENT.size * MOST)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:  # it was unplugged
            self._let_go()
            self._look()
            return
        for seconds, micros, kind, code, value in EVENT.iter_unpack(data[: len(data) // EVENT.size * EVENT.size]):
            self._happened(seconds + micros / 1e6, kind, code, value)

    def _happened(self, at_s: float, kind: int, code: int, value: int) -> None:
        if (kind, code) == (EV_SYN, SYN_DROPPED):
            self._release(at_s)  # the kernel has lost some: a key that is held for ever would keep on talking
        elif (kind, code) != (EV_KEY, self._code):
            return
        elif value == PRESSED and self._pressed_at is None:
            self._pressed_at = at_s
            if self.on_pressed:
                self.on_pressed()
        elif value == RELEASED:
            self._release(at_s)

    def _release(self, at_s: float) -> None:
        began_s, self._pressed_at = self._pressed_at, None
        if began_s is not None and self.on_released:
            self.on_released(max(0.0, at_s - began_s) * 1000)

    def _let_go(self) -> None:
        if self._descriptor < 0:
            return
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        if self._pressed_at is not None:
            self._release(self._pressed_at)


def event_file(root: Path, device: str, code: int) -> Path | None:
    """The file in /dev/input of the first device that has this in its name, and the key; None if there is none."""
    folders = root.glob("sys/class/input/event*")
    for folder in sorted(folders, key=lambda folder: int(folder.name.removeprefix("event"))):
        try:
            name = (folder / "device/name").read_text(errors="replace")
            keys = (folder / "device/capabilities/key").read_text()
        except OSError:
            continue
        if device.casefold() in name.casefold() and _has(keys, code):
            return root / "dev/input" / folder.name
    return None


def _has(bitmap: str, code: int) -> bool:
    """Whether a bit is set in words of the kernel's own length, the highest first."""
    words = bitmap.split()
    length = 8 * struct.calcsize("l")
    place = len(words) - 1 - code // length
    return place >= 0 and bool(int(words[place], 16) >> code % length & 1)
