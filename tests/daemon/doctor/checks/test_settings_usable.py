from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.doctor.checks.settings_usable import SETTINGS
from tests.daemon.doctor.machine import BAD, GOOD, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def test_settings_that_can_be_used(machine: Machine) -> None:
    machine.settings('[[device]]\nname = "lamp"\nkind = "led"\npin = 17\n')
    assert_finding(machine.finding(SETTINGS), GOOD, "pipit.toml can be used, with 1 device")


def test_every_problem_is_told_with_its_line_and_its_fix(machine: Machine) -> None:
    machine.settings("[wake]\nthreshhold = 0.7\n[speaker]\nvolume = 7\n")
    finding = machine.finding(SETTINGS)
    assert_finding(finding, BAD, "pipit.toml:2: wake.threshhold: ", "pipit.toml:4: speaker.volume: ")
    assert "try 0.8" in finding.fix
    assert finding.fix.endswith("`pipit check` reads the file again")
    assert {"problem_1", "problem_2"} == finding.facts.keys()


def test_a_warning_is_no_fault(machine: Machine) -> None:
    machine.settings('[live]\nmodel = "gemini-9-live"\n')
    assert_finding(machine.finding(SETTINGS), WARNING, "pipit.toml:2: live.model: ")


def test_no_settings(machine: Machine) -> None:
    finding = machine.finding(SETTINGS)
    assert_finding(finding, BAD, "pipit.toml: does not exist")
    assert "run install.sh" in finding.fix
