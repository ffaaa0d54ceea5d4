from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from daemon.errors import PipitError
from daemon.machine.clock import CLOCK
from daemon.machine.facts import RELEASED, SYNCHRONIZED
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from daemon.machine.finding import Verdict
    from tests.daemon.doctor.machine import Machine


def test_the_sign_of_timesyncd_is_enough(machine: Machine) -> None:
    machine.file(SYNCHRONIZED)
    assert_finding(machine.finding(CLOCK), GOOD, "synchronised (2026-11-22 12:00 UTC)")


def test_another_time_service(machine: Machine) -> None:
    machine.file("/run/systemd/system/.there")
    machine.program("timedatectl", "NTP=yes\nNTPSynchronized=yes\n")
    assert_finding(machine.finding(CLOCK), GOOD, "synchronised")


@pytest.mark.parametrize("year", [1970, 2025, 2101])
def test_a_time_that_cannot_be_is_a_fault_even_if_it_is_said_to_be_right(machine: Machine, year: int) -> None:
    machine.file(SYNCHRONIZED)
    machine.now = datetime(year, 3, 1, tzinfo=UTC)
    assert_finding(machine.finding(CLOCK), BAD, str(year), "cannot be")


@pytest.mark.parametrize(("now", "verdict"), [(RELEASED, GOOD), (RELEASED - timedelta(minutes=1), BAD)])
def test_the_day_before_which_it_cannot_be_is_the_installers(machine: Machine, now: datetime, verdict: Verdict) -> None:
    machine.file(SYNCHRONIZED)
    machine.now = now
    assert_finding(machine.finding(CLOCK), verdict)


def test_not_yet_synchronised(machine: Machine) -> None:
    machine.file("/run/systemd/system/.there")
    machine.program("timedatectl", "NTP=yes\nNTPSynchronized=no\n")
    finding = machine.finding(CLOCK)
    assert_finding(finding, WARNING, "not been synchronised since the start")
    assert "wait" in finding.fix


def test_synchronisation_that_is_turned_off_is_turned_on(machine: Machine) -> None:
    machine.file("/run/systemd/system/.there")
    machine.program("timedatectl", "NTP=no\nNTPSynchronized=no\n")
    finding = machine.finding(CLOCK)
    assert_finding(finding, WARNING, "turned off")
    assert "set-ntp" in finding.fix
    assert CLOCK.mend is not None
    assert "turned time synchronisation on" in CLOCK.mend(machine.site())
    assert machine.calls("timedatectl")[-1] == "set-ntp true"


def test_nothing_is_set_where_it_only_takes_time(machine: Machine) -> None:
    machine.file("/run/systemd/system/.there")
    machine.program("timedatectl", "NTP=yes\nNTPSynchronized=no\n")
    assert CLOCK.mend is not None
    with pytest.raises(PipitError, match="turned off"):
        CLOCK.mend(machine.site())
    assert not any("set-ntp" in call for call in machine.calls("timedatectl"))


def test_where_nobody_can_say(machine: Machine) -> None:
    assert_finding(machine.finding(CLOCK), SKIPPED, "nobody here can say")
