"""What is said of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.doctor.hands_on.room import judge
from daemon.machine.finding import Finding, Verdict
from daemon.meter.hearing_meter import Summary
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal
from tests.daemon.meter.moments import moment

if TYPE_CHECKING:
    from pathlib import Path


def examined(room: Room, models: Path, **tables: Any) -> tuple[Finding, ScriptedTerminal]:
    terminal = ScriptedTerminal()
    check = next(check for check in hands_on(room.drivers) if check.name == "room")
    return check.run(Patient(settings=settings(wake={"models_dir": str(models)}, **tables)), terminal), terminal


def test_a_quiet_room(models: Path) -> None:
    finding, terminal = examined(Room(noise_rms=10), models)
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["room_dbfs"] == pytest.approx(-71, abs=2)
    assert finding.facts["gate_open"] < 0.5
    assert len(terminal.shown) == 75


def test_a_loud_room(models: Path) -> None:
    finding, _ = examined(Room(noise_rms=400), models)
    assert finding.verdict is Verdict.WARNING
    assert "pipit listen" in finding.fix


def test_too_much_gain_is_heard_before_anybody_speaks(models: Path) -> None:
    finding, _ = examined(Room(noise_rms=600), models, microphone={"gain_db": 40})
    assert finding.verdict is Verdict.BAD
    assert "gain_db" in finding.fix


def test_a_microphone_that_is_switched_off(models: Path) -> None:
    finding, _ = examined(Room(noise_rms=0), models)
    assert finding.verdict is Verdict.BAD
    assert "nothing but zeros" in finding.sentence


def test_some_clicks_are_no_fault() -> None:
    moments = [moment(clipped=3, noise_dbfs=-60.0), moment(clipped=2, noise_dbfs=-60.0)]
    assert judge(Summary.of(moments)).verdict is Verdict.GOOD
