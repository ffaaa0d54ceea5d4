"""The lights of a room, and brighter and dimmer: by what the devices say of themselves."""

from typing import Any

from daemon.brain.abilities import Abilities
from daemon.brain.light_tasks import LightIntent, light_task
from daemon.brain.task import Call, Task

ABLE = Abilities(("lamp", "fan", "kitchen light"), ("on", "off"), ("lamp",), "percent", lists=True)


def then(intent: LightIntent, slots: dict[str, Any], *rows: dict[str, Any]) -> Task:
    task = light_task(intent, slots, ABLE)
    assert [call.name for call in task.calls] == ["list_devices"]
    assert task.then is not None
    return task.then([{"ok": True, "devices": list(rows)}])


def lights(room: str) -> Task:
    rows = (
        {"device": "lamp", "room": "Den"},
        {"device": "fan", "room": "Den"},
        {"device": "kitchen light", "room": "kitchen"},
    )
    return then(LightIntent.LIGHTS_OF, {"group": room, "state": "off"}, *rows)


def level(way: str, **row: Any) -> Task:
    return then(LightIntent.CHANGE_LEVEL, {"device": "lamp", "way": way}, {"device": "lamp", **row})


def test_only_what_is_a_light_is_switched() -> None:
    assert lights("den").calls == [Call("set_device", {"device": "lamp", "state": "off"})]
    assert lights("kitchen").calls == [Call("set_device", {"device": "kitchen light", "state": "off"})]


def test_a_room_without_a_light_is_asked_about() -> None:
    assert lights("cellar").calls == ()
    assert lights("cellar").reply([]) == "Which device do you mean?"


def test_a_step_from_what_it_is_now() -> None:
    assert level("brighter", state="on", level_percent=50).calls == [
        Call("set_level", {"device": "lamp", "percent": 70})
    ]
    assert level("brighter", state="off", level_percent=50).calls == [
        Call("set_level", {"device": "lamp", "percent": 20})
    ]
    assert level("brighter", state="on", level_percent=95).calls == [
        Call("set_level", {"device": "lamp", "percent": 100})
    ]


def test_dimmer_never_turns_off_nor_on() -> None:
    assert level("dimmer", state="on", level_percent=10).calls == [Call("set_level", {"device": "lamp", "percent": 5})]
    assert level("dimmer", state="off").calls == ()
