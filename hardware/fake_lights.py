"""Lights, a bus and a USB device that are not there, and remember what they were told: shipped, for every test."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hardware.errors import DeviceMissing, HardwareError

if TYPE_CHECKING:
    from hardware.kernel.usb_port import UsbId


class RecordingPixels:
    """Implements `hardware.base.Pixels`. `arrived` is set with each frame; `missing` and `broken` make it fail."""

    name = "the recorded lights"

    def __init__(self, count: int = 12) -> None:
        self.count = count
        self.frames: list[bytes] = []
        self.opened = 0
        self.closed = 0
        self.missing = self.broken = False
        self.arrived = threading.Event()

    def open(self) -> None:
        if self.missing:
            raise DeviceMissing("there are no lights", fix="plug them in")
        self.opened += 1

    def write(self, frame: bytes) -> None:
        if self.broken:
            raise HardwareError("the lights fail", fix="look at them")
        self.frames.append(frame)
        self.arrived.set()

    def close(self) -> None:
        self.closed += 1
        self.frames.append(bytes(3 * self.count))
        self.arrived.set()


class RecordingPort:
    """A bus that only takes. Implements `hardware.lights.spi_port.Port`."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_open = False
        self.broken = False

    def open(self) -> None:
        self.is_open = True

    def send(self, data: bytes) -> None:
        if self.broken:
            raise HardwareError("the bus fails", fix="look at it")
        self.sent.append(data)

    def close(self) -> None:
        self.is_open = False


class RecordingRequests:
    """A USB device of this id. Implements `hardware.kernel.usb_port.Requests`; `answers` are what is read from it."""

    def __init__(self, device: UsbId, answers: dict[tuple[int, int], bytes] | None = None) -> None:
        self.device = device
        self.answers = answers or {}
        self.sent: list[tuple[int, int, bytes]] = []
        self.is_open = False
        self.refused: int | None = None
        """The request that it refuses."""

    def open(self) -> UsbId:
        self.is_open = True
        return self.device

    def send(self, value: int, index: int, data: bytes) -> None:
        if value == self.refused:
            raise HardwareError(f"request {value} is refused", fix="newer firmware")
        self.sent.append((value, index, data))

    def ask(self, value: int, index: int, length: int) -> bytes:
        return self.answers[value, index][:length]

    def close(self) -> None:
        self.is_open = False
