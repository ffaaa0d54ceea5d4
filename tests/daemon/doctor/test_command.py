"""`pipit doctor` on machines that are folders, and on this one."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.command import Console, DoctorOptions, doctor
from daemon.doctor.order import CHECKS
from daemon.machine.check import Check
from daemon.machine.finding import Finding, bad, good
from tests.daemon.processes import run_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient, PatientCheck
    from tests.daemon.doctor.machine import Machine


class Screen(io.StringIO):
    """A stream of a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("a test's terminal has no descriptor")


def run(
    machine: Machine, checks: Sequence[PatientCheck], *, typed: str | None = None, **options: bool | None
) -> tuple[int, str]:
    """Exit status and output. `typed` makes it a terminal on which that is typed."""
    output: io.StringIO = io.StringIO()
    console = Console(
        io.StringIO("y\ny\n") if typed is None else Screen(typed),
        output,
        io.StringIO(),
        quiet=bool(options.get("as_json")),
    )

    def site_of(_: Path, *, consent: bool) -> Patient:
        return replace(machine.site(), consent=consent)

    chosen = DoctorOptions(settings=machine.settings_path, **options)  # type: ignore[arg-type]
    return doctor(chosen, console, site_of, checks), output.getvalue()


FINE = Check("lamp", "Is it lit?", lambda _: good("it is lit"))
DARK = Check("lamp", "Is it lit?", lambda _: bad("it is dark", "turn it on"))


def test_the_status_tells_whether_there_is_a_fault(machine: Machine) -> None:
    assert run(machine, [FINE]) == (0, "ok       lamp  it is lit\nno faults, no warnings\n")
    assert run(machine, [DARK]) == (
        1,
        "fault    lamp  it is dark\n               fix: turn it on\n1 fault, no warnings\n",
    )


def test_json_is_all_that_is_printed(machine: Machine) -> None:
    status, output = run(machine, [DARK], typed="y\ny\n", as_json=True)
    assert status == 1
    assert json.loads(output)["faults"] == 1


def test_nothing_is_mended_unasked(machine: Machine) -> None:
    mended: list[str] = []
    lamp = Check("lamp", "Is it lit?", DARK.run, lambda _: mended.append("lamp") or "turned it on")  # type: ignore[func-returns-value]
    assert "done" not in run(machine, [lamp])[1]
    assert mended == []
    output = run(machine, [lamp], fix=True)[1]
    assert mended == ["lamp"]
    assert "done: turned it on" in output
    assert output.count("it is dark") == 1, "only what is found afterwards is shown"


class TestConsent:
    """The key is sent only with the word of who sits there."""

    def told(self, machine: Machine, *, typed: str | None = None, **options: bool | None) -> str:
        def run_check(site: Patient) -> Finding:
            return good("sent" if site.consent else "kept")

        return run(machine, [Check("key", "", run_check)], typed=typed, **options)[1]

    def test_where_nobody_can_answer_it_is_kept(self, machine: Machine) -> None:
        assert "kept" in self.told(machine)

    def test_it_is_given_by_an_option(self, machine: Machine) -> None:
        assert "sent" in self.told(machine, check_key=True)

    def test_a_screen_that_shows_json_is_not_asked(self, machine: Machine) -> None:
        assert '"kept"' in self.told(machine, as_json=True, typed="y\n")


@pytest.mark.parametrize(
    ("typed", "agrees"),
    [("y\n", True), ("Yes\n", True), ("\n", False), ("n\n", False), ("", False), ("what?\n", False)],
)
def test_only_yes_is_yes(typed: str, *, agrees: bool) -> None:
    output = Screen()
    assert Console(Screen(typed), output, io.StringIO()).agrees(None, "Shall I?") is agrees
    assert output.getvalue() == "Shall I? [y/N] "


def test_a_file_is_not_asked_whatever_is_in_it() -> None:
    for console in (
        Console(io.StringIO("y\n"), Screen(), io.StringIO()),
        Console(Screen("y\n"), io.StringIO(), io.StringIO()),
    ):
        assert not console.agrees(None, "Shall I?")


def test_what_was_said_is_not_asked() -> None:
    output = Screen()
    assert not Console(Screen("y\n"), output, io.StringIO()).agrees(False, "Shall I?")
    assert output.getvalue() == ""


def test_every_check_says_something_on_a_machine_with_nothing(machine: Machine) -> None:
    """Nothing is there: no systemd, no sound, no pins, no network, not even a Python on the path."""
    status, output = run(machine, CHECKS, as_json=True)
    report = json.loads(output)
    assert status == 1
    assert [finding["name"] for finding in report["findings"]] == [check.name for check in CHECKS]
    assert "fault of Pipit" not in output
    assert all(finding["sentence"] for finding in report["findings"])


def test_here_it_ends_without_a_traceback(machine: Machine) -> None:
    machine.settings('[live]\nendpoint = "https://127.0.0.1:1"\n')
    done = run_module(
        "daemon", "doctor", "--json", "--settings", str(machine.settings_path), environ={"PATH": os.environ["PATH"]}
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, "there is no key"
    report = json.loads(done.stdout)
    assert {finding["verdict"] for finding in report["findings"]} >= {"ok", "fault"}
    assert "fault of Pipit" not in done.stdout
