"""Vendor requests to a USB device, by the kernel's own file of it. Nothing is claimed: its sound goes on.

Not pyusb, which needs libusb besides: of both, one call of the system would be used (Linux, usbdevice_fs.h).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hardware.errors import DeviceMissing, HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VENDOR_TO_DEVICE: Final = 0x40
"""bmRequestType: out, vendor, device (USB 2.0, table 9-2)."""
VENDOR_FROM_DEVICE: Final = 0xC0
TIMEOUT_MS: Final = 200
_GONE: Final = frozenset({errno.ENODEV, errno.ESHUTDOWN, errno.ENOENT})


class UsbId(NamedTuple):
    vendor: int
    product: int

    def __str__(self) -> str:
        return f"{self.vendor:04x}:{self.product:04x}"


class Control(ctypes.Structure):
    """struct usbdevfs_ctrltransfer."""

    _fields_ = (
        ("request_type", ctypes.c_uint8),
        ("request", ctypes.c_uint8),
        ("value", ctypes.c_uint16),
        ("index", ctypes.c_uint16),
        ("length", ctypes.c_uint16),
        ("timeout_ms", ctypes.c_uint32),
        ("data", ctypes.c_void_p),
    )


USBDEVFS_CONTROL: Final = 3 << 30 | ctypes.sizeof(Control) << 16 | ord("U") << 8
"""`_IOWR('U', 0, struct usbdevfs_ctrltransfer)`."""


class Requests(Protocol):
    """Takes vendor requests, once it is open."""

    def open(self) -> UsbId: ...
    def send(self, value: int, index: int, data: bytes) -> None: ...
    def ask(self, value: int, index: int, length: int) -> bytes: ...
    def close(self) -> None: ...


class UsbPort:
    """The first device with one of these ids. Implements `Requests`; raises HardwareError."""

    def __init__(
        self,
        ids: Sequence[UsbId],
        root: Path = Path("/"),
        *,
        ioctl: Callable[[int, int, Control], int] = fcntl.ioctl,
    ) -> None:
        """`root` has the kernel's `sys` and `dev`."""
        self._ids = ids
        self._root = root
        self._ioctl = ioctl
        self._descriptor = -1

    def open(self) -> UsbId:
        """Which it is; after it was plugged in again it is another file."""
        found, path = self.found()
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            reason = error.strerror or str(error)
            fix = "run `sudo ./install.sh install` again, which gives it to the service"
            raise HardwareError(f"the USB device {found} may not be opened ({reason})", fix=fix) from None
        return found

    def found(self) -> tuple[UsbId, Path]:
        """Which it is, and its file. Raises DeviceMissing."""
        for folder in sorted(self._root.glob("sys/bus/usb/devices/*")):
            try:
                words = {name: (folder / name).read_text().strip() for name in ("idVendor", "idProduct")}
                place = [int((folder / name).read_text()) for name in ("busnum", "devnum")]
            except (OSError, ValueError):
                continue  # an interface, a hub's port, or one that is going away
            for wanted in self._ids:
                if f"{wanted}" == f"{words['idVendor']}:{words['idProduct']}":
                    return wanted, self._root / "dev/bus/usb" / f"{place[0]:03d}" / f"{place[1]:03d}"
        raise self._missing()

    def send(self, value: int, index: int, data: bytes) -> None:
        self._transfer(VENDOR_TO_DEVICE, value, index, ctypes.create_string_buffer(data, len(data)))

    def ask(self, value: int, index: int, length: int) -> bytes:
        """What it answers, `length` bytes at most."""
        buffer = ctypes.create_string_buffer(length)
        came = self._transfer(VENDOR_FROM_DEVICE, value, index, buffer)
        return buffer.raw[:came]

    def close(self) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = -1

    def _transfer(self, kind: int, value: int, index: int, buffer: ctypes.Array[ctypes.c_char]) -> int:
        request = Control(kind, 0, value, index, len(buffer), TIMEOUT_MS, ctypes.addressof(buffer))
        try:
            return self._ioctl(self._descriptor, USBDEVFS_CONTROL, request)
        except OSError as error:
            if error.errno in _GONE:
                raise self._missing() from None
            reason = error.strerror or str(error)
            fix = "unplug it and plug it in again; look for newer firmware of its maker"
            raise HardwareError(f"the USB device refuses request {value} ({reason})", fix=fix) from None

    def _missing(self) -> DeviceMissing:
        ids = " or ".join(map(str, self._ids))
        return DeviceMissing(f"there is no USB device {ids}", fix="plug it in; `lsusb` lists what is there")
