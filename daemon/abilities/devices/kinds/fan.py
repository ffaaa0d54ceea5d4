"""A fan whose speed can be set, by a transistor on its pin. Below `min_level` it would stand still and hum."""

from typing import Final

from daemon.abilities.devices.kinds.dimming import Dimmed, dimming, level_words
from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.pwm import dimmable
from daemon.abilities.devices.kinds.wired import OWN_SUPPLY, Wired

_WIRED: Final = Wired(
    "A fan whose speed can be set.",
    (("pin", "the gate of a logic-level MOSFET, the fan in its drain"), ("GND", "the source, and the supply's")),
    'name = "fan"\nkind = "fan"\npin = 24\nmin_level = 0.3',
    f"{OWN_SUPPLY} Below `min_level` it would stand still.",
    ("set_device", "set_level", "pulse"),
)

FAN: Final[Kind[Dimmed]] = Kind(
    dimmable,
    lambda safe_on: "come to rest and turn again" if safe_on else "turn and come to rest again",
    (dimming,),
    level_words,
    wired=_WIRED,
)
