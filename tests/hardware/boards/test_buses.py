"""Pins that config.txt gives to the kernel."""

from __future__ import annotations

import pytest

from hardware.boards.buses import pins_of_buses


@pytest.mark.parametrize(
    ("line", "pins"),
    [
        ("dtoverlay=w1-gpio", {4}),
        ("dtoverlay=w1-gpio,gpiopin=17,pullup=0", {17}),
        ("dtoverlay=w1-gpio,gpiopin=x", {4}),
        ("dtoverlay=dht11,gpiopin=5", {5}),
        ("dtparam=i2c_arm=on", {2, 3}),
        ("dtparam=i2c_arm", {2, 3}),
        ("dtparam=audio=on,spi=on", {7, 8, 9, 10, 11}),
        ("enable_uart=1", {14, 15}),
        ("dtparam=i2c_arm=off", set()),
        ("enable_uart=0", set()),
        ("dtparam=audio=on", set()),
        ("dtoverlay=i2c-sensor,bme280", set()),
        ("", set()),
        ("=,=,", set()),
    ],
)
def test_each_line_gives_its_pins(line: str, pins: set[int]) -> None:
    assert pins_of_buses([line]).keys() == pins


def test_the_owner_is_told_with_the_line() -> None:
    assert pins_of_buses(["dtoverlay=w1-gpio"])[4] == "the 1-Wire bus (dtoverlay=w1-gpio in config.txt)"
