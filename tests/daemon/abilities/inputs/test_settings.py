"""The table of an input: what cannot be is refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.daemon.abilities.inputs.entrance import table


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"actions": [{"when": "pressed", "do": "mute"}]}, 'must not wait for "pressed" of a contact'),
        ({"actions": [{"when": "opened"}]}, "must be given if scene and say are not, and only then"),
        ({"actions": [{"when": "opened", "say": "x", "do": "mute"}]}, "must be given if scene and say are not"),
        ({"actions": [{"when": "opened", "say": "x", "scene": "y"}]}, "must be given if scene and say are not"),
        ({"actions": [{"when": "opened", "say": " "}]}, "has no words in it"),
        ({"actions": [{"when": "opened", "say": "..."}]}, "has no words in it"),
        ({"actions": [{"when": "opened", "do": "mute"}] * 2}, "must not do one thing twice at one moment"),
        ({"actions": [{"when": "opened", "do": "unmute"}]}, "'', 'listen', 'mute', 'louder' or 'quieter'"),
        ({"held_after_ms": 500}, 'has no meaning for an input of kind "contact"'),
        ({"kind": "ds18b20"}, 'has no meaning for an input of kind "ds18b20"'),
        ({"kind": "distance"}, "is needed for a distance"),
        ({"echo_pin": 5}, 'has no meaning for an input of kind "contact"'),
        ({"pin": None}, "is needed for a contact"),
        ({"address": "28-1"}, 'has no meaning for an input of kind "contact"'),
        ({"kind": "iio", "pin": None, "address": "../x"}, "should match pattern"),
        ({"kind": "cpu", "pin": None, "channel": 1}, 'has no meaning for an input of kind "cpu"'),
        ({"kind": "iio", "pin": None, "actions": [{"when": "opened", "say": "x"}]}, "has no meaning for an input of"),
        ({"kind": "motion", "pin": 2}, "cannot be high at pin 2"),
        ({"pin": 3, "active": "high"}, "cannot be high at pin 3"),
        ({"kind": "light", "pin": 2}, "cannot be 2, which has a resistor to 3.3 V"),
        ({"kind": "distance", "echo_pin": 3}, "cannot be 3, which has a resistor to 3.3 V"),
        ({"kind": "encoder"}, "is needed for an encoder"),
        ({"kind": "encoder", "b_pin": 5, "bounce_ms": 5}, 'has no meaning for an input of kind "encoder"'),
        ({"kind": "light", "pin": None}, "is needed for a light"),
        ({"kind": "encoder", "b_pin": 5, "actions": [{"when": "held", "say": "x"}]}, 'wait for "held" of an encoder'),
        ({"b_pin": 5}, 'has no meaning for an input of kind "contact"'),
        ({"max_value": 5.0}, 'has no meaning for an input of kind "contact"'),
        ({"kind": "cpu", "pin": None, "min_value": 5.0, "max_value": 5.0}, "must be above min_value, which is 5, not"),
        ({"kind": "ds18b20", "pin": None, "min_value": 200.0}, "must be -55 to 125, which is what a ds18b20 measures"),
        ({"kind": "light", "max_value": -1.0}, "must be 0 to 100, which is what a light measures, not -1"),
        ({"kind": "cpu", "pin": None, "min_value": float("nan")}, "should be a finite number"),
        ({"pin": 28}, "less than or equal to 27"),
        ({"name": " door"}, "must be words with single spaces"),
        ({"room": "a  b"}, "must be words with single spaces"),
    ],
)
def test_what_cannot_be(keys: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError) as error:
        table(**keys)
    assert what in str(error.value)


def test_an_address_on_the_1_wire_bus_is_written_as_the_kernel_does() -> None:
    assert table(kind="ds18b20", pin=None, address="28-0316A27946FF").address == "28-0316a27946ff"
    assert table(kind="iio", pin=None, address="Foo").address == "Foo"


def test_what_can_be() -> None:
    assert table(pin=2).active == "usual"
    button = table(
        kind="button", held_after_ms=500, actions=[{"when": "held", "do": "mute"}, {"when": "held", "say": "Off."}]
    )
    assert [action.when for action in button.actions] == ["held", "held"]


def test_what_the_kernel_reads_needs_no_pin() -> None:
    sensor = table(kind="iio", pin=None, address="mcp3008", channel=0, frozen_after=0)
    assert (sensor.pin, sensor.address, sensor.channel) == (None, "mcp3008", 0)
