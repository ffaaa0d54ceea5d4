"""A light that is on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.wired import Wired

if TYPE_CHECKING:
    from hardware.base import Output
    from hardware.header.factory import PinFactory


def switched(device: Device, factory: PinFactory) -> Output:
    """What is on or off on a pin."""
    from hardware.header.output import GpioOutput, OutputSpec

    high, on = device.active == "high", device.safe == "on"
    return GpioOutput(OutputSpec(device.name, device.pin, active_high=high, safe_on=on), factory)


def shines(safe_on: bool) -> str:
    return "go dark and light up again" if safe_on else "light up and go dark again"


_WIRED: Final = Wired(
    "A light that is on or off.",
    (("pin", "a resistor of 330 Ω, then the long leg of the LED"), ("GND", "the short leg")),
    'name = "desk lamp"\nkind = "led"\npin = 26',
    "Anything brighter than one LED wants a transistor, or a relay.",
    ("set_device", "pulse"),
)

LED: Final[Kind[Device]] = Kind(switched, shines, wired=_WIRED)
