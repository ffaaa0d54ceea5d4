"""The English sentences about what sensors measure, and how doors and windows stand."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from daemon.brain.abilities import READ_SENSOR, Abilities
from daemon.brain.recognition.grammar import Template, Value


class SensorIntent(StrEnum):
    """What a sentence about a sensor asks for; none does anything."""

    MEASURE = "measure"
    HOW_WARM = "how warm"
    HOW_IT_STANDS = "how it stands"
    MOTION = "motion"


_TEMPLATES: Final = (
    Template(SensorIntent.MEASURE, "(what is|what's|tell me) the {quantity} (in|on|at|of|by) [the|my] {place}"),
    Template(SensorIntent.MEASURE, "(what is|what's|tell me) the {place} {quantity}"),
    Template(SensorIntent.HOW_WARM, "how (warm|cold|hot) is (it in|it at|) [the|my] {place}"),
    Template(SensorIntent.HOW_IT_STANDS, "(is|are) [the|my] {place} {standing}"),
    Template(SensorIntent.HOW_IT_STANDS, "what does [the|my] {place} (say|show|measure)"),
    Template(
        SensorIntent.MOTION, "is (there motion|there somebody|there anybody|somebody|anybody) in [the|my] {place}"
    ),
)
_QUANTITIES: Final[Mapping[str, Value]] = {
    "temperature": "temperature",
    "humidity": "humidity",
    "pressure": "pressure",
    "air pressure": "pressure",
    "brightness": "brightness",
    "voltage": "voltage",
    "distance": "distance",
}


def about_sensors(able: Abilities) -> Iterator[Template]:
    """The sentences, if there is anything to be read."""
    if able.special.get(READ_SENSOR):
        yield from _TEMPLATES


def sensor_slots(able: Abilities) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """… and what may stand in them, but for names."""
    if able.special.get(READ_SENSOR):
        yield "quantity", _QUANTITIES
        yield "standing", {"open": "open", "opened": "open", "closed": "closed", "shut": "closed"}
