from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.service import FAILURES, SERVICE
from daemon.errors import PipitError
from daemon.house.health import FIXES
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


class TestTheService:
    def test_it_runs(self, machine: Machine) -> None:
        machine.unit(StatusText="listening for hey_jarvis", UnitFileState="enabled", NRestarts="0", Result="success")
        finding = machine.finding(SERVICE)
        assert_finding(finding, GOOD, "the service runs: listening for hey_jarvis")
        assert finding.facts == {"state": "active", "restarts": "0", "result": "success"}

    @pytest.mark.parametrize(
        ("properties", "words", "fix"),
        [
            (("failed", "failed", "exit-code", "78"), "status 78, the settings are wrong", "check settings"),
            (("failed", "failed", "exit-code", "216"), "a group of the unit does not exist", "systemd-sysusers"),
            (("failed", "failed", "exit-code", "42"), "ended with status 42", "journalctl"),
            (("failed", "failed", "watchdog", "0"), "the watchdog ended it", "journalctl"),
            (("failed", "failed", "oom-kill", "9"), "the memory was full", "journalctl"),
            (("activating", "auto-restart", "exit-code", "66"), "again and again: it ended with status 66", "card"),
            (("activating", "auto-restart", "exit-code", "77"), "no usable key", "key"),
            (("inactive", "dead", "success", "0"), "the service is stopped", "systemctl start"),
        ],
    )
    def test_it_does_not_run(self, machine: Machine, properties: tuple[str, ...], words: str, fix: str) -> None:
        active, sub, result, status = properties
        machine.unit(ActiveState=active, SubState=sub, Result=result, ExecMainStatus=status)
        finding = machine.finding(SERVICE)
        assert_finding(finding, BAD, words)
        assert fix in finding.fix

    def test_it_is_starting(self, machine: Machine) -> None:
        machine.unit(ActiveState="activating", SubState="start")
        assert_finding(machine.finding(SERVICE), WARNING, "is starting")

    def test_it_may_not_be_started(self, machine: Machine) -> None:
        machine.unit(LoadState="masked", ActiveState="inactive")
        assert_finding(machine.finding(SERVICE), BAD, "masked")

    @pytest.mark.parametrize(
        ("properties", "words"),
        [
            ({"UnitFileState": "disabled"}, "does not start with the machine"),
            ({"UnitFileState": "enabled", "NeedDaemonReload": "yes"}, "its unit was changed"),
        ],
    )
    def test_it_runs_but(self, machine: Machine, properties: dict[str, str], words: str) -> None:
        machine.unit(**properties)
        assert_finding(machine.finding(SERVICE), WARNING, words)

    @pytest.mark.parametrize("trouble", FIXES)
    def test_it_runs_and_has_trouble_with_a_sound_card(self, machine: Machine, trouble: str) -> None:
        machine.unit(StatusText=f"idle; {trouble}; microphone: 9 periods", UnitFileState="enabled")
        finding = machine.finding(SERVICE)
        assert_finding(finding, WARNING, f"the service runs, but {trouble}")
        assert finding.fix == FIXES[trouble]

    def test_it_is_not_installed(self, machine: Machine) -> None:
        machine.unit(LoadState="not-found", ActiveState="inactive")
        finding = machine.finding(SERVICE)
        assert_finding(finding, SKIPPED, "no service of Pipit is installed")
        assert "install.sh install" in finding.fix

    @pytest.mark.parametrize("check", [SERVICE, FAILURES], ids=lambda check: check.name)
    def test_without_systemd(self, machine: Machine, check: object) -> None:
        assert_finding(machine.finding(check), SKIPPED, "not started by systemd")  # type: ignore[arg-type]

    def test_systemd_that_does_not_answer(self, machine: Machine) -> None:
        machine.unit()
        machine.program("systemctl", status=1, errors="Failed to connect to bus: Connection refused")
        assert_finding(machine.finding(SERVICE), SKIPPED, "Connection refused")


class TestMending:
    def mend(self, machine: Machine) -> str:
        assert SERVICE.mend is not None
        return SERVICE.mend(machine.site())

    def asked(self, machine: Machine) -> list[str]:
        return [call for call in machine.calls("systemctl") if not call.startswith("show")]

    def test_a_service_that_failed_is_restarted(self, machine: Machine) -> None:
        machine.settings("")
        machine.unit(ActiveState="failed", Result="watchdog")
        assert self.mend(machine) == "restarted the service"
        assert self.asked(machine) == ["daemon-reload", "restart pipit.service"]

    def test_not_while_the_settings_are_wrong(self, machine: Machine) -> None:
        machine.settings("[wake]\nthreshold = 7\n")
        machine.unit(ActiveState="failed", Result="exit-code", ExecMainStatus="78")
        with pytest.raises(PipitError, match="settings must be right first"):
            self.mend(machine)
        assert self.asked(machine) == []

    def test_a_service_that_runs_is_only_enabled(self, machine: Machine) -> None:
        machine.unit(UnitFileState="disabled")
        assert "start with the machine" in self.mend(machine)
        assert self.asked(machine) == ["enable pipit.service"]

    def test_what_systemd_refuses_is_told(self, machine: Machine) -> None:
        machine.settings("")
        machine.unit(ActiveState="failed")
        show = "ActiveState=failed\nLoadState=loaded"
        refuse = f'case $1 in show) echo "{show}"; exit 0;; esac'
        machine.program("systemctl", status=1, errors="Interactive authentication required.", more=refuse)
        machine.uid = 1000
        with pytest.raises(PipitError, match=r"authentication required\.. Fix: run it with sudo"):
            self.mend(machine)


class TestFailures:
    def test_none(self, machine: Machine) -> None:
        machine.unit(NRestarts="0")
        machine.program("journalctl")
        assert_finding(machine.finding(FAILURES), GOOD, "has not failed")
        [call] = machine.calls("journalctl")
        assert "UNIT=pipit.service" in call

    def test_they_are_counted_by_cause(self, machine: Machine) -> None:
        machine.unit(NRestarts="3")
        entries = [{"UNIT_RESULT": result, "__CURSOR": "s=1"} for result in ("watchdog", "oom-kill", "watchdog")]
        machine.program("journalctl", "\n".join(map(json.dumps, entries)))
        finding = machine.finding(FAILURES)
        assert_finding(finding, WARNING, "the watchdog ended it, for no audio came 2 times; ", "memory was full once")
        assert finding.facts == {"watchdog": 2, "oom-kill": 1}
        assert "power supply" in finding.fix

    def test_a_user_who_may_not_read_the_journal_sees_systemds_count(self, machine: Machine) -> None:
        machine.unit(NRestarts="4")
        machine.program("journalctl", status=1)
        finding = machine.finding(FAILURES)
        assert_finding(finding, WARNING, "started again 4 times")

    def test_it_is_not_installed(self, machine: Machine) -> None:
        machine.unit(LoadState="not-found")
        assert_finding(machine.finding(FAILURES), SKIPPED, "no service of Pipit is installed")
