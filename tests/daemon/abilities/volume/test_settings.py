"""The table of the volume."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.abilities.volume.settings import VolumeSettings

NIGHT: dict[str, Any] = {"from": "22:00", "to": "07:00", "percent": 30}


def test_by_default_there_is_no_largest_and_nothing_is_wired() -> None:
    table = VolumeSettings()
    assert (table.alarm, table.announcements, table.step_percent, table.largest) == (80, None, 10, ())
    assert (table.up_pin, table.down_pin, table.encoder_a, table.encoder_b) == (None,) * 4


def test_a_largest_volume_has_hours() -> None:
    (largest,) = VolumeSettings.model_validate({"largest": [NIGHT]}).largest
    assert (largest.begins, largest.ends, largest.percent) == ("22:00", "07:00", 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"alarm": 9},
        {"alarm": 101},
        {"announcements": -1},
        {"step_percent": 5},
        {"step_percent": 51},
        {"up_pin": 28},
        {"pull": "sideways"},
        {"largest": [{**NIGHT, "to": "22:00"}]},
        {"largest": [{**NIGHT, "from": "late"}]},
        {"largest": [{**NIGHT, "percent": 9}]},
        {"largest": [{"from": "22:00", "to": "07:00"}]},
        {"largest": [NIGHT] * 13},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VolumeSettings.model_validate(wrong)
