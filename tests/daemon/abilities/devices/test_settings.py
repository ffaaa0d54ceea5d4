"""What a device cannot be, beside what the walls of each key keep out."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.abilities.devices.settings import DeviceSettings


def device(**keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"name": "thing", "kind": "relay", "pin": 17, **keys})


@pytest.mark.parametrize("name", ["", " lamp", "a  b", "...", "\u3164", "\u1160\u115f", "a\tb", "x" * 41])
def test_a_name_can_be_said_and_seen(name: str) -> None:
    """U+3164 counts as a letter, and shows nothing."""
    with pytest.raises(ValidationError):
        device(name=name)


@pytest.mark.parametrize(
    ("kind", "keys", "longest", "rest"),
    [
        ("relay", {}, 0, 0),
        ("buzzer", {}, 10, 0),
        ("motor", {"backward_pin": 27}, 60, 0),
        ("pulse", {}, 1, 1),
        ("pulse", {"max_on_s": 0.5, "min_off_s": 3.0}, 0.5, 3),
    ],
)
def test_what_is_not_said_is_by_its_kind(kind: str, keys: dict[str, Any], longest: float, rest: float) -> None:
    made = device(kind=kind, **keys)
    assert (made.max_on_s, made.min_off_s) == (longest, rest)


@pytest.mark.parametrize(
    "keys",
    [
        {"interlock_gap_s": 0.5},
        {"interlock": "blind", "interlock_gap_s": 5.5},
        {"interlock": "blind", "interlock_gap_s": 0.01},
        {"hours": "07:00-07:00"},
        {"hours": "24:00-07:00"},
        {"hours": "07:00-22:00", "safe": "on"},
        {"safe": "on", "max_on_s": 5.0},
        {"kind": "pulse", "max_on_s": 11.0},
        {"max_on_s": 0.001},
        {"kind": "servo", "safe": "on"},
        {"max_level": 0.5},
        {"kind": "motor"},
        {"kind": "servo", "min_angle": 30.0, "max_angle": 30.0},
        {"kind": "servo", "min_angle": 0.0, "max_angle": 1e-7},
    ],
)
def test_what_does_not_go_together_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        device(**keys)


def test_its_pins_are_all_that_it_is_wired_to() -> None:
    assert device(kind="rgb", green_pin=27, blue_pin=22).pins == (17, 27, 22)
