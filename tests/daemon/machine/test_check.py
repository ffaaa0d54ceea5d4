"""One check: whatever happens in it is a finding, and installing may have other bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.errors import PipitError
from daemon.machine.check import Check, examine_one
from daemon.machine.finding import CannotTell, Finding, Verdict, bad, good
from daemon.machine.storage import room_for_installing

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.machine.apt import Plan
    from daemon.machine.site import Site
    from tests.daemon.doctor.machine import Machine


def check(name: str, run: Callable[[Site], Finding]) -> Check[Site]:
    return Check(name, f"Is {name} well?", run)


def raises(error: Exception) -> Callable[[Site], Finding]:
    def run(_: Site) -> Finding:
        raise error

    return run


def test_an_error_with_a_fix_is_a_fault_of_the_machine(machine: Machine) -> None:
    finding = examine_one(check("key", raises(PipitError("there is no key", fix="store one"))), machine.site())
    assert (finding.verdict, finding.sentence, finding.fix) == (Verdict.BAD, "there is no key", "store one")


def test_what_cannot_be_told_is_skipped(machine: Machine) -> None:
    finding = examine_one(check("gpio", raises(CannotTell("there are no pins", fix="sudo"))), machine.site())
    assert (finding.verdict, finding.sentence, finding.fix) == (Verdict.SKIPPED, "there are no pins", "sudo")


def test_what_only_root_may_see_is_no_fault(machine: Machine) -> None:
    closed = PermissionError(13, "Permission denied", "/var/lib/pipit/models")
    finding = examine_one(check("models", raises(closed)), machine.site())
    assert finding.verdict is Verdict.SKIPPED
    assert "/var/lib/pipit/models" in finding.sentence
    assert "sudo" in finding.fix


def test_a_fault_of_the_check_itself_is_one_of_pipit(machine: Machine) -> None:
    finding = examine_one(check("memory", raises(KeyError("MemTotal"))), machine.site())
    assert finding.verdict is Verdict.BAD
    assert finding.sentence == "the check itself failed (KeyError: 'MemTotal'), which is a fault of Pipit"


def test_before_installing_it_asks_by_other_bounds(machine: Machine) -> None:
    disk: Check[Site] = Check("disk", "", lambda _: good("room"), beforehand=lambda _: bad("no room", "make some"))
    assert examine_one(disk, machine.site()).verdict is Verdict.GOOD
    assert examine_one(disk.before_installing(), machine.site()).verdict is Verdict.BAD


def test_bounds_of_an_installation_are_those_of_the_check_that_has_none() -> None:
    check: Check[Plan] = Check("a", "", lambda _: room_for_installing(_))
    assert check.before_installing() == check
