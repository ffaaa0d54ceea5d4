"""From a sentence that was understood to the functions to call, and from their answers to the reply."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from daemon.brain import replies
from daemon.brain.abilities import EVERYTHING, LIST_DEVICES, PULSE, SET_DEVICE, SET_GROUP, SET_LEVEL, Abilities
from daemon.brain.device_phrases import ACTING_ON_DEVICES, DeviceIntent
from daemon.brain.device_tasks import device_task
from daemon.brain.light_tasks import LightIntent, light_task
from daemon.brain.phrases import Intent
from daemon.brain.recognition.grammar import Sentence
from daemon.brain.sensor_phrases import SensorIntent
from daemon.brain.sensor_tasks import sensor_task
from daemon.brain.sound_phrases import SoundIntent
from daemon.brain.sound_tasks import sound_task
from daemon.brain.task import Call, Task, say
from daemon.brain.time_phrases import TimeIntent
from daemon.brain.time_tasks import time_task


def task_of(sentence: Sentence, abilities: Abilities, now: datetime) -> Task:
    """What to do about `sentence`; raises ValueError if it is not of the local brain's grammar."""
    if sentence.intent in set(TimeIntent):
        return time_task(TimeIntent(sentence.intent), sentence.slots, now)
    if sentence.intent in set(SoundIntent):
        return sound_task(SoundIntent(sentence.intent), sentence.slots, now)
    if sentence.intent in ACTING_ON_DEVICES:
        return device_task(DeviceIntent(sentence.intent), sentence.slots)
    if sentence.intent in set(LightIntent):
        return light_task(LightIntent(sentence.intent), sentence.slots, abilities)
    if sentence.intent in set(SensorIntent):
        return sensor_task(SensorIntent(sentence.intent), sentence.slots)
    return _TASKS[Intent(sentence.intent)](sentence.slots, abilities, now)


def _switch(devices: Sequence[str], state: str) -> Task:
    calls = [Call(SET_DEVICE, {"device": device, "state": state}) for device in devices]
    return Task(calls, lambda answers: replies.outcome(devices, state, answers))


def _switch_all(state: str, abilities: Abilities) -> Task:
    """By one call where there is one: of devices that have several names each would be switched as often."""
    if EVERYTHING in abilities.special.get(SET_GROUP, {}).get("group", ()):
        return Task(
            [Call(SET_GROUP, {"group": EVERYTHING, "state": state})], lambda answers: replies.several(answers[0])
        )
    return _switch(abilities.switchable, state)


def _set_level(device: str, percent: int, abilities: Abilities) -> Task:
    if device not in abilities.dimmable:
        return say(replies.not_dimmable(device))
    call = Call(SET_LEVEL, {"device": device, abilities.level_argument: percent})
    return Task([call], lambda answers: replies.outcome([device], "", answers))


def _pulse(device: str) -> Task:
    return Task([Call(PULSE, {"device": device})], lambda answers: replies.pulsed(device, answers[0]))


def _list(only: str) -> Task:
    return Task([Call(LIST_DEVICES)], lambda answers: replies.inventory(answers[0], only))


def _ask(device: str, asked: str) -> Task:
    return Task([Call(LIST_DEVICES)], lambda answers: replies.state_report(device, asked, answers[0]))


_Maker = Callable[[Mapping[str, Any], Abilities, datetime], Task]

_TASKS: Mapping[Intent, _Maker] = {
    Intent.SWITCH: lambda slots, *_: _switch([slots["device"]], slots["state"]),
    Intent.TOGGLE: lambda slots, *_: _switch([slots["device"]], "toggle"),
    Intent.SWITCH_TWO: lambda slots, *_: _switch(
        list(dict.fromkeys((slots["device"], slots["other"]))), slots["state"]
    ),
    Intent.SWITCH_ALL: lambda slots, abilities, _: _switch_all(slots["state"], abilities),
    Intent.SET_LEVEL: lambda slots, abilities, _: _set_level(slots["device"], slots["percent"], abilities),
    Intent.PULSE: lambda slots, *_: _pulse(slots["device"]),
    Intent.ASK_STATE: lambda slots, *_: _ask(slots["device"], slots.get("asked", "")),
    Intent.LIST_DEVICES: lambda slots, *_: _list(slots.get("asked", "")),
    Intent.TELL_TIME: lambda _slots, _abilities, now: say(replies.time_of_day(now)),
    Intent.TELL_DATE: lambda _slots, _abilities, now: say(replies.date_of(now)),
    Intent.HELP: lambda _slots, abilities, _: say(replies.what_i_can_do(abilities)),
    Intent.GREET: lambda *_: say(replies.GREETING),
    Intent.THANK: lambda *_: say(replies.WELCOME),
}
