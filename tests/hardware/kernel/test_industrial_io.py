"""Sensors by the kernel's industrial I/O, in its units, and in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.base import Measured
from hardware.errors import DeviceMissing, HardwareError
from hardware.kernel.industrial_io import IioSensor
from tests.hardware.kernel.tree import IIO, bme280, mcp3008, put

if TYPE_CHECKING:
    from pathlib import Path

AIR = (
    Measured("temperature", pytest.approx(21.42), "°C"),
    Measured("humidity", pytest.approx(48.123), "%"),
    Measured("pressure", pytest.approx(1013.25), "hPa"),
)


@pytest.mark.parametrize("address", ["", "bme280", "iio:device0"])
def test_all_that_a_chip_measures(tmp_path: Path, address: str) -> None:
    bme280(tmp_path)
    assert IioSensor("air", address, tmp_path).read() == AIR


def test_the_chip_that_is_named_whatever_its_number(tmp_path: Path) -> None:
    mcp3008(tmp_path, folder="iio:device0")
    bme280(tmp_path, folder="iio:device7")
    assert IioSensor("air", "bme280", tmp_path).read() == AIR
    with pytest.raises(HardwareError, match="is one of 2"):
        IioSensor("air", "", tmp_path).read()


def test_raw_values_are_scaled_and_moved(tmp_path: Path) -> None:
    for name, text in {"in_temp_raw": "100", "in_temp_offset": "-20", "in_temp_scale": "250"}.items():
        put(tmp_path, f"{IIO}/iio:device0/{name}", text)
    assert IioSensor("air", "", tmp_path).read() == (Measured("temperature", 20.0, "°C"),)


def test_one_voltage_by_the_scale_of_all(tmp_path: Path) -> None:
    mcp3008(tmp_path)
    [measured] = IioSensor("battery", "mcp3008", tmp_path, 3).read()
    assert measured == Measured("voltage", pytest.approx(1.65), "V")


@pytest.mark.parametrize("channel", [None, 4])
def test_what_measures_nothing_that_was_asked(tmp_path: Path, channel: int | None) -> None:
    mcp3008(tmp_path)
    with pytest.raises(HardwareError, match="measures nothing that is known here"):
        IioSensor("battery", "", tmp_path, channel).read()


def test_one_that_is_unplugged(tmp_path: Path) -> None:
    bme280(tmp_path)
    with pytest.raises(DeviceMissing, match='"air" is not there'):
        IioSensor("air", "dht11", tmp_path).read()
