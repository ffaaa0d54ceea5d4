"""The bus as a file: which calls of the system it takes, and what is said when one fails."""

import errno
from pathlib import Path
from typing import Any

import pytest

from hardware.errors import DeviceBusy, DeviceMissing, HardwareError
from hardware.lights.spi_port import SpiPort


def test_it_sets_mode_and_speed_by_the_numbers_of_the_kernel(tmp_path: Path) -> None:
    calls: list[tuple[int, bytes]] = []
    bus = tmp_path / "spidev0.0"
    bus.touch()
    port = SpiPort(str(bus), 1_000_000, ioctl=lambda _descriptor, request, data: calls.append((request, data)))
    port.open()
    port.send(b"\x00\xff")
    port.close()
    # linux/spi/spidev.h: _IOW('k', 1, __u8) and _IOW('k', 4, __u32)
    assert calls == [
        (1 << 30 | 1 << 16 | ord("k") << 8 | 1, b"\0"),
        (1 << 30 | 4 << 16 | ord("k") << 8 | 4, (1_000_000).to_bytes(4, "little")),
    ]
    assert bus.read_bytes() == b"\x00\xff"


def test_a_bus_that_is_not_there() -> None:
    with pytest.raises(DeviceMissing, match=r"there is no /dev/spidev99\.9") as told:
        SpiPort("/dev/spidev99.9", 1).open()
    assert "dtparam=spi=on" in told.value.fix


@pytest.mark.parametrize(
    ("number", "kind", "says"),
    [
        (errno.EBUSY, DeviceBusy, "is in use"),
        (errno.EACCES, HardwareError, "may not be opened"),
        (errno.EIO, HardwareError, "fails"),
    ],
)
def test_what_the_kernel_refuses(tmp_path: Path, number: int, kind: type[HardwareError], says: str) -> None:
    bus = tmp_path / "spidev0.0"
    bus.touch()

    def refuse(*_: Any) -> None:
        raise OSError(number, "no")

    with pytest.raises(kind, match=says):
        SpiPort(str(bus), 1, ioctl=refuse).open()


def test_a_bus_that_is_not_open_any_more() -> None:
    port = SpiPort("/dev/spidev0.0", 1)
    port.close()
    with pytest.raises(HardwareError):
        port.send(b"\0")
