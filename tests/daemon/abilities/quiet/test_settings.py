"""The table of quiet hours."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.abilities.quiet.settings import QuietSettings


def test_by_default_there_are_no_hours() -> None:
    table = QuietSettings()
    assert (table.begins, table.ends, table.light, table.earcons_percent) == ("", "", "dim", 30)


def test_none_can_be_written_too() -> None:
    assert QuietSettings.model_validate({"from": "", "to": ""}) == QuietSettings()


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "22:00", "to": "22:00"},
        {"from": "24:00"},
        {"from": "7:00"},
        {"from": "22:00:00"},
        {"to": "half past nine"},
        {"light": "red"},
        {"earcons_percent": 9},
        {"earcons_percent": 101},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QuietSettings.model_validate(wrong)
