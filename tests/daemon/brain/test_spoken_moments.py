"""Which moment a time of day stands for, on Sunday 2026-11-22 at 14:05."""

from datetime import UTC, datetime

import pytest

from daemon.brain.spoken_moments import from_now, moment, with_its_half

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "day", "repeat", "alarm", "other"),
    [
        ("07:00?", "", "", "2026-11-23T07:00", "2026-11-22T19:00"),
        ("03:00?", "", "", "2026-11-22T15:00", "2026-11-22T15:00"),
        ("07:00", "", "", "2026-11-23T07:00", "2026-11-23T07:00"),
        ("19:00", "", "", "2026-11-22T19:00", "2026-11-22T19:00"),
        ("06:00?", "tomorrow", "", "2026-11-23T06:00", "2026-11-23T18:00"),
        ("12:00?", "tomorrow", "", "2026-11-23T12:00", "2026-11-23T12:00"),
        ("09:00?", "tonight", "", "2026-11-22T21:00", "2026-11-22T21:00"),
        ("09:00", "SU", "", "2026-11-29T09:00", "2026-11-29T09:00"),
        ("09:00", "SA", "", "2026-11-28T09:00", "2026-11-28T09:00"),
        ("08:00", "today", "", "2026-11-22T08:00", "2026-11-22T08:00"),
        ("07:00?", "", "FREQ=WEEKLY;BYDAY=TU,WE", "2026-11-24T07:00", "2026-11-24T07:00"),
        ("07:00?", "", "FREQ=DAILY", "2026-11-23T07:00", "2026-11-23T07:00"),
    ],
)
def test_the_rules_for_an_hour_without_its_half_of_the_day(
    said: str, day: str, repeat: str, alarm: str, other: str
) -> None:
    assert moment(said, NOW, day=day, repeat=repeat, morning=True) == alarm
    assert moment(said, NOW, day=day, repeat=repeat) == other


def test_a_while_from_now() -> None:
    assert from_now(7200, NOW) == "2026-11-22T16:05:00"


@pytest.mark.parametrize(
    ("slots", "time"),
    [
        ({"day": "tomorrow am", "time": "06:15?"}, "06:15"),
        ({"day": "SA pm", "time": "06:15?"}, "18:15"),
        ({"repeat": "FREQ=DAILY pm", "time": "08:00?"}, "20:00"),
        ({"day": "tomorrow", "time": "06:15?"}, "06:15?"),
    ],
)
def test_a_half_that_is_told_by_the_day_goes_to_the_time(slots: dict[str, str], time: str) -> None:
    told = with_its_half(slots)
    assert told["time"] == time
    assert not any(" " in told.get(slot, "") for slot in ("day", "repeat"))
