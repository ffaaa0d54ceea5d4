"""A buzzer: one that sounds as soon as it has power, or one that is given its tone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.wired import Wired

if TYPE_CHECKING:
    from hardware.base import Output
    from hardware.header.factory import PinFactory


class Sounding(Device, Protocol):
    """What the settings say of one besides."""

    @property
    def tone_hz(self) -> float: ...


def _claim(device: Sounding, factory: PinFactory) -> Output:
    from hardware.header.output import GpioOutput, OutputSpec

    spec = OutputSpec(device.name, device.pin, active_high=device.active == "high", tone_hz=device.tone_hz)
    return GpioOutput(spec, factory)


_WIRED: Final = Wired(
    "A buzzer.",
    (("pin", "a resistor of 100 Ω, then +"), ("GND", "-")),
    'name = "buzzer"\nkind = "buzzer"\npin = 25\ntone_hz = 2000.0',
    "One that makes no tone by itself (passive) is given `tone_hz`. "
    "It falls silent after `max_on_s`, 10 s if nothing is said.",
    ("set_device", "pulse"),
)

BUZZER: Final[Kind[Sounding]] = Kind(_claim, lambda _: "sound and fall silent again", in_rooms=False, wired=_WIRED)
