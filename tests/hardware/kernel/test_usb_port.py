"""Vendor requests: the bytes of the kernel's structure, and which device they go to."""

import ctypes
import errno
from pathlib import Path

import pytest

from hardware.errors import DeviceMissing, HardwareError
from hardware.kernel.usb_port import USBDEVFS_CONTROL, Control, UsbId, UsbPort

ARRAY = UsbId(0x2886, 0x001A)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine with a hub and an array, in its second place."""
    for name, words in {
        "usb1": ("1d6b", "0002", "1", "1"),
        "1-1.2": ("2886", "001a", "1", "7"),
        "1-1.2:1.0": None,
    }.items():
        folder = tmp_path / "sys/bus/usb/devices" / name
        folder.mkdir(parents=True)
        for file, word in zip(("idVendor", "idProduct", "busnum", "devnum"), words or (), strict=False):
            (folder / file).write_text(f"{word}\n")
    (tmp_path / "dev/bus/usb/001").mkdir(parents=True)
    (tmp_path / "dev/bus/usb/001/007").touch()
    return tmp_path


def test_a_request_goes_to_the_device_as_the_kernel_wants_it(root: Path) -> None:
    seen: list[tuple[int, tuple[int, ...], bytes]] = []

    def ioctl(_descriptor: int, request: int, control: Control) -> int:
        data = ctypes.string_at(control.data, control.length)
        head = (control.request_type, control.request, control.value, control.index, control.length)
        seen.append((request, head, data))
        return int(control.length)

    port = UsbPort((UsbId(0x2886, 0x0018), ARRAY), root, ioctl=ioctl)
    assert port.open() == ARRAY
    port.send(12, 20, b"\5")
    assert seen == [(USBDEVFS_CONTROL, (0x40, 0, 12, 20, 1), b"\5")]
    assert (0xC018_5500 if ctypes.sizeof(ctypes.c_void_p) == 8 else 0xC010_5500) == USBDEVFS_CONTROL
    assert [Control.request_type.offset, Control.value.offset, Control.timeout_ms.offset] == [0, 2, 8]
    port.close()


def test_an_answer_is_as_long_as_the_device_says(root: Path) -> None:
    def ioctl(_descriptor: int, _request: int, control: Control) -> int:
        assert control.request_type == 0xC0
        ctypes.memmove(control.data, b"\0\1\2", 3)
        return 3

    port = UsbPort((ARRAY,), root, ioctl=ioctl)
    port.open()
    assert port.ask(0x80, 20, 6) == b"\0\1\2"
    port.close()


def test_without_the_device(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match="there is no USB device 2886:001a"):
        UsbPort((ARRAY,), tmp_path).open()


def test_a_device_that_may_not_be_opened(root: Path) -> None:
    (root / "dev/bus/usb/001/007").unlink()
    (root / "dev/bus/usb/001/007").mkdir()
    with pytest.raises(HardwareError, match="may not be opened"):
        UsbPort((ARRAY,), root).open()


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENODEV, "there is no USB device"), (errno.EPIPE, "refuses request 19")]
)
def test_what_goes_wrong_on_the_way(root: Path, number: int, says: str) -> None:
    def ioctl(*_: object) -> int:
        raise OSError(number, "no")

    port = UsbPort((ARRAY,), root, ioctl=ioctl)
    port.open()
    with pytest.raises(HardwareError, match=says):
        port.send(19, 20, bytes(48))
    port.close()
