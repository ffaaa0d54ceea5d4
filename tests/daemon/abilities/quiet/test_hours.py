"""Hours of the day, over midnight too."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from daemon.abilities.quiet.hours import Hours

NIGHT = Hours(time(22), time(7))
NOON = Hours(time(12, 30), time(14))


@pytest.mark.parametrize(
    ("hours", "at", "holds"),
    [
        (NIGHT, time(21, 59, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59, 59), True),
        (NIGHT, time(7), False),
        (NOON, time(12, 29), False),
        (NOON, time(12, 30), True),
        (NOON, time(13, 59, 59), True),
        (NOON, time(14), False),
        (NOON, time(0), False),
    ],
)
def test_they_hold_from_their_begin_until_right_before_their_end(hours: Hours, at: time, holds: bool) -> None:
    assert hours.hold(at) is holds


@pytest.mark.parametrize(
    ("at", "end", "begin"),
    [
        ("2026-12-31T23:00:00", "2027-01-01T07:00:00", "2027-01-01T22:00:00"),
        ("2026-12-31T03:00:00", "2026-12-31T07:00:00", "2026-12-31T22:00:00"),
        ("2026-12-31T07:00:00", "2027-01-01T07:00:00", "2026-12-31T22:00:00"),
        ("2026-12-31T22:00:00", "2027-01-01T07:00:00", "2027-01-01T22:00:00"),
    ],
)
def test_the_next_end_and_begin_are_to_come(at: str, end: str, begin: str) -> None:
    now = datetime.fromisoformat(at)
    assert NIGHT.end_after(now).isoformat() == end
    assert NIGHT.begin_after(now).isoformat() == begin


def test_they_are_told_as_people_write_them() -> None:
    assert str(NIGHT) == "from 22:00 to 07:00"
