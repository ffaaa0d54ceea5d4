"""What is called for the sentences about what only some devices do."""

from collections.abc import Callable, Mapping
from typing import Any

from daemon.brain import replies
from daemon.brain.abilities import RUN_MOTOR, SET_ANGLE, SET_COLOUR, SET_GROUP, SET_SCENE, TRIGGER
from daemon.brain.device_phrases import DeviceIntent
from daemon.brain.task import Call, Task

Slots = Mapping[str, Any]


def device_task(intent: DeviceIntent, slots: Slots) -> Task:
    """What to do about a sentence of theirs."""
    return _TASKS[intent](slots)


def _one(function: str, device: str, wanted: str = "", **arguments: Any) -> Task:
    call = Call(function, {"device": device, **arguments})
    return Task([call], lambda answers: replies.outcome([device], wanted, answers))


def _trigger(slots: Slots) -> Task:
    device = slots["triggered"]
    return Task([Call(TRIGGER, {"device": device})], lambda answers: replies.triggered(device, answers[0]))


def _together(function: str, **arguments: Any) -> Task:
    return Task([Call(function, arguments)], lambda answers: replies.several(answers[0]))


_TASKS: Mapping[DeviceIntent, Callable[[Slots], Task]] = {
    DeviceIntent.SET_COLOUR: lambda slots: _one(SET_COLOUR, slots["coloured"], colour=slots["colour"]),
    DeviceIntent.SET_ANGLE: lambda slots: _one(SET_ANGLE, slots["turned"], degrees=slots["degrees"]),
    DeviceIntent.RUN_MOTOR: lambda slots: _one(RUN_MOTOR, slots["motor"], "on", direction=slots["way"]),
    DeviceIntent.STOP_MOTOR: lambda slots: _one(RUN_MOTOR, slots["motor"], "off", direction="stop"),
    DeviceIntent.TRIGGER: _trigger,
    DeviceIntent.SET_GROUP: lambda slots: _together(SET_GROUP, group=slots["group"], state=slots["state"]),
    DeviceIntent.SET_SCENE: lambda slots: _together(SET_SCENE, scene=slots["scene"]),
}
