"""A relay, and whatever it switches."""

from typing import Final

from daemon.abilities.devices.kinds.kind import Device, Kind
from daemon.abilities.devices.kinds.led import switched
from daemon.abilities.devices.kinds.wired import Wired

_WIRED: Final = Wired(
    "A relay, and whatever it switches.",
    (("pin", "IN of the relay board"), ("5V", "VCC"), ("GND", "GND")),
    'name = "fountain"\nkind = "relay"\npin = 23\nactive = "low"\nmax_on_s = 600.0\nmin_off_s = 60.0',
    'Many boards switch on at a low level: `active = "low"`. Mains voltage is for who has learnt it.',
    ("set_device", "pulse"),
)

RELAY: Final[Kind[Device]] = Kind(switched, lambda _: "click, or what it switches do what it should", wired=_WIRED)
