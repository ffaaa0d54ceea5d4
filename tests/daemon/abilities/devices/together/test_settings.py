"""The tables of groups and scenes, each by itself."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.together.settings import SceneStep
from daemon.house.settings import Settings
from tests.daemon.settings.refused import errors_of


@pytest.mark.parametrize(
    ("document", "path", "what"),
    [
        ({"group": [{"name": " "}]}, ("group", 0, "name"), "must be words"),
        ({"group": [{"name": "g", "aliases": ["a  b"]}]}, ("group", 0, "aliases", 0), "must be words"),
        ({"scene": [{"name": "s", "steps": []}]}, ("scene", 0, "steps"), "at least 1"),
        (
            {"scene": [{"name": "s", "steps": [{"device": "x", "colour": "taupe"}]}]},
            ("scene", 0, "steps", 0, "colour"),
            'must be a colour that has a name, not "taupe"',
        ),
        (
            {"scene": [{"name": "s", "steps": [{"device": "x", "state": "off", "percent": 3.0}]}]},
            ("scene", 0, "steps", 0, "percent"),
            "has no meaning for what is turned off",
        ),
        ({"device": [{"name": "a", "kind": "led", "pin": 5, "room": " "}]}, ("device", 0, "room"), "must be words"),
    ],
)
def test_what_cannot_be_is_told_at_its_key(document: dict[str, Any], path: tuple[str | int, ...], what: str) -> None:
    assert what in errors_of(document)[path]


def test_nothing_but_a_name_and_steps_is_needed() -> None:
    house = Settings.model_validate({"scene": [{"name": "s", "steps": [{"device": "lamp"}]}], "group": [{"name": "g"}]})
    assert house.scenes[0].steps == (SceneStep(device="lamp"),)
    assert house.groups[0].devices == ()
