"""When a rule fires: what is over, what comes next, and how little of it is walked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daemon.abilities.timers.entry import Schedule
from daemon.abilities.timers.occurrences import HORIZON, KEPT, walked
from daemon.abilities.timers.recurrence import rule_of
from tests.daemon.abilities.timers.moments import NOON, at

DAY = timedelta(days=1)


def of(rule: str, start: datetime = NOON, **more: object) -> Schedule:
    return Schedule(start, rule_of(rule, UTC) if rule else None, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "after", "next_"),
    [
        ("", "2026-12-01T11:59", "2026-12-01T12:00"),
        ("", "2026-12-01T12:00", None),
        ("FREQ=DAILY", "2026-12-01T12:00", "2026-12-02T12:00"),
        ("FREQ=DAILY;INTERVAL=3", "2026-12-02T00:00", "2026-12-04T12:00"),
        ("FREQ=DAILY;COUNT=2", "2026-12-02T12:00", None),
        ("FREQ=DAILY;UNTIL=20261202", "2026-12-02T11:00", "2026-12-02T12:00"),
        ("FREQ=DAILY;UNTIL=20261202", "2026-12-02T12:00", None),
        ("FREQ=WEEKLY;BYDAY=SA,SU", "2026-12-01T12:00", "2026-12-05T12:00"),
        ("FREQ=MONTHLY;BYDAY=-1SU", "2026-12-01T12:00", "2026-12-27T12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31T12:00", "2027-03-31T12:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-12-01T12:00", "2028-02-29T12:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-12-01T12:00", None),
        ("FREQ=DAILY;BYHOUR=7,19;BYMINUTE=30", "2026-12-02T08:00", "2026-12-02T19:30"),
    ],
)
def test_what_comes_next(rule: str, after: str, next_: str | None) -> None:
    found = walked(of(rule), at(datetime.fromisoformat(after))).schedule.next
    assert found == (datetime.fromisoformat(next_) if next_ else None)


def test_of_those_that_are_over_the_latest_that_was_planned_has_passed() -> None:
    plan = of("FREQ=DAILY", next=NOON + DAY)
    done = walked(plan, at(NOON + 3 * DAY))
    assert (done.passed, done.schedule.next) == (NOON + 3 * DAY, NOON + 4 * DAY)
    assert walked(plan, at(NOON)).passed is None
    assert walked(replace(plan, next=None), at(NOON + 3 * DAY)).passed is None, "nobody waited for it"


def test_what_rang_neither_passes_nor_comes_again() -> None:
    plan = of("FREQ=DAILY", next=NOON, spent=(NOON, NOON + DAY))
    done = walked(plan, at(NOON - DAY))
    assert (done.passed, done.schedule.next) == (None, NOON + 2 * DAY)
    assert walked(plan, at(NOON + DAY)).passed is None


def test_an_occurrence_is_over_by_its_instant_and_not_by_what_clocks_show() -> None:
    zone = ZoneInfo("Europe/Berlin")
    wall = datetime.fromisoformat("2027-03-28T02:30")  # which is left out: it is the end of the gap, three o'clock
    three_s = datetime(2027, 3, 28, 1, 0, tzinfo=UTC).timestamp()
    before, then = (replace(at(), wall_s=three_s + late_s, zone=zone) for late_s in (-1.0, 0.0))
    plan = of("FREQ=DAILY", wall, next=wall)
    assert walked(plan, before).schedule.next == wall
    assert walked(plan, then).passed == wall


def test_a_rule_that_has_run_for_long_is_walked_from_a_later_start_and_counts_on() -> None:
    plan = of("FREQ=DAILY;COUNT=1000", next=NOON)
    now = at(NOON + timedelta(days=900, hours=1))
    done = walked(plan, now).schedule
    assert now.shown - KEPT <= done.start < now.shown - KEPT + DAY
    assert done.used == (done.start - NOON).days
    assert walked(done, at(NOON + timedelta(days=998, hours=1))).schedule.next == NOON + 999 * DAY
    assert walked(done, at(NOON + timedelta(days=999, hours=1))).schedule.next is None
    assert walked(of("FREQ=DAILY", next=NOON), at(NOON + 30 * DAY)).schedule.start == NOON


def test_what_comes_later_than_ten_years_counts_as_never() -> None:
    once = Schedule(NOON)
    assert walked(once, at(NOON - HORIZON)).schedule.next == NOON
    assert walked(once, at(NOON - HORIZON - DAY)).schedule.next is None
