"""`pipit devices`: lists what the settings have, and makes it safe; what nobody is called is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from daemon.command_line.household_answers import of_devices
from daemon.command_line.pipit import run_command

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = """
[gpio]
factory = "mock"

[[device]]
name = "lamp"
kind = "led"
pin = 17
aliases = ["Lampe"]
room = "hall"

[[device]]
name = "curtain"
kind = "motor"
pin = 5
backward_pin = 6
confirm = true

[[input]]
name = "garden door"
aliases = ["Gartentür"]
kind = "contact"
pin = 7
actions = [{ when = "opened", say = "It is open." }, { when = "closed", do = "listen" }]

[[input]]
name = "outside"
kind = "ds18b20"
address = "28-01"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pipit.toml"
    path.write_text(HOUSE)
    return path


def run(file: Path, *words: str) -> int:
    return run_command(["devices", *words, "--settings", str(file)])


def test_they_are_listed_with_their_pins_and_limits(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file) == 0
    assert capsys.readouterr().out.splitlines() == [
        "lamp: kind led, pins 17, room hall, also called Lampe",
        "curtain: kind motor, pins 5, 6, max on s 60, confirm",
        "garden door: kind contact, pins 7, also called Gartentür, starts It is open. when opened, listen when closed",
        "outside: kind ds18b20, address 28-01",
    ]


def test_one_by_any_of_its_names_for_programs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "list", "LAMPE", "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["devices"]
    assert row["device"] == "lamp"
    assert run(file, "list", "gartentür", "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["devices"]
    assert row["device"] == "garden door"


def test_a_name_that_nobody_has_is_told_who_there_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("list", "try"):
        assert run(file, action, "lump") != 0
        assert (
            'there is no device "lump". Fix: the devices are: lamp, curtain, garden door, outside'
            in capsys.readouterr().err
        )


def test_safe_is_what_the_command_safe_does(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "safe") == 0
    assert capsys.readouterr().out == "2 outputs are in the safe state\n"


def test_without_the_service_nothing_is_read(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "read", "--socket", str(tmp_path / "none.sock")) == 69
    assert "Fix: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"device": "lamp", "state": "on", "level_percent": 40}, "lamp: on, level percent 40"),
        ({"device": "fridge", "state": "on", "only_looked_at": True}, "fridge: on, only looked at"),
    ],
)
def test_how_one_stands_is_a_line(row: dict[str, Any], line: str) -> None:
    assert of_devices({"devices": [row]}) == [line]


def test_no_devices_is_a_line_too() -> None:
    assert of_devices({"devices": []}) == ["there are no devices"]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"sensor": "air", "quantity": "humidity", "value": 48.12, "unit": "%"}, "air: humidity 48.12 %"),
        ({"sensor": "door", "state": "open"}, "door: open"),
        ({"sensor": "air", "error": "it is not there", "fix": "look"}, "air: it is not there"),
    ],
)
def test_what_one_measures_is_a_line(row: dict[str, Any], line: str) -> None:
    assert of_devices({"devices": [], "readings": [row]}) == [line]
