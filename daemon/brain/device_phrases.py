"""The English sentences about what only some devices do: colours, motors, servos, door openers, groups, scenes."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from daemon.brain.abilities import (
    READ_SENSOR,
    RUN_MOTOR,
    SET_ANGLE,
    SET_COLOUR,
    SET_GROUP,
    SET_SCENE,
    TRIGGER,
    Abilities,
)
from daemon.brain.recognition.grammar import Template, Value
from daemon.brain.spoken_numbers import number_words


class DeviceIntent(StrEnum):
    """What a sentence about such a device asks for."""

    SET_COLOUR = "set colour"
    SET_ANGLE = "set angle"
    RUN_MOTOR = "run motor"
    STOP_MOTOR = "stop motor"
    TRIGGER = "trigger"
    SET_GROUP = "set group"
    SET_SCENE = "set scene"


ACTING_ON_DEVICES: Final[frozenset[str]] = frozenset(DeviceIntent)
"""All of them do something."""

_ASK: Final = "[please|can you|could you|would you]"
_PLEASE: Final = "[please|, please]"

_SENTENCES: Final[Mapping[str, tuple[tuple[DeviceIntent, str], ...]]] = {
    SET_COLOUR: (
        (DeviceIntent.SET_COLOUR, f"{_ASK} (turn|make|set) [the|my] {{coloured}} [to] {{colour}} {_PLEASE}"),
        (DeviceIntent.SET_COLOUR, f"[the] {{coloured}} {{colour}} {_PLEASE}"),
    ),
    SET_ANGLE: (
        (DeviceIntent.SET_ANGLE, f"{_ASK} (turn|move|set) [the|my] {{turned}} to {{degrees}} degrees {_PLEASE}"),
    ),
    RUN_MOTOR: (
        (DeviceIntent.RUN_MOTOR, f"{_ASK} (run|move|drive) [the|my] {{motor}} {{way}} {_PLEASE}"),
        (DeviceIntent.STOP_MOTOR, f"{_ASK} stop [the|my] {{motor}} {_PLEASE}"),
    ),
    TRIGGER: ((DeviceIntent.TRIGGER, f"{_ASK} (open|trigger) [the|my] {{triggered}} {_PLEASE}"),),
    SET_GROUP: (
        (DeviceIntent.SET_GROUP, f"{_ASK} (turn|switch) {{state}} [everything in] [the|my] {{group}} {_PLEASE}"),
        (DeviceIntent.SET_GROUP, f"{_ASK} (turn|switch) [everything in] [the|my] {{group}} {{state}} {_PLEASE}"),
    ),
    SET_SCENE: ((DeviceIntent.SET_SCENE, f"{_ASK} (activate|start|set) [the] [scene] {{scene}} [scene] {_PLEASE}"),),
}
_CHOSEN: Final = {
    "coloured": (SET_COLOUR, "device"),
    "colour": (SET_COLOUR, "colour"),
    "turned": (SET_ANGLE, "device"),
    "motor": (RUN_MOTOR, "device"),
    "triggered": (TRIGGER, "device"),
    "group": (SET_GROUP, "group"),
    "scene": (SET_SCENE, "scene"),
    "place": (READ_SENSOR, "sensor"),
}
"""What may stand in a slot is what may be chosen for an argument."""


def about_devices(able: Abilities) -> Iterator[Template]:
    """The sentences for what `able` has."""
    for name, rows in _SENTENCES.items():
        if able.special.get(name):
            yield from (Template(intent, pattern) for intent, pattern in rows)


def device_slots(able: Abilities) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """… and what may stand in them, but for names, which are spoken as others are."""
    if able.special.get(SET_ANGLE):
        yield "degrees", dict(_angles())
    if able.special.get(RUN_MOTOR):
        yield "way", {**dict.fromkeys(("forward", "forwards"), "forward"), **_BACKWARD}


def chosen(able: Abilities) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The slots that hold a name, and the names."""
    for slot, (function, argument) in _CHOSEN.items():
        if names := able.special.get(function, {}).get(argument):
            yield slot, names


_BACKWARD: Final[Mapping[str, Value]] = dict.fromkeys(("backward", "backwards", "back", "in reverse"), "backward")


def _angles() -> Iterator[tuple[str, Value]]:
    for number in range(91):
        yield from ((number_words(number), number), (str(number), number))
        yield from ((f"minus {number_words(number)}", -number), (f"-{number}", -number))
