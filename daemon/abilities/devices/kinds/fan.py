"""A fan whose speed can be set, by a transistor on its pin. Below `min_level` it would stand still and hum."""

from typing import Final

from daemon.abilities.devices.kinds.dimming import Dimmed, dimming, level_words
from daemon.abilities.devices.kinds.kind import Kind
from daemon.abilities.devices.kinds.pwm import dimmable

FAN: Final[Kind[Dimmed]] = Kind(
    dimmable,
    lambda safe_on: "come to rest and turn again" if safe_on else "turn and come to rest again",
    (dimming,),
    level_words,
)
