"""A row or ring of APA102 lights ("DotStar", SK9822) on the SPI bus."""

from __future__ import annotations

import logging
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final

from hardware.errors import HardwareError
from hardware.lights.spi_port import SpiPort

if TYPE_CHECKING:
    from hardware.lights.spi_port import Port

SPEED_HZ: Final = 1_000_000
"""Twelve lights take half a millisecond, and wires of a hand's length carry it."""
START: Final = bytes(4)
"""32 zeros (APA102 data sheet, "Data structure")."""
HEADER: Final = 0xE0
"""Three ones, before the five bits of the brightness."""
BRIGHTEST: Final = 31
LATCH: Final = bytes(4)
"""SK9822 show a frame only with the start of what follows it; APA102 take no notice."""

_log = logging.getLogger(__name__)


class Apa102:
    """Implements `hardware.base.Pixels`."""

    def __init__(self, path: str, count: int, *, port: Port | None = None) -> None:
        """`path` as /dev/spidev0.0; `port` is that file unless a test says."""
        self.name = f"the lights at {path}"
        self.count = count
        self._port = port or SpiPort(path, SPEED_HZ)
        self._open = False

    def open(self) -> None:
        self._port.open()
        self._open = True
        self.write(bytes(3 * self.count))

    def write(self, frame: bytes) -> None:
        self._port.send(wire_of(frame))

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        try:
            self.write(bytes(3 * self.count))
        except HardwareError as error:
            _log.error("%s may stay lit: %s", self.name, error)
        self._port.close()


@lru_cache(maxsize=256)
def wire_of(frame: bytes) -> bytes:
    """The bits that go over the wire for red, green and blue of each light.

    The data sheet ends with 32 ones. What the chips need is one more edge of the clock for every second of them, and
    ones would light a light more than were counted: so zeros, as many as are needed.
    """
    lights = [_light(*frame[at : at + 3]) for at in range(0, len(frame), 3)]
    return b"".join((START, *lights, LATCH, bytes(ceil(len(lights) / 16))))


def _light(red: int, green: int, blue: int) -> bytes:
    """Brightness, blue, green, red: as dark a brightness as will do, so that colours keep their steps when faint."""
    brightness = ceil(max(red, green, blue) * BRIGHTEST / 255)
    if not brightness:
        return bytes((HEADER, 0, 0, 0))
    values = (round(value * BRIGHTEST / brightness) for value in (blue, green, red))
    return bytes((HEADER | brightness, *values))
