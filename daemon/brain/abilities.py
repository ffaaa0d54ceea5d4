"""What a client's functions let the local brain do, read off their declarations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from daemon.brain.brain import FunctionDeclaration

SET_DEVICE: Final = "set_device"
SET_LEVEL: Final = "set_level"
LIST_DEVICES: Final = "list_devices"
PULSE: Final = "pulse"
SET_COLOUR: Final = "set_colour"
SET_ANGLE: Final = "set_angle"
RUN_MOTOR: Final = "run_motor"
TRIGGER: Final = "trigger"
SET_GROUP: Final = "set_group"
SET_SCENE: Final = "set_scene"
READ_SENSOR: Final = "read_sensor"

EVERYTHING: Final = "everything"
"""The group of all devices."""

SET_TIMER: Final = "set_timer"
SET_ALARM: Final = "set_alarm"
SET_REMINDER: Final = "set_reminder"
PLAN_DEVICE: Final = "plan_device"
LIST_TIMERS: Final = "list_timers"
CHANGE_TIMER: Final = "change_timer"
SET_VOLUME: Final = "set_volume"
CHANGE_VOLUME: Final = "change_volume"
GET_VOLUME: Final = "get_volume"
DO_NOT_DISTURB: Final = "do_not_disturb"
END_CONVERSATION: Final = "end_conversation"

_TAKES: Final[Mapping[str, frozenset[str]]] = {
    SET_TIMER: frozenset({"seconds", "name"}),
    SET_ALARM: frozenset({"at", "repeat"}),
    SET_REMINDER: frozenset({"text", "seconds", "at", "repeat"}),
    PLAN_DEVICE: frozenset({"device", "state", "seconds", "at", "repeat"}),
    LIST_TIMERS: frozenset(),
    CHANGE_TIMER: frozenset({"which", "change", "seconds"}),
    SET_VOLUME: frozenset({"percent", "of"}),
    CHANGE_VOLUME: frozenset({"direction", "of"}),
    GET_VOLUME: frozenset({"of"}),
    DO_NOT_DISTURB: frozenset({"until", "seconds", "on"}),
    END_CONVERSATION: frozenset(),
}
"""The functions of the household's day, and the arguments by which they are known."""

_CHOOSES: Final[Mapping[str, tuple[str, ...]]] = {
    SET_COLOUR: ("device", "colour"),
    SET_ANGLE: ("device",),
    RUN_MOTOR: ("device",),
    TRIGGER: ("device",),
    SET_GROUP: ("group",),
    SET_SCENE: ("scene",),
    READ_SENSOR: ("sensor",),
}
"""The functions for what only some devices do, and the arguments whose values are listed."""

_NUMBERS: Final = ("integer", "number")


@dataclass(frozen=True)
class Abilities:
    """The devices by what can be done to them, in the order the client named them."""

    switchable: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    dimmable: tuple[str, ...] = ()
    level_argument: str = ""
    lists: bool = False
    pulsable: tuple[str, ...] = ()
    plannable: tuple[str, ...] = ()
    day: frozenset[str] = frozenset()
    """Which functions of the household's day there are, by name."""

    special: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, hash=False)
    """The functions for what only some devices do, and what may be chosen for each of their arguments."""

    @property
    def devices(self) -> tuple[str, ...]:
        """Every device, each once."""
        special = (name for chosen in self.special.values() for name in chosen.get("device", ()))
        return tuple(dict.fromkeys((*self.switchable, *self.dimmable, *self.pulsable, *self.plannable, *special)))


def abilities(functions: Sequence[FunctionDeclaration]) -> Abilities:
    """The abilities that `functions` give; a function of a name or shape unknown here gives none."""
    by_name = {function.name: _properties(function) for function in functions}
    switch, level = by_name.get(SET_DEVICE, {}), by_name.get(SET_LEVEL, {})
    numbers = (name for name, schema in level.items() if schema.get("type") in _NUMBERS)
    return Abilities(
        switchable=tuple(_choices(switch, "device")),
        states=tuple(_choices(switch, "state")),
        dimmable=tuple(_choices(level, "device")),
        level_argument=next(numbers, ""),
        lists=LIST_DEVICES in by_name,
        pulsable=tuple(_choices(by_name.get(PULSE, {}), "device")),
        plannable=tuple(_choices(by_name.get(PLAN_DEVICE, {}), "device")),
        day=frozenset(name for name, taken in _TAKES.items() if name in by_name and taken <= by_name[name].keys()),
        special={
            name: {argument: tuple(_choices(by_name[name], argument)) for argument in arguments}
            for name, arguments in _CHOOSES.items()
            if name in by_name and any(_choices(by_name[name], arguments[0]))
        },
    )


def _properties(function: FunctionDeclaration) -> Mapping[str, Mapping[str, Any]]:
    properties = function.parameters.get("properties", {})
    return properties if isinstance(properties, Mapping) else {}


def _choices(properties: Mapping[str, Mapping[str, Any]], name: str) -> Iterator[str]:
    """The names to choose from, as far as they can be said: one without a letter or a digit is like no name at all."""
    choices = properties.get(name, {}).get("enum")
    listed = choices if isinstance(choices, list) else ()
    return (choice for choice in listed if isinstance(choice, str) and any(map(str.isalnum, choice)))
