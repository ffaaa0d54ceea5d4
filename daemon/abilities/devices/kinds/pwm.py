"""A light that can be dimmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.dimming import Dimmed, dimming, level_words
from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.led import shines
from daemon.abilities.devices.kinds.wired import GROUND, Wired

if TYPE_CHECKING:
    from hardware.base import Output
    from hardware.header.factory import PinFactory


def dimmable(device: Dimmed, factory: PinFactory) -> Output:
    """What has levels, on a pin."""
    from hardware.header.output import GpioOutput, OutputSpec

    spec = OutputSpec(
        device.name,
        device.pin,
        dimmable=True,
        active_high=device.active == "high",
        safe_on=device.safe == "on",
        min_level=device.min_level,
        max_level=device.max_level,
    )
    return GpioOutput(spec, factory)


_WIRED: Final = Wired(
    "A light that can be dimmed.",
    (("pin", "a resistor of 330 Ω, then the LED; or the gate of a logic-level MOSFET"), GROUND),
    'name = "night light"\nkind = "pwm"\npin = 12\nmin_level = 0.05\nmax_level = 0.6',
    "It is a wave of 100 Hz made by software: levels are steady to a hundredth of a percent, lamps do not flicker.",
    ("set_device", "set_level", "pulse"),
)

PWM: Final[Kind[Dimmed]] = Kind(dimmable, shines, (dimming,), level_words, wired=_WIRED)
