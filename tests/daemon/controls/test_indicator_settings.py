"""What may be said of the light."""

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.controls.indicator_settings import IndicatorSettings


def table(**keys: Any) -> IndicatorSettings:
    return IndicatorSettings.model_validate(keys)


@pytest.mark.parametrize(
    ("keys", "wired", "shines"),
    [
        ({}, (), False),
        ({"pin": 22}, (22,), True),
        ({"kind": "rgb", "pins": [17, 27, 22]}, (17, 27, 22), True),
        ({"kind": "apa102", "count": 3, "bus": "spidev1.0"}, (), True),
        ({"kind": "usb", "colours": "distinct", "brightness_percent": 10}, (), True),
    ],
)
def test_which_light_there_is(keys: dict[str, Any], wired: tuple[int, ...], shines: bool) -> None:
    assert (table(**keys).wired, table(**keys).shines) == (wired, shines)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"kind": "rgb"}, "must be three"),
        ({"kind": "rgb", "pins": [17, 27]}, "must be three"),
        ({"kind": "rgb", "pin": 4, "pins": [17, 27, 22]}, "has no meaning"),
        ({"pins": [17, 27, 22]}, "has no meaning"),
        ({"kind": "usb", "pin": 17}, "has no meaning"),
        ({"kind": "usb", "count": 12}, "has no meaning"),
        ({"kind": "apa102", "active": "low"}, "has no meaning"),
        ({"bus": "spidev0.1"}, "has no meaning"),
        ({"kind": "apa102", "bus": "/dev/mem"}, "pattern"),
        ({"kind": "apa102", "count": 1000}, "256"),
        ({"brightness_percent": 0}, "greater than or equal to 5"),
    ],
)
def test_what_makes_no_sense_is_refused(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        table(**keys)
