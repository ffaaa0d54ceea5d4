"""A light that is on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.kind import Device, Kind

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


LED: Final[Kind[Device]] = Kind(switched, shines)
