"""Thermometers on the 1-Wire bus: the one that is meant, and what is wrong instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hardware.base import Measured
from hardware.errors import DeviceMissing, HardwareError
from hardware.kernel.one_wire import OneWireThermometer
from tests.hardware.kernel.tree import OUTSIDE, thermometer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("text", "degrees"), [("21437\n", 21.437), ("-10125\n", -10.125), ("0\n", 0.0)])
@pytest.mark.parametrize("address", ["", OUTSIDE])
def test_thousandths_of_a_degree(tmp_path: Path, text: str, degrees: float, address: str) -> None:
    thermometer(tmp_path, text)
    assert OneWireThermometer("garden", address, tmp_path).read() == (Measured("temperature", degrees, "°C"),)


def test_of_several_the_one_that_is_named(tmp_path: Path) -> None:
    thermometer(tmp_path, "1000\n")
    thermometer(tmp_path, "2000\n", "28-00000b")
    assert OneWireThermometer("b", "28-00000b", tmp_path).read()[0].value == 2.0
    with pytest.raises(HardwareError, match="is one of 2") as error:
        OneWireThermometer("a", "", tmp_path).read()
    assert error.value.fix == f"write address = and one of 28-00000b, {OUTSIDE}"


@pytest.mark.parametrize("address", ["", "28-000000"])
def test_one_that_is_unplugged_is_missing_and_comes_back(tmp_path: Path, address: str) -> None:
    sensor = OneWireThermometer("garden", address, tmp_path)
    with pytest.raises(DeviceMissing, match='"garden" is not there'):
        sensor.read()
    thermometer(tmp_path, "1000\n", "28-000000")
    assert sensor.read()[0].value == 1.0


@pytest.mark.parametrize("text", ["", "\n", "YES\n", "1e\n", "\x00\xff", "x" * 10_000])
def test_what_is_no_number(tmp_path: Path, text: str) -> None:
    thermometer(tmp_path, text)
    with pytest.raises(HardwareError, match="nothing that is a number"):
        OneWireThermometer("garden", "", tmp_path).read()


def test_a_driver_that_cannot_read_it(tmp_path: Path) -> None:
    file = thermometer(tmp_path, "")
    file.unlink()
    file.mkdir()
    with pytest.raises(HardwareError, match="cannot be read"):
        OneWireThermometer("garden", "", tmp_path).read()
