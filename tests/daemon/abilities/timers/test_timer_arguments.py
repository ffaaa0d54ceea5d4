"""What the model asks for, as seconds, times and rules that can be kept; else a sentence that says what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from daemon.abilities.timers.entry import SPENT, Schedule
from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.timer_arguments import (
    LONGEST_NAME,
    LONGEST_S,
    due_of,
    named,
    schedule_of,
    seconds_of,
    without_next,
)
from tests.daemon.abilities.timers.moments import NOON, at, walk


@pytest.mark.parametrize(
    ("name", "kept"),
    [("  pasta \n al dente ", "pasta al dente"), ("tea\x00\u202e", "tea"), ("\t", ""), ("größe ☎", "größe ☎")],
)
def test_a_name_is_one_line_that_can_be_said(name: str, kept: str) -> None:
    assert named(name) == kept


def test_a_name_has_a_longest() -> None:
    assert named("x" * LONGEST_NAME)
    with pytest.raises(Refused, match="the text has 61 characters, and may have 60"):
        named("x" * (LONGEST_NAME + 1), what="text")


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_S + 1, 10**30])
def test_a_duration_is_from_a_second_to_a_year(seconds: int) -> None:
    assert (seconds_of(1), seconds_of(LONGEST_S)) == (1.0, LONGEST_S)
    with pytest.raises(Refused):
        seconds_of(seconds)


@pytest.mark.parametrize("trusted", [True, False])
async def test_seconds_need_no_clock_that_is_set(trusted: bool) -> None:
    now = at(trusted=trusted)
    assert await due_of(60, "", "", now, walk) == (60.0, now.stamp(60.0), None)


@pytest.mark.parametrize(
    ("seconds", "when", "repeat", "told"),
    [
        (0, "", "", "either seconds or at"),
        (60, "2026-12-01T13:00", "", "either seconds or at"),
        (60, "", "FREQ=DAILY", "can repeat"),
        (-60, "", "", "no time to wait"),
    ],
)
async def test_one_of_seconds_and_at_is_given(seconds: int, when: str, repeat: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        await due_of(seconds, when, repeat, at(), walk)


@pytest.mark.parametrize(
    ("when", "repeat", "next_"),
    [
        ("2026-12-01T13:00", "", "2026-12-01T13:00"),
        ("2026-12-01T13:00:30.25", "", "2026-12-01T13:00:30"),
        ("2026-12-01T13:00+00:00", "", "2026-12-01T13:00"),
        (" 2026-12-01T13 ", " ", "2026-12-01T13:00"),
        ("2026-12-01T07:00", "FREQ=DAILY", "2026-12-02T07:00"),
        ("2026-11-30T07:00", "FREQ=WEEKLY;BYDAY=MO", "2026-12-07T07:00"),
        ("2020-01-01T07:00", "FREQ=DAILY", "2026-12-02T07:00"),
        ("2026-11-30T07:00", "FREQ=DAILY;INTERVAL=2", "2026-12-02T07:00"),
        ("2026-11-30T07:00", "FREQ=DAILY;COUNT=3", "2026-12-02T07:00"),
    ],
)
async def test_a_time_of_day_is_the_first_to_come(when: str, repeat: str, next_: str) -> None:
    assert (await schedule_of(when, repeat, at(), walk)).next == datetime.fromisoformat(next_)


async def test_a_rule_of_years_ago_is_walked_from_yesterday_unless_it_counts() -> None:
    daily = await schedule_of("2020-01-01T07:00", "FREQ=DAILY", at(), walk)
    assert daily.start == datetime.fromisoformat("2026-11-30T07:00")
    every_other = await schedule_of("2026-11-01T07:00", "FREQ=DAILY;INTERVAL=2", at(), walk)
    assert every_other.start == datetime.fromisoformat("2026-11-01T07:00")


@pytest.mark.parametrize(
    ("when", "repeat", "told"),
    [
        ("2026-12-01T12:00", "", "is over"),
        ("2026-12-01", "", "no local time"),
        ("seven", "", "no local time"),
        ("9" * 100_000, "", "no local time"),
        ("2026-12-01T13:00+05:00", "", "another zone"),
        ("2036-12-05T13:00", "", "ten years away"),
        ("1999-12-05T13:00", "FREQ=DAILY", "ten years away"),
        ("2026-12-01T13:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never fires"),
        ("2026-11-28T07:00", "FREQ=DAILY;COUNT=2", "never fires"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_in_a_sentence(when: str, repeat: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        await schedule_of(when, repeat, at(), walk)
    assert refused.value.fix
    assert len(refused.value.message) < 200


async def test_a_time_of_day_needs_a_clock_that_is_set() -> None:
    with pytest.raises(Refused, match="not set yet"):
        await schedule_of("2026-12-01T13:00", "", at(trusted=False), walk)


def test_the_next_time_is_left_out_and_no_more_are_remembered_than_may_be() -> None:
    assert without_next(Schedule(NOON, next=NOON)).spent == (NOON,)
    assert without_next(Schedule(NOON)) == Schedule(NOON)
    before = tuple(NOON - timedelta(days=day) for day in range(SPENT, 0, -1))
    assert without_next(Schedule(NOON, next=NOON, spent=before)).spent == (*before[1:], NOON)
