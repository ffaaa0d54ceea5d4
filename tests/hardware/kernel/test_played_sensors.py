"""What plays the files of the kernel's sensors is read by what reads the kernel's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.kernel.industrial_io import IioSensor
from hardware.kernel.one_wire import OneWireThermometer
from hardware.kernel.played_sensors import play_chip, play_processor, play_thermometer
from hardware.kernel.thermal_zone import ProcessorThermometer

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.base import Sensor


def values(sensor: Sensor) -> list[tuple[str, float]]:
    return [(one.quantity, round(one.value, 3)) for one in sensor.read()]


@pytest.mark.parametrize("address", ["", "28-0316a27946ff"])
def test_a_thermometer_and_the_processor(address: str, tmp_path: Path) -> None:
    play_thermometer(tmp_path, address)
    play_processor(tmp_path)
    assert values(OneWireThermometer("outside", address, tmp_path)) == [("temperature", 18.5)]
    assert values(ProcessorThermometer("processor", tmp_path)) == [("temperature", 48.312)]


def test_chips_are_told_apart(tmp_path: Path) -> None:
    play_chip(tmp_path, "bme280", None)
    play_chip(tmp_path, "mcp3008", 3)
    air = dict(values(IioSensor("air", "bme280", tmp_path)))
    assert air == {"temperature": 21.42, "humidity": 48.123, "pressure": 1013.25, "brightness": 320.0}
    assert values(IioSensor("battery", "mcp3008", tmp_path, 3)) == [("voltage", 1.65)]


def test_the_only_chip_needs_no_address(tmp_path: Path) -> None:
    play_chip(tmp_path, "", None)
    assert IioSensor("air", "", tmp_path).read()[0].value == pytest.approx(21.42)
