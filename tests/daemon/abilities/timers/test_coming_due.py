"""What time makes of an entry: it rings, acts, is told, or waits for its next time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from daemon.abilities.timers.coming_due import begun_before, come_due, planned_anew, rested
from daemon.abilities.timers.overdue import Patience
from tests.daemon.abilities.timers.moments import NOON, alarm, at, later, timer, walk

PATIENCE = Patience(alarm_s=1_800.0)
DAY = timedelta(days=1)


async def test_a_timer_that_is_due_rings() -> None:
    now = later(at(), 60.0)
    outcome = await come_due(timer(), now, PATIENCE, walk)
    assert outcome.verdict == "ring"
    assert outcome.entry
    assert (outcome.entry.phase, outcome.entry.occurrence) == ("ringing", NOON + timedelta(minutes=1))
    assert rested(outcome.entry) is None, "it has rung once and for all"


async def test_an_alarm_of_every_day_rings_and_waits_for_tomorrow() -> None:
    outcome = await come_due(alarm(NOON, "FREQ=DAILY"), at(), PATIENCE, walk)
    assert (outcome.verdict, outcome.at) == ("ring", NOON)
    assert outcome.entry
    assert outcome.entry.schedule
    assert outcome.entry.schedule.is_spent(NOON)
    after = rested(outcome.entry)
    assert after
    assert (after.phase, after.due_in_s(at())) == ("running", DAY.total_seconds())


async def test_of_several_that_were_missed_the_latest_counts() -> None:
    outcome = await come_due(alarm(NOON - 3 * DAY, "FREQ=DAILY"), at(), PATIENCE, walk)
    assert (outcome.verdict, outcome.at) == ("ring", NOON)


async def test_what_is_too_late_is_told_and_goes_on() -> None:
    now = at(NOON + timedelta(hours=2))
    outcome = await come_due(alarm(NOON, "FREQ=DAILY"), now, PATIENCE, walk)
    assert (outcome.verdict, outcome.at) == ("tell", NOON)
    assert outcome.entry
    assert outcome.entry.due_in_s(now) == 22 * 3_600
    assert (await come_due(alarm(NOON), now, PATIENCE, walk)).entry is None


async def test_what_rang_already_does_not_ring_again_when_the_clock_is_set_back() -> None:
    rang = await come_due(alarm(NOON, "FREQ=DAILY"), at(), PATIENCE, walk)
    assert rang.entry
    resting = rested(rang.entry)
    assert resting
    assert resting.schedule
    again = replace(resting, schedule=replace(resting.schedule, next=NOON))
    outcome = await come_due(again, at(), PATIENCE, walk)
    assert outcome.verdict is None
    assert outcome.entry
    assert outcome.entry.schedule
    assert outcome.entry.schedule.next == NOON + DAY


async def test_what_waits_is_planned_anew_by_the_clock_as_it_is_now() -> None:
    weeks_on = at(NOON + timedelta(days=20))
    tomorrow = alarm(NOON + timedelta(days=30), "FREQ=DAILY")
    planned = await planned_anew(tomorrow, weeks_on, walk)
    assert planned.schedule
    assert planned.schedule.next == NOON + timedelta(days=30), "not before its start"
    assert await planned_anew(alarm(NOON, "FREQ=DAILY"), weeks_on, walk) == alarm(NOON, "FREQ=DAILY"), "due: not here"


def test_what_rang_when_the_process_ended_rings_on_for_its_time() -> None:
    ringing = replace(timer(in_s=0.0), phase="ringing", occurrence=NOON)
    soon, late = later(at(), 300.0), later(at(), 700.0)
    on, over = (begun_before(ringing, now, 600.0, PATIENCE) for now in (soon, late))
    assert on
    assert (on.entry, on.verdict) == (ringing, "ring")
    assert over
    assert (over.entry, over.verdict, over.at) == (None, "tell", NOON)


def test_what_a_device_was_told_is_told_again_while_that_is_not_too_late() -> None:
    acting = replace(timer(in_s=0.0), kind="action", device="fan", wanted="on", phase="acting")
    for after_s, verdict in ((60.0, "act"), (180.0, "tell")):
        outcome = begun_before(acting, later(at(), after_s), 600.0, PATIENCE)
        assert outcome
        assert outcome.verdict == verdict


def test_while_nobody_knows_the_time_nothing_becomes_of_it() -> None:
    ringing = replace(timer(in_s=0.0), phase="ringing")
    assert begun_before(ringing, at(boot="b", boot_s=5.0, trusted=False), 600.0, PATIENCE) is None
