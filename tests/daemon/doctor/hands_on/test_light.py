"""The light, on a mock pin."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal


def examined(room: Room, terminal: ScriptedTerminal, **tables: Any) -> Finding:
    check = next(check for check in hands_on(room.drivers) if check.name == "light")
    return check.run(Patient(settings=settings(**tables)), terminal)


@pytest.mark.parametrize("active", ["high", "low"])
def test_it_shows_patterns_and_is_dark_when_somebody_is_asked(active: str) -> None:
    room = Room()
    pin = room.pins.pin(17)
    lit = active == "high"
    dark: list[bool] = []
    terminal = ScriptedTerminal(answers={"light up": True}, when={"Did it": lambda: dark.append(pin.state != lit)})
    finding = examined(room, terminal, indicator={"pin": 17, "active": active})
    assert finding.verdict is Verdict.GOOD
    assert dark == [True]
    assert sum(entry.state == lit for entry in pin.states) > 2, "thinking blinks"


def test_a_light_that_was_not_seen() -> None:
    finding = examined(Room(), ScriptedTerminal(), indicator={"pin": 17})
    assert finding.verdict is Verdict.BAD
    assert 'active = "low"' in finding.fix


def test_without_a_light() -> None:
    assert examined(Room(), ScriptedTerminal()).verdict is Verdict.SKIPPED
