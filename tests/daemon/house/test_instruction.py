"""What the model is told, with the household's own words in it."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from daemon.house.instruction import instruction
from daemon.house.settings import Settings

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=timezone(timedelta(hours=1)))


def told(text: str, **tables: Any) -> str:
    return instruction(Settings.model_validate({"live": {"system_instruction": text}, **tables}), NOW)


def test_every_placeholder_stands_for_what_is_so() -> None:
    home = {"household": {"name": "Miller", "room": "kitchen", "language": "de"}}
    devices = [{"name": "desk lamp", "kind": "led", "pin": 5}, {"name": "fan", "kind": "relay", "pin": 6}]
    assert told("$household, ${room}: $devices; $language; $date, $time; $$5", **home, device=devices) == (
        "Miller, kitchen: desk lamp, fan; German; Sunday, 22 November 2026, 07:05; $5"
    )


def test_what_is_not_set_still_reads_as_a_sentence() -> None:
    assert told("You serve $household in $room. Devices: $devices.") == (
        "You serve the household in the room. Devices: none."
    )


def test_name_and_room_are_told_even_if_the_template_does_not_ask() -> None:
    home = {"household": {"name": "Miller", "room": "kitchen"}}
    assert told("Hi.", **home) == "Hi.\nThe household is called Miller.\nYou stand in the kitchen."
    assert told("Hi $household.", **home) == "Hi Miller.\nYou stand in the kitchen."


@pytest.mark.parametrize(("text", "said"), [("costs $5", "$ that names nothing"), ("Hi $houshold", "$houshold")])
def test_a_placeholder_that_stands_for_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("$", r"\$")):
        told(text)
