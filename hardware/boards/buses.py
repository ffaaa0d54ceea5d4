"""Which pins config.txt gives to a bus of the kernel: who switches them takes the bus down, or is refused the pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SWITCHES: Final[Mapping[str, tuple[str, tuple[int, ...]]]] = {
    "dtparam=i2c_arm": ("the I2C bus", (2, 3)),
    "dtparam=i2c": ("the I2C bus", (2, 3)),
    "dtparam=i2c1": ("the I2C bus", (2, 3)),
    "dtparam=spi": ("the SPI bus", (7, 8, 9, 10, 11)),
    "enable_uart": ("the serial port", (14, 15)),
}
_OVERLAYS: Final = {"dtoverlay=w1-gpio": "the 1-Wire bus", "dtoverlay=dht11": "the kernel's DHT11 or DHT22"}
DATA_PINS_OF_SPI0: Final = (10, 11)
"""What it drives whatever its overlay says: data and clock."""
_USUAL_PIN: Final = 4
"""Of both overlays (README of Raspberry Pi's overlays)."""


def pins_of_buses(lines: Iterable[str]) -> Mapping[int, str]:
    """Whose each pin is, and by which line of config.txt."""
    return dict(pin for line in lines for pin in _pins_of(line))


def _pins_of(line: str) -> Iterator[tuple[int, str]]:
    name, *options = line.replace(" ", "").split(",")
    if owner := _OVERLAYS.get(name):
        given = dict(option.partition("=")[::2] for option in options).get("gpiopin", "")
        yield (int(given) if given.isdecimal() else _USUAL_PIN), f"{owner} ({line} in config.txt)"
        return
    first, _, _ = name.partition("=")
    for switch in (name, *(f"{first}={option}" for option in options)):
        key, _, value = switch.rpartition("=")
        whole, on = (key, value) if key in _SWITCHES else (switch, "on")
        if whole in _SWITCHES and on in {"on", "1", "yes", "true"}:
            owner, pins = _SWITCHES[whole]
            yield from ((pin, f"{owner} ({line} in config.txt)") for pin in pins)
