"""One light of three colours on three pins of the header, as a row of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.header.channels import Channels

if TYPE_CHECKING:
    from hardware.header.factory import PinFactory


class RgbPixel:
    """Implements `hardware.base.Pixels`."""

    count = 1

    def __init__(self, pins: tuple[int, int, int], factory: PinFactory, *, active_high: bool = True) -> None:
        """`pins` are those of red, green and blue."""
        self.name = "the lights on pins {}, {} and {}".format(*pins)
        self._pins = pins
        self._factory = factory
        self._active_high = active_high
        self._channels: Channels | None = None

    def open(self) -> None:
        self._channels = Channels("the light", self._pins, self._factory, active_high=self._active_high)

    def write(self, frame: bytes) -> None:
        if self._channels:
            self._channels.write([value / 255 for value in frame])

    def close(self) -> None:
        channels, self._channels = self._channels, None
        if channels:
            channels.close()
