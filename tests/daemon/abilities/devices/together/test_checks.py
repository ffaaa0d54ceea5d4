"""Members and steps that cannot be: each refused with one sentence and a fix."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.together.checks import faults_of_interlocks, faults_of_members

LAMP = {"name": "lamp", "kind": "pwm", "pin": 17, "aliases": ["Lampe"], "room": "hall", "max_level": 0.8}
BLIND = {"name": "blind", "kind": "servo", "pin": 5, "max_angle": 45.0}
MOTOR = {"name": "curtain", "kind": "motor", "pin": 6, "backward_pin": 7}
FRIDGE = {"name": "fridge", "kind": "relay", "pin": 8, "safe": "on", "read_only": True}
DEVICES = [LAMP, BLIND, MOTOR, FRIDGE]


def of_members(**tables: Any) -> list[tuple[Any, str, str]]:
    return [(fault.path, fault.what, fault.fix) for fault in faults_of_members({"device": DEVICES, **tables})]


def step(**keys: Any) -> list[tuple[Any, str, str]]:
    return of_members(scene=[{"name": "evening", "steps": [keys]}])


@pytest.mark.parametrize(
    ("group", "at", "what", "fix"),
    [
        ({}, ("devices",), "must name a device, or rooms must name a room", 'write devices = ["desk lamp"]'),
        (
            {"devices": ["lump"]},
            ("devices", 0),
            'must name a device, not "lump"',
            "the devices are lamp, blind, curtain, fridge",
        ),
        (
            {"devices": ["lampe", "blind"]},
            ("devices", 1),
            'must not name "blind", a servo, which is not turned on by itself',
            "name it in a scene, or not at all",
        ),
        (
            {"devices": ["fridge"]},
            ("devices", 0),
            'must not name "fridge", which is only looked at',
            "name it in a scene, or not at all",
        ),
        ({"rooms": ["attic"]}, ("rooms", 0), 'must name a room of a device, not "attic"', "the rooms are hall"),
    ],
)
def test_a_group_of_what_cannot_be(group: dict[str, Any], at: tuple[str | int, ...], what: str, fix: str) -> None:
    assert of_members(group=[{"name": "g", **group}]) == [(("group", 0, *at), what, fix)]


@pytest.mark.parametrize(
    ("keys", "key", "what"),
    [
        ({"device": "lump"}, "device", 'must name a device, not "lump"'),
        ({"device": "fridge"}, "device", 'must not name "fridge", which is only looked at'),
        ({"device": "lamp", "colour": "red"}, "colour", 'has no meaning here: "lamp" is a pwm'),
        ({"device": "lamp", "percent": 90}, "percent", 'must be 0 to 80 for "lamp", not 90'),
        ({"device": "blind"}, "device", 'degrees is needed for "blind", a servo'),
        ({"device": "blind", "degrees": 60}, "degrees", 'must be -90 to 45 for "blind", not 60'),
        ({"device": "curtain"}, "device", 'direction is needed for "curtain", a motor'),
        ({"device": "curtain", "degrees": 3}, "degrees", 'has no meaning here: "curtain" is a motor'),
    ],
)
def test_a_step_that_cannot_be(keys: dict[str, Any], key: str, what: str) -> None:
    [(at, said, fix)] = step(**keys)
    assert (at, said) == (("scene", 0, "steps", 0, key), what)
    assert fix


def test_steps_that_can_be() -> None:
    assert step(device="Lampe", percent=80) == []
    assert step(device="curtain", state="off") == []
    assert step(device="blind", degrees=-90) == []


def test_two_steps_for_one_device_by_two_of_its_names() -> None:
    steps = [{"device": "lamp"}, {"device": "Lampe", "state": "off"}]
    [(at, what, _)] = of_members(scene=[{"name": "s", "steps": steps}])
    assert (at, what) == (
        ("scene", 0, "steps", 1, "device"),
        'must name another device: there is a step for "lamp" already',
    )


def test_a_device_that_cannot_be_read_is_reported_where_it_stands_alone() -> None:
    broken = {"name": "desk", "kind": "led", "pin": 99}
    assert list(faults_of_members({"device": [broken], "group": [{"name": "g", "devices": ["desk"]}]})) == []


@pytest.mark.parametrize(
    "document",
    [
        {"device": 3, "group": "x", "scene": [3]},
        {"group": [{"devices": 3, "rooms": [3]}], "device": [{"aliases": 3, "name": []}]},
        {"scene": [{"steps": [3, {"device": 4}, {}]}]},
    ],
)
def test_what_is_no_such_table_is_reported_elsewhere(document: dict[str, Any]) -> None:
    assert [fault.what for fault in faults_of_members(document) if "must name a device, or" not in fault.what] == []


UP = {"name": "up", "kind": "relay", "pin": 9, "interlock": "blind"}
DOWN = {"name": "down", "kind": "relay", "pin": 10, "interlock": "Blind"}


def of_interlocks(*devices: dict[str, Any], **tables: Any) -> list[tuple[Any, str]]:
    return [(fault.path, fault.what) for fault in faults_of_interlocks({"device": list(devices), **tables})]


def test_two_that_exclude_one_another() -> None:
    scene = [{"name": "s", "steps": [{"device": "up", "state": "off"}, {"device": "down"}]}]
    assert of_interlocks(UP, DOWN, LAMP, {**DOWN, "name": "side", "safe": "on"}, scene=scene) == []


@pytest.mark.parametrize(
    ("devices", "tables", "path", "what"),
    [
        ([UP, LAMP], {}, ("device", 0, "interlock"), 'is of one device alone: no other has interlock = "blind"'),
        (
            [UP, {**UP, "name": "a", "safe": "on"}, {**UP, "name": "b", "safe": "on"}],
            {},
            ("device", 2, "interlock"),
            'must not be that of two devices whose safe state is "on": both would be on at the start',
        ),
        (
            [{**UP, "safe": "on", "read_only": True}, DOWN],
            {},
            ("device", 0, "interlock"),
            'must not be that of "up", which is always on: the others could never be',
        ),
        (
            [UP, DOWN],
            {"group": [{"name": "g", "devices": ["up", "down"]}]},
            ("group", 0, "devices", 1),
            'must not turn "down" on together with "up": they have one interlock',
        ),
        (
            [UP, DOWN],
            {"scene": [{"name": "s", "steps": [{"device": "down"}, {"device": "up", "state": "on"}]}]},
            ("scene", 0, "steps", 1, "device"),
            'must not turn "up" on together with "down": they have one interlock',
        ),
    ],
)
def test_an_interlock_that_cannot_hold(
    devices: list[dict[str, Any]], tables: dict[str, Any], path: tuple[str | int, ...], what: str
) -> None:
    assert of_interlocks(*devices, **tables) == [(path, what)]


def test_interlocks_of_what_is_no_table() -> None:
    assert (
        list(faults_of_interlocks({"device": [3, {"interlock": 4}], "group": 3, "scene": [{"steps": [4, {}]}]})) == []
    )


def test_who_names_what_is_not_there_is_told_some_of_what_is() -> None:
    """In as many words however many devices there are: a thousand mistakes would tell a million names."""
    many = [{"name": f"lamp {number}", "kind": "led", "pin": 5, "room": f"room {number}"} for number in range(100)]
    wrong = {"name": "all", "devices": ["lmap"], "rooms": ["romo"]}
    fixes = [fault.fix for fault in faults_of_members({"device": many, "group": [wrong]})]
    assert fixes == [
        f"the {what}s are " + ", ".join([*(f"{name} {number}" for number in range(12)), "…"])
        for what, name in (("device", "lamp"), ("room", "room"))
    ]
