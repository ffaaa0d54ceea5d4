"""The keys that only some kinds have: needed, refused and bounded, each with a sentence and a fix."""

from typing import Any

import pytest

from daemon.abilities.devices.settings import DeviceSettings
from daemon.house.checks import faults_between
from tests.daemon.settings.refused import errors_of

LAMP = {"name": "lamp", "pin": 17}


@pytest.mark.parametrize(
    ("keys", "key", "what"),
    [
        ({"kind": "rgb"}, "green_pin", "is needed for a rgb"),
        ({"kind": "rgb", "green_pin": 5}, "blue_pin", "is needed for a rgb"),
        ({"kind": "motor"}, "backward_pin", "is needed for a motor"),
        ({"kind": "led", "green_pin": 5}, "green_pin", 'no meaning for a device of kind "led"'),
        ({"kind": "motor", "backward_pin": 28}, "backward_pin", "less than or equal to 27"),
        ({"kind": "relay", "tone_hz": 440.0}, "tone_hz", 'no meaning for a device of kind "relay"'),
        ({"kind": "buzzer", "tone_hz": 5.0}, "tone_hz", "must be 0, or at least 20, not 5"),
        ({"kind": "buzzer", "max_on_s": 61.0}, "max_on_s", "must be 60 or less for a buzzer, not 61"),
        ({"kind": "pulse", "max_on_s": 11.0}, "max_on_s", "must be 10 or less for a pulse, not 11"),
        ({"kind": "buzzer", "safe": "on"}, "safe", 'cannot be "on" for a buzzer, which would sound all the time'),
        ({"kind": "pulse", "safe": "on"}, "safe", 'cannot be "on" for a pulse, which is never held'),
        ({"kind": "motor", "backward_pin": 5, "safe": "on"}, "safe", 'cannot be "on" for a motor, which rests stopped'),
        ({"kind": "buzzer", "max_level": 0.5}, "max_level", 'no meaning for a device of kind "buzzer"'),
    ],
)
def test_what_cannot_be_is_told_at_its_key(keys: dict[str, Any], key: str, what: str) -> None:
    assert what in errors_of({"device": [LAMP | keys]})["device", 0, key]


@pytest.mark.parametrize(
    ("keys", "longest_s", "rest_s"),
    [
        ({"kind": "led"}, 0, 0),
        ({"kind": "buzzer"}, 10, 0),
        ({"kind": "motor", "backward_pin": 5}, 60, 0),
        ({"kind": "motor", "backward_pin": 5, "max_on_s": 0.0}, 60, 0),
        ({"kind": "pulse"}, 1, 1),
        ({"kind": "pulse", "max_on_s": 0.3, "min_off_s": 10.0}, 0.3, 10),
    ],
)
def test_what_must_not_last_has_a_longest_time_whatever_is_said(
    keys: dict[str, Any], longest_s: float, rest_s: float
) -> None:
    device = DeviceSettings.model_validate(LAMP | keys)
    assert (device.max_on_s, device.min_off_s) == (longest_s, rest_s)


def test_every_pin_of_a_device_counts() -> None:
    light = {"name": "mood", "kind": "rgb", "pin": 5, "green_pin": 6, "blue_pin": 17}
    assert DeviceSettings.model_validate(light).pins == (5, 6, 17)
    [fault] = faults_between({"device": [{**LAMP, "kind": "led"}, light]})
    assert (fault.path, fault.what) == (
        ("device", 1, "blue_pin"),
        'pin 17 is used twice: by device "lamp" and by device "mood"',
    )
    [clock] = faults_between({"device": [{"name": "fan", "kind": "motor", "pin": 5, "backward_pin": 18}]})
    assert "reserved for the I2S sound card (bit clock)" in clock.what


@pytest.mark.parametrize(
    ("keys", "key", "what"),
    [
        ({"hours": "7-22"}, "hours", "hours"),
        ({"hours": "07:00-07:00"}, "hours", 'must begin and end at different times, not "07:00-07:00"'),
        ({"hours": "07:00-22:00", "safe": "on"}, "safe", 'cannot be "on" for a device that has hours'),
        ({"interlock": " "}, "interlock", "must be words"),
        ({"aliases": ["a", ""]}, "aliases", "at least 1"),
    ],
)
def test_limits_that_cannot_be(keys: dict[str, Any], key: str, what: str) -> None:
    errors = errors_of({"device": [LAMP | {"kind": "relay"} | keys]})
    assert [path[2] for path in errors] == [key]
    assert what in str(errors) or "pattern" in str(errors)


def test_hours_are_those_of_the_day_and_none_are_always() -> None:
    device = DeviceSettings.model_validate(LAMP | {"kind": "relay", "hours": "22:00-06:00"})
    assert str(device.allowed) == "from 22:00 to 06:00"
    assert DeviceSettings.model_validate(LAMP | {"kind": "relay"}).allowed is None
