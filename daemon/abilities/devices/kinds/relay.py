"""A relay, and whatever it switches."""

from typing import Final

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.led import switched

RELAY: Final[Kind[Device]] = Kind(switched, lambda _: "click, or what it switches do what it should")
