"""The rings of USB arrays: each request byte by byte, and none that saves or restarts anything."""

import pytest

from hardware.errors import HardwareError
from hardware.fake_lights import RecordingRequests
from hardware.kernel.usb_port import UsbId
from hardware.lights.usb_ring import RINGS, UsbRing

MIC_ARRAY_V2 = UsbId(0x2886, 0x0018)
XVF3800 = UsbId(0x2886, 0x001A)
FRAME = bytes((1, 2, 3)) + bytes(30) + bytes((250, 251, 252))

ALLOWED = {
    MIC_ARRAY_V2: {(6, 0x1C), (0x20, 0x1C), (0x22, 0x1C)},
    XVF3800: {(12, 20), (13, 20), (19, 20)},
}
"""Of the XVF3800, 48/9 and 48/10 save and clear the configuration, 48/7 restarts it: never those."""


def shown(device: UsbId) -> list[tuple[int, int, bytes]]:
    port = RecordingRequests(device)
    ring = UsbRing(port=port)
    ring.open()
    ring.write(FRAME)
    ring.close()
    assert not port.is_open
    return port.sent


def test_the_ring_of_the_mic_array_v2() -> None:
    dark = (6, 0x1C, bytes(48))
    assert shown(MIC_ARRAY_V2) == [
        (0x20, 0x1C, b"\x1f"),
        (0x22, 0x1C, b"\x00"),
        dark,
        (6, 0x1C, bytes((1, 2, 3, 0)) + bytes(40) + bytes((250, 251, 252, 0))),
        dark,
    ]


def test_the_ring_of_the_xvf3800() -> None:
    dark = (19, 20, bytes(48))
    assert shown(XVF3800) == [
        (13, 20, b"\xff"),
        dark,
        (12, 20, b"\x05"),
        (19, 20, bytes((3, 2, 1, 0)) + bytes(40) + bytes((252, 251, 250, 0))),
        dark,
        (12, 20, b"\x00"),
    ]


@pytest.mark.parametrize("device", RINGS)
def test_nothing_else_is_ever_sent(device: UsbId) -> None:
    assert {(value, index) for value, index, _ in shown(device)} <= ALLOWED[device]


def test_an_array_that_refuses_at_first_is_let_go() -> None:
    port = RecordingRequests(XVF3800)
    port.refused = 12
    ring = UsbRing(port=port)
    with pytest.raises(HardwareError):
        ring.open()
    assert not port.is_open
    ring.close()


def test_an_array_that_refuses_at_the_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    port = RecordingRequests(XVF3800)
    ring = UsbRing(port=port)
    ring.open()
    port.refused = 19
    ring.close()
    assert "may stay lit" in caplog.text
    assert not port.is_open
