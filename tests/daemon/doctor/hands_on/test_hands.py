"""The hands-on checks together, and the service that lends them its hardware. systemctl is a stand-in on PATH."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import HANDS_ON, HandsOn, examine_hands_on, hands_on
from daemon.errors import HardwareError
from daemon.machine.finding import Finding, Verdict, good
from daemon.signals import ENDING, stray
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEMCTL = """#!/bin/sh
echo "$*" >> "{folder}/calls"
case $1 in
    is-active) cat "{folder}/state"; [ "$(cat "{folder}/state")" = active ] ;;
    stop) [ -e "{folder}/stuck" ] && exit 1; echo inactive > "{folder}/state" ;;
    start) [ -e "{folder}/broken" ] && exit 1; echo active > "{folder}/state" ;;
esac
"""


class Systemd:
    """A systemctl that knows one unit."""

    def __init__(self, folder: Path, state: str) -> None:
        self.folder = folder
        (folder / "state").write_text(state + "\n")
        (folder / "calls").touch()
        program = folder / "systemctl"
        program.write_text(SYSTEMCTL.format(folder=folder))
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return [call for call in (self.folder / "calls").read_text().splitlines() if not call.startswith("is-active")]

    def site(self, **options: Any) -> Patient:
        environ = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        return Patient(settings=settings(), environ=environ, **{"uid": 0, **options})


def a_check(then: Any = None) -> HandsOn:
    async def check(*_: object) -> Finding:
        if then:
            then()
        return good("all is well")

    return HandsOn("a-check", "is all well?", check)


def results(site: Patient, terminal: ScriptedTerminal, *checks: HandsOn) -> dict[str, Finding]:
    return {result.name: result.finding for result in examine_hands_on(site, terminal, checks or [a_check()])}


def test_a_service_that_runs_is_stopped_with_consent_and_started_again(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")
    states: list[str] = []
    terminal = ScriptedTerminal()
    found = results(systemd.site(), terminal, a_check(lambda: states.append((tmp_path / "state").read_text())))
    assert len(terminal.asked) == 1
    assert states == ["inactive\n"]
    assert systemd.calls == ["stop pipit.service", "start pipit.service"]
    assert [finding.verdict for finding in found.values()] == [Verdict.GOOD, Verdict.GOOD]


def test_without_consent_nothing_is_stopped_and_nothing_tried(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")
    found = results(systemd.site(), ScriptedTerminal(answers={"Stop it": False}))
    assert found["a-check"].verdict is Verdict.SKIPPED
    assert systemd.calls == []


def test_who_is_not_root_is_told_to_be(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")
    found = results(systemd.site(uid=1000), ScriptedTerminal())
    assert found["a-check"].fix.startswith("sudo ")
    assert systemd.calls == []


@pytest.mark.parametrize("state", ["inactive", "failed", "unknown"])
def test_a_service_that_does_not_run_is_left_alone(tmp_path: Path, state: str) -> None:
    systemd, terminal = Systemd(tmp_path, state), ScriptedTerminal()
    found = results(systemd.site(), terminal)
    assert found["a-check"].verdict is Verdict.GOOD
    assert (systemd.calls, terminal.asked) == ([], [])


def test_a_service_that_is_about_to_restart_would_take_the_card(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "activating")
    results(systemd.site(), ScriptedTerminal())
    assert systemd.calls[0] == "stop pipit.service"


def test_without_systemd(tmp_path: Path) -> None:
    site = Patient(settings=settings(), environ={"PATH": str(tmp_path)})
    assert results(site, ScriptedTerminal())["a-check"].verdict is Verdict.GOOD


def test_a_service_that_does_not_stop_is_started_all_the_same(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")
    (tmp_path / "stuck").touch()
    found = results(systemd.site(), ScriptedTerminal())
    assert found["a-check"].verdict is Verdict.SKIPPED
    assert systemd.calls == ["stop pipit.service", "start pipit.service"]


def test_a_service_that_does_not_start_again_is_a_fault(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")
    (tmp_path / "broken").touch()
    found = results(systemd.site(), ScriptedTerminal())
    assert found["service-restart"].verdict is Verdict.BAD
    assert "journalctl" in found["service-restart"].fix


@pytest.fixture
def interruptible() -> Iterator[None]:
    """As at a terminal: a shell starts what it puts in the background with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", ENDING)
def test_whatever_ends_it_the_service_is_started_again(tmp_path: Path, number: signal.Signals) -> None:
    systemd = Systemd(tmp_path, "active")
    left: list[str] = []

    async def check(*_: object) -> Finding:
        try:
            signal.raise_signal(number)
            async with asyncio.timeout(60):
                await asyncio.Event().wait()
        finally:
            left.append("in order")
        return good("never")

    with pytest.raises(KeyboardInterrupt):
        results(systemd.site(), ScriptedTerminal(), HandsOn("a-check", "?", check), a_check())
    assert left == ["in order"]
    assert systemd.calls == ["stop pipit.service", "start pipit.service"]
    assert {signal.getsignal(way) for way in (signal.SIGTERM, *stray())} == {signal.SIG_DFL}


def test_what_means_nothing_does_not_end_it(tmp_path: Path) -> None:
    async def check(*_: object) -> Finding:
        for number in stray():
            signal.raise_signal(number)
        return good("still here")

    systemd = Systemd(tmp_path, "active")
    found = results(systemd.site(), ScriptedTerminal(), HandsOn("a-check", "?", check))
    assert found["a-check"].sentence == "still here"


def test_a_fault_of_ours_starts_it_again_too(tmp_path: Path) -> None:
    systemd = Systemd(tmp_path, "active")

    async def check(*_: object) -> Finding:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        results(systemd.site(), ScriptedTerminal(), HandsOn("a-check", "?", check))
    assert systemd.calls == ["stop pipit.service", "start pipit.service"]


def test_what_the_hardware_refuses_is_a_finding() -> None:
    async def check(*_: object) -> Finding:
        async with asyncio.TaskGroup() as group:
            group.create_task(refuse())
        return good("never")

    async def refuse() -> None:
        raise HardwareError("no card", fix="plug one in")

    finding = HandsOn("a-check", "?", check).run(Patient(settings=settings()), ScriptedTerminal())
    assert (finding.verdict, finding.sentence, finding.fix) == (Verdict.BAD, "no card", "plug one in")


def test_without_settings_nothing_is_tried() -> None:
    verdicts = {check.run(Patient(settings=None), ScriptedTerminal()).verdict for check in HANDS_ON}
    assert verdicts == {Verdict.SKIPPED}


def test_lgpio_has_a_place_for_its_pipe_that_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LG_WD", raising=False)
    places: list[str] = []
    before = Path.cwd()
    site = Patient(settings=settings(), environ={"PATH": ""})
    results(site, ScriptedTerminal(), a_check(lambda: places.append(os.environ["LG_WD"])))
    assert places
    assert not Path(places[0]).exists()
    assert "LG_WD" not in os.environ
    assert Path.cwd() == before


def test_all_of_them_on_a_machine_of_fakes() -> None:
    """Each is skipped or fails by itself: none hides another."""
    room = Room(gain=0)
    site = Patient(settings=settings(), environ={"PATH": ""})
    checks = [check for check in hands_on(room.drivers) if check.name not in {"wake-score", "room"}]
    terminal = ScriptedTerminal()
    found = {result.name: result.finding.verdict for result in examine_hands_on(site, terminal, checks)}
    assert found == {
        "microphone-level": Verdict.WARNING,
        "speaker-heard": Verdict.BAD,
        "button": Verdict.SKIPPED,
        "mute-button": Verdict.SKIPPED,
        "light": Verdict.SKIPPED,
        "devices": Verdict.SKIPPED,
        "inputs": Verdict.SKIPPED,
    }
    assert any(line.startswith("microphone-level: is ") for line in terminal.said)
