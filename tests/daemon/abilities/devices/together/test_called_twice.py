"""Names used twice: refused with one sentence that tells where."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.together.called_twice import faults_of_names

LAMP = {"name": "lamp", "kind": "pwm", "pin": 17, "aliases": ["Lampe"], "room": "hall"}
FRIDGE = {"name": "fridge", "kind": "relay", "pin": 8}


def of_names(**tables: Any) -> list[tuple[Any, str]]:
    return [(fault.path, fault.what) for fault in faults_of_names(tables)]


def test_names_that_can_be_told_apart() -> None:
    hall = {"name": "sign", "kind": "led", "pin": 9, "room": "HALL"}
    assert of_names(device=[LAMP, FRIDGE, hall], group=[{"name": "all lights"}], scene=[{"name": "evening"}]) == []


@pytest.mark.parametrize(
    ("tables", "path", "what"),
    [
        ({"device": [LAMP, {"name": "LAMP"}]}, ("device", 1, "name"), 'another device is called "LAMP" already'),
        (
            {"device": [LAMP, {"name": "desk", "aliases": ["x", "lampe"]}]},
            ("device", 1, "aliases", 1),
            'another device is called "lampe" already',
        ),
        ({"device": [{"name": "a", "aliases": ["A"]}]}, ("device", 0, "aliases", 0), 'another device is called "A"'),
        ({"device": [LAMP], "group": [{"name": "lamp"}]}, ("group", 0, "name"), 'another device is called "lamp"'),
        ({"device": [LAMP], "group": [{"name": "Hall"}]}, ("device", 0, "room"), 'another group is called "hall"'),
        ({"device": [{"name": "b", "room": "b"}]}, ("device", 0, "room"), 'another device is called "b" already'),
        (
            {"scene": [{"name": "x"}, {"name": "y", "aliases": ["X"]}]},
            ("scene", 1, "aliases", 0),
            'another scene is called "X" already',
        ),
    ],
)
def test_a_name_used_twice(tables: dict[str, Any], path: tuple[str | int, ...], what: str) -> None:
    [(at, said)] = of_names(**tables)
    assert at == path
    assert what in said


@pytest.mark.parametrize(
    "tables",
    [
        {"device": [LAMP, {"name": "Everything"}]},
        {"device": [LAMP, {"name": "desk", "aliases": ["everything"]}]},
        {"device": [LAMP, {"name": "desk", "room": "everything"}]},
        {"device": [LAMP], "group": [{"name": "every\u00adthing", "devices": ["lamp"]}]},
        {"device": [LAMP], "scene": [{"name": "everything"}]},
    ],
)
def test_one_name_is_that_of_all_devices_together(tables: dict[str, Any]) -> None:
    """A group of that name would be all that "turn everything off" turns off."""
    assert [what.partition(", ")[2] for _, what in of_names(**tables)] == ["which is all devices together"]


@pytest.mark.parametrize(
    "document",
    [
        {"device": 3, "group": "x", "scene": [3]},
        {"group": [{"devices": 3, "rooms": [3]}], "device": [{"aliases": 3, "name": []}]},
    ],
)
def test_what_is_no_such_table_is_reported_elsewhere(document: dict[str, Any]) -> None:
    assert list(faults_of_names(document)) == []
