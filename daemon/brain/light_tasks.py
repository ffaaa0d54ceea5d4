"""What is called for the lights of a room, and for brighter and dimmer: the devices are looked at first."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from daemon.brain import replies
from daemon.brain.abilities import LIST_DEVICES, SET_DEVICE, SET_LEVEL, Abilities
from daemon.brain.replies import Answer
from daemon.brain.task import Call, Task, say

Slots = Mapping[str, Any]


class LightIntent(StrEnum):
    """What a sentence about lights asks for."""

    LIGHTS_OF = "lights of a room"
    CHANGE_LEVEL = "change level"


ACTING_ON_LIGHTS: Final[frozenset[str]] = frozenset(LightIntent)
"""All of them do something."""

STEP_PERCENT: Final = 20
"""By which something becomes brighter or dimmer."""

_DIMMEST_PERCENT: Final = 5
"""Dimmer never turns off."""

_LIGHTS: Final = ("light", "lamp", "licht", "leuchte", "luz", "lumi", "lámpara", "abajur", "luce", "spot", "bulb")
"""What is in the name of a light, in the languages of the lexicons."""


def light_task(intent: LightIntent, slots: Slots, able: Abilities) -> Task:
    """What to do about a sentence of theirs."""
    if intent is LightIntent.LIGHTS_OF:
        return Task([Call(LIST_DEVICES)], then=lambda answers: _lights_of(slots, answers[0], able))
    return Task([Call(LIST_DEVICES)], then=lambda answers: _changed(slots, answers[0], able))


def _lights_of(slots: Slots, answer: Answer, able: Abilities) -> Task:
    group, state = str(slots["group"]), str(slots["state"])
    lights = [name for name in _devices_in(group, answer) if name in able.switchable and _is_light(name, able)]
    if not lights:
        return say(replies.WHICH_DEVICE)
    calls = [Call(SET_DEVICE, {"device": name, "state": state}) for name in lights]
    return Task(calls, lambda answers: replies.outcome(lights, state, answers))


def _devices_in(room: str, answer: Answer) -> Sequence[str]:
    return [str(row["device"]) for row in _rows(answer) if str(row.get("room", "")).casefold() == room.casefold()]


def lights_of(able: Abilities) -> Sequence[str]:
    """Everything that is a light by its name."""
    return [name for name in able.switchable if any(word in name.casefold() for word in _LIGHTS)]


def _is_light(name: str, able: Abilities) -> bool:
    return name in able.dimmable or any(word in name.casefold() for word in _LIGHTS)


def _changed(slots: Slots, answer: Answer, able: Abilities) -> Task:
    device, brighter = str(slots["device"]), slots["way"] == "brighter"
    row = next((one for one in _rows(answer) if device in (one["device"], *_also(one))), {})
    level = row.get("level_percent")
    now = level if isinstance(level, int | float) and row.get("state") == "on" else 0
    if not brighter and not now:
        return say(replies.outcome([device], "off", [row]) if row.get("state") == "off" else replies.HOW_BRIGHT)
    wanted = min(now + STEP_PERCENT, 100) if brighter else max(now - STEP_PERCENT, min(now, _DIMMEST_PERCENT))
    call = Call(SET_LEVEL, {"device": device, able.level_argument: round(wanted)})
    return Task([call], lambda answers: replies.outcome([device], "", answers))


def _rows(answer: Answer) -> Sequence[Answer]:
    rows = answer.get("devices")
    return [row for row in rows if isinstance(row, Mapping) and "device" in row] if isinstance(rows, list) else []


def _also(row: Answer) -> Sequence[str]:
    also = row.get("also_called")
    return also if isinstance(also, list) else ()
