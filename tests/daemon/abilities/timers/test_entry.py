"""What an entry knows of itself: whether it waits, when it is due, and what it is called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.abilities.timers.entry import SPENT, Schedule
from tests.daemon.abilities.timers.moments import NOON, alarm, at, later, timer


@pytest.mark.parametrize(("phase", "waits"), [("running", True), ("snoozed", True), ("paused", False)])
def test_time_brings_about_what_runs_or_is_snoozed(phase: str, waits: bool) -> None:
    assert replace(timer(), phase=phase).waits is waits


def test_it_is_due_by_the_boot_clock_or_by_the_wall() -> None:
    hour_on = alarm(NOON + timedelta(hours=1))
    assert timer(in_s=60).due_in_s(later(at(), 100)) == -40
    assert hour_on.due_in_s(at()) == 3_600
    assert hour_on.due_in_s(at(trusted=False)) is None


def test_a_name_is_one_however_it_is_written() -> None:
    pasta = timer(name="B\u00fcro")
    assert pasta.is_called("bu\u0308ro")
    assert not timer().is_called("")


def test_what_rang_long_ago_does_not_ring_again() -> None:
    """Of more than are remembered, all that is older than the oldest counts as rung."""
    schedule = Schedule(NOON)
    for day in range(SPENT + 1):
        schedule = replace(schedule, spent=schedule.spending(NOON + timedelta(days=day)))
    assert len(schedule.spent) == SPENT
    assert schedule.is_spent(NOON)
    assert not schedule.is_spent(NOON + timedelta(days=SPENT + 1))
