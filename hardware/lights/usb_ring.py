"""The ring of twelve lights in a USB microphone array, by its maker's requests.

Only those that paint are ever sent: others of the same device save its configuration or restart it, and have left
arrays that do not start any more.
"""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hardware.errors import HardwareError
from hardware.kernel.usb_port import UsbId, UsbPort

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardware.kernel.usb_port import Requests

COUNT: Final = 12
_DARK: Final = bytes(3 * COUNT)

_log = logging.getLogger(__name__)


class Request(NamedTuple):
    """wValue, wIndex and the data of one."""

    number: int
    part: int
    data: bytes


@dataclass(frozen=True)
class Protocol:
    """How one array is told: at first, for each frame, and at the end."""

    begin: tuple[Request, ...]
    paint: Callable[[bytes], Request]
    end: tuple[Request, ...]


# The ReSpeaker USB Mic Array v2.0 (respeaker/pixel_ring, usb_pixel_ring_v2.py): the request is the value.

_MIC_ARRAY: Final = 0x1C


def _customize(frame: bytes) -> Request:
    lights = (frame[at : at + 3] + b"\0" for at in range(0, len(frame), 3))
    return Request(6, _MIC_ARRAY, b"".join(lights))


MIC_ARRAY_V2: Final = Protocol(
    begin=(Request(0x20, _MIC_ARRAY, b"\x1f"), Request(0x22, _MIC_ARRAY, b"\0"), _customize(_DARK)),
    paint=_customize,
    end=(_customize(_DARK),),
)
"""Full brightness, no light in the middle, then colours light by light."""

# The ReSpeaker XVF3800 (respeaker/reSpeaker_XVF3800_USB_4MIC_ARRAY, xvf_host.py): the index is its part for outputs.

_OUTPUTS: Final = 20
_EFFECT, _BRIGHTNESS, _RING_COLOURS = 12, 13, 19
_RING_EFFECT, _NO_EFFECT = b"\5", b"\0"


def _ring_colours(frame: bytes) -> Request:
    colours = [int.from_bytes(frame[at : at + 3], "big") for at in range(0, len(frame), 3)]
    return Request(_RING_COLOURS, _OUTPUTS, struct.pack(f"<{len(colours)}I", *colours))


XVF3800: Final = Protocol(
    begin=(
        Request(_BRIGHTNESS, _OUTPUTS, b"\xff"),
        _ring_colours(_DARK),
        Request(_EFFECT, _OUTPUTS, _RING_EFFECT),
    ),
    paint=_ring_colours,
    end=(_ring_colours(_DARK), Request(_EFFECT, _OUTPUTS, _NO_EFFECT)),
)

RINGS: Final[Mapping[UsbId, Protocol]] = {UsbId(0x2886, 0x0018): MIC_ARRAY_V2, UsbId(0x2886, 0x001A): XVF3800}


class UsbRing:
    """Implements `hardware.base.Pixels`."""

    name = "the lights of the USB array"
    count = COUNT

    def __init__(self, *, port: Requests | None = None) -> None:
        """`port` is the device itself unless a test says."""
        self._port = port or UsbPort(tuple(RINGS))
        self._protocol: Protocol | None = None

    def open(self) -> None:
        self._protocol = RINGS[self._port.open()]
        try:
            self._send(*self._protocol.begin)
        except HardwareError:
            self._protocol = None
            self._port.close()
            raise

    def write(self, frame: bytes) -> None:
        if self._protocol:
            self._send(self._protocol.paint(frame))

    def close(self) -> None:
        protocol, self._protocol = self._protocol, None
        if not protocol:
            return
        try:
            self._send(*protocol.end)
        except HardwareError as error:
            _log.error("%s may stay lit: %s", self.name, error)
        self._port.close()

    def _send(self, *requests: Request) -> None:
        for request in requests:
            self._port.send(*request)
