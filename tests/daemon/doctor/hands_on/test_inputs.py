"""Inputs on mock pins and below a root, in virtual time: pressed, opened, turned and read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal
from tests.hardware.kernel.tree import bme280, thermometer

if TYPE_CHECKING:
    from pathlib import Path

BELL: dict[str, Any] = {"name": "bell", "kind": "button", "pin": 17}
DOOR: dict[str, Any] = {"name": "door", "kind": "contact", "pin": 17}
HALL: dict[str, Any] = {"name": "hall", "kind": "motion", "pin": 17}
KNOB: dict[str, Any] = {"name": "knob", "kind": "encoder", "pin": 5, "b_pin": 6}
GARDEN: dict[str, Any] = {"name": "garden", "kind": "ds18b20"}
AIR: dict[str, Any] = {"name": "air", "kind": "iio"}
RIGHT = [(5, 0), (6, 0), (5, 1), (6, 1)]
LEFT = [(6, 0), (5, 0), (6, 1), (5, 1)]


def examined(room: Room, terminal: ScriptedTerminal, *inputs: dict[str, Any]) -> Finding:
    [check] = [check for check in hands_on(room.drivers) if check.name == "inputs"]
    return check.run(Patient(settings=settings(input=list(inputs))), terminal)


def moves(room: Room, *levels: tuple[int, int]) -> Any:
    """A second after the line was said, and a second apart."""

    def schedule() -> None:
        for second, (pin, level) in enumerate(levels, 1):
            line = room.pins.pin(pin)
            asyncio.get_running_loop().call_later(second, line.drive_high if level else line.drive_low)

    return schedule


@pytest.mark.parametrize(
    ("one", "levels"),
    [
        (BELL, [(17, 0), (17, 1)]),
        (DOOR, [(17, 0), (17, 1)]),
        (HALL, [(17, 1)]),
        (KNOB, RIGHT),
    ],
)
def test_what_is_moved_as_it_says_works(one: dict[str, Any], levels: list[tuple[int, int]]) -> None:
    room = Room()
    terminal = ScriptedTerminal(when={f'"{one["name"]}" ': moves(room, *levels)})
    finding = examined(room, terminal, one)
    assert (finding.verdict, finding.facts) == (Verdict.GOOD, {"input_1": "works"})


@pytest.mark.parametrize(
    ("one", "levels", "why"),
    [
        (BELL, [], '"bell": nothing was seen on pin 17'),
        (BELL, [(17, 0)], "it did not go back on pin 17"),
        ({**BELL, "active": "high"}, [(17, 1), (17, 0)], ""),
        (KNOB, [], "no step was seen on pins 5 and 6"),
        (KNOB, LEFT, "exchange pin and b_pin"),
    ],
)
def test_what_is_not_seen_or_does_the_other_thing_is_told(
    one: dict[str, Any], levels: list[tuple[int, int]], why: str
) -> None:
    room = Room()
    finding = examined(room, ScriptedTerminal(when={" now": moves(room, *levels)}), one)
    assert why in finding.sentence
    assert finding.verdict is (Verdict.BAD if why else Verdict.GOOD)


def test_a_button_that_rests_pressed_is_the_wrong_way_round() -> None:
    room = Room()
    room.pins.pin(17).drive_low()
    pin = room.pins.pin(17)
    pin.__class__ = type("Held", (type(pin),), {"_set_pull": lambda *_: None})
    finding = examined(room, ScriptedTerminal(when={" now": moves(room, (17, 1), (17, 0))}), BELL)
    assert "the wrong way round" in finding.sentence


@pytest.mark.parametrize(("can_be", "verdict"), [(True, Verdict.GOOD), (False, Verdict.BAD)])
def test_what_a_sensor_reads_is_shown_and_somebody_says_whether_it_can_be(
    tmp_path: Path, can_be: bool, verdict: Verdict
) -> None:
    bme280(tmp_path)
    terminal = ScriptedTerminal(answers={"Can that be": can_be})
    finding = examined(Room(root=tmp_path), terminal, AIR)
    assert terminal.asked == ['"air" reads 21.42 °C and 48.12 % and 1013 hPa. Can that be?']
    assert finding.verdict is verdict


def test_one_that_is_not_there_or_beyond_its_bounds_does_not_hide_the_others(tmp_path: Path) -> None:
    thermometer(tmp_path, "21500\n")
    terminal = ScriptedTerminal()
    cold = {**GARDEN, "name": "cellar", "max_value": 15.0}
    finding = examined(Room(root=tmp_path), terminal, AIR, cold, GARDEN)
    assert finding.facts == {"input_1": "does not work", "input_2": "does not work", "input_3": "works"}
    assert '"air" is not there' in finding.sentence
    assert "its max_value is 15" in finding.sentence


def test_without_inputs_there_is_nothing_to_try() -> None:
    assert examined(Room(), ScriptedTerminal()).verdict is Verdict.SKIPPED
