"""The kernel's SPI bus as a file that takes bytes: `/dev/spidev0.0`.

Not the package spidev, which has no wheels and so needs a compiler on the Pi: three calls of the system are enough
(Linux, Documentation/spi/spidev.rst).
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from hardware.errors import DeviceBusy, DeviceMissing, HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable

WR_MODE: Final = 0x40016B01
"""SPI_IOC_WR_MODE: `_IOW('k', 1, u8)` of linux/spi/spidev.h."""
WR_MAX_SPEED_HZ: Final = 0x40046B04
"""SPI_IOC_WR_MAX_SPEED_HZ: `_IOW('k', 4, u32)`."""
MODE: Final = 0
ALLOWED: Final = "answer yes to spi in `./install.sh install`"
ADVICE: Final = f"{ALLOWED}, and restart: it writes dtparam=spi=on into config.txt"


class Port(Protocol):
    """Takes bytes and gives none."""

    def open(self) -> None: ...
    def send(self, data: bytes) -> None: ...
    def close(self) -> None: ...


class SpiPort:
    """One device on the bus. Implements `Port`; raises HardwareError, with the name of the file."""

    def __init__(self, path: str, speed_hz: int, *, ioctl: Callable[[int, int, bytes], object] = fcntl.ioctl) -> None:
        self._path = path
        self._speed_hz = speed_hz
        self._ioctl = ioctl
        self._descriptor = -1

    def open(self) -> None:
        """In mode 0, at the speed: what the device tree names as the fastest is too fast for wires."""
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            self._ioctl(self._descriptor, WR_MODE, struct.pack("=B", MODE))
            self._ioctl(self._descriptor, WR_MAX_SPEED_HZ, struct.pack("=I", self._speed_hz))
        except OSError as error:
            self.close()
            raise _refused(self._path, error) from None

    def send(self, data: bytes) -> None:
        """Returns when the last bit is out; at most 4096 bytes, which is what the driver takes at once."""
        try:
            os.write(self._descriptor, data)
        except OSError as error:
            raise _refused(self._path, error) from None

    def close(self) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = -1


def _refused(path: str, error: OSError) -> HardwareError:
    reason = error.strerror or str(error)
    match error.errno:
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return DeviceMissing(f"there is no {path}", fix=ADVICE)
        case errno.EBUSY:
            return DeviceBusy(f"{path} is in use", fix="stop what else drives lights, or name another bus")
        case errno.EACCES | errno.EPERM:
            return HardwareError(
                f"{path} may not be opened ({reason})", fix="answer yes to spi in `./install.sh install`"
            )
    return HardwareError(f"{path} fails ({reason})", fix=ADVICE)
