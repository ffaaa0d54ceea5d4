"""Checks run side by side, and none hides another."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.doctor import examine, mend
from daemon.errors import PipitError
from daemon.machine.check import Check
from daemon.machine.finding import Finding, Verdict, bad, good, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from daemon.doctor.examining.patient import Patient, PatientCheck
    from tests.daemon.doctor.machine import Machine


def check(name: str, run: Callable[[Patient], Finding], mend: Callable[[Patient], str] | None = None) -> Check:
    return Check(name, f"Is {name} well?", run, mend)


def fine(name: str) -> Check:
    return check(name, lambda _: good(f"{name} is well"))


def raises(error: Exception) -> Callable[[Patient], Finding]:
    def run(_: Patient) -> Finding:
        raise error

    return run


class TestExamining:
    def test_what_is_found_comes_in_the_order_of_the_checks(self, machine: Machine) -> None:
        waits = threading.Barrier(3, timeout=60)

        def with_others(name: str) -> Check:
            return check(name, lambda _: good(f"{name} came {waits.wait()}"))

        results = examine([with_others("a"), with_others("b"), with_others("c")], machine.site())
        assert [result.name for result in results] == ["a", "b", "c"], "and they ran side by side, or none had ended"

    def test_a_check_that_fails_is_a_fault_of_pipit_and_hides_no_other(self, machine: Machine) -> None:
        broken = check("broken", raises(KeyError("MemTotal")))
        first, second, third = examine([fine("a"), broken, fine("c")], machine.site())
        assert [first.finding.verdict, third.finding.verdict] == [Verdict.GOOD, Verdict.GOOD]
        assert second.name == "broken"
        assert second.finding.verdict is Verdict.BAD
        assert "KeyError: 'MemTotal'" in second.finding.sentence
        assert "fault of Pipit" in second.finding.sentence

    @pytest.fixture
    def hanging(self) -> Iterator[PatientCheck]:
        released = threading.Event()

        def hang(_: Patient) -> Finding:
            released.wait(60)
            return good("it came back")

        yield check("disk", hang)
        released.set()

    def test_a_check_that_hangs_is_left_behind(self, machine: Machine, hanging: Check) -> None:
        first, second = examine([hanging, fine("b")], machine.site(), deadline_s=0.1)
        assert first.finding.verdict is Verdict.WARNING
        assert "within 0.1 s" in first.finding.sentence
        assert second.finding.verdict is Verdict.GOOD


class Lamp:
    """Something that is broken until it is mended."""

    def __init__(self, *, mendable: bool = True) -> None:
        self.works = False
        self.mendings = 0
        self.mendable = mendable
        self.check = check("lamp", self.run, self.mend)

    def run(self, _: Patient) -> Finding:
        return good("it is lit") if self.works else bad("it is dark", "turn it on")

    def mend(self, _: Patient) -> str:
        self.mendings += 1
        if not self.mendable:
            raise PipitError("the bulb has gone", fix="buy one")
        self.works = True
        return "turned it on"


class TestMending:
    def test_what_was_mended_is_examined_again(self, machine: Machine) -> None:
        lamp, site, said = Lamp(), machine.site(), list[str]()
        checks = [fine("a"), lamp.check]
        first, second = mend(checks, examine(checks, site), site, said.append)
        assert said == ["mending lamp …"]
        assert (first.finding.verdict, first.mended) == (Verdict.GOOD, "")
        assert (second.finding.verdict, second.mended) == (Verdict.GOOD, "turned it on")

    def test_what_works_is_left_alone(self, machine: Machine) -> None:
        lamp, site = Lamp(), machine.site()
        lamp.works = True
        results = examine([lamp.check], site)
        assert mend([lamp.check], results, site) == results
        assert lamp.mendings == 0

    def test_why_it_could_not_be_mended_is_told(self, machine: Machine) -> None:
        lamp, site = Lamp(mendable=False), machine.site()
        [result] = mend([lamp.check], examine([lamp.check], site), site)
        assert result.finding.verdict is Verdict.BAD
        assert result.mended == "nothing, for the bulb has gone"

    def test_what_the_system_refuses_is_told(self, machine: Machine) -> None:
        def refuse(_: Patient) -> str:
            raise PermissionError(1, "Operation not permitted", "/etc/pipit/key")

        key, site = check("key", lambda _: warning("it is open", "close it"), refuse), machine.site()
        [result] = mend([key], examine([key], site), site)
        assert result.mended == "nothing, for /etc/pipit/key: Operation not permitted"

    def test_another_finding_that_follows_from_it_is_new_too(self, machine: Machine) -> None:
        lamp, site = Lamp(), machine.site()
        room = check("room", lambda _: good("it is bright") if lamp.works else bad("it is dark", "see lamp"))
        checks = [room, lamp.check]
        first, _ = mend(checks, examine(checks, site), site)
        assert first.finding.verdict is Verdict.GOOD
