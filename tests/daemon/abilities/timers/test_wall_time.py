"""What a wall time means in a zone, in the hours that are missing and that come twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from daemon.abilities.timers.wall_time import instant_of, shown_at
from tests.daemon.abilities.timers.history import ZONES, turns_of

GAPS = [
    ("Europe/Berlin", datetime.fromisoformat("2027-03-28T02:30"), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    ("America/New_York", datetime.fromisoformat("2027-03-14T02:00"), datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime.fromisoformat("2026-10-04T02:15"), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Santiago", datetime.fromisoformat("2026-09-06T00:00"), datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),
    ("Africa/Cairo", datetime.fromisoformat("2027-04-30T00:20"), datetime(2027, 4, 29, 22, 0, tzinfo=UTC)),
]
DOUBLED = [
    ("Europe/Berlin", datetime.fromisoformat("2026-10-25T02:30"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("America/New_York", datetime.fromisoformat("2026-11-01T01:30"), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime.fromisoformat("2027-04-04T01:45"), datetime(2027, 4, 3, 14, 45, tzinfo=UTC)),
    ("America/Santiago", datetime.fromisoformat("2027-04-03T23:30"), datetime(2027, 4, 4, 2, 30, tzinfo=UTC)),
    ("Pacific/Auckland", datetime.fromisoformat("2027-04-04T02:30"), datetime(2027, 4, 3, 13, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "wall", "instant"), GAPS)
def test_a_time_that_is_left_out_is_the_end_of_the_gap(zone: str, wall: datetime, instant: datetime) -> None:
    assert instant_of(wall, ZoneInfo(zone)) == instant.timestamp()


@pytest.mark.parametrize(("zone", "wall", "instant"), DOUBLED)
def test_of_a_time_that_comes_twice_it_is_the_first(zone: str, wall: datetime, instant: datetime) -> None:
    assert instant_of(wall, ZoneInfo(zone)) == instant.timestamp()


@pytest.mark.parametrize("zone", sorted({zone for zone, *_ in GAPS}))
def test_every_other_time_is_what_clocks_then_show(zone: str) -> None:
    place = ZoneInfo(zone)
    wall = datetime.fromisoformat("2026-08-01T00:00")
    for _ in range(24 * 365):
        wall += timedelta(hours=1)
        shown = shown_at(instant_of(wall, place), place)
        assert timedelta() <= shown - wall <= timedelta(hours=1)


@pytest.mark.parametrize("zone", ZONES)
def test_each_minute_around_a_turn_is_when_clocks_first_show_it_or_more(zone: str) -> None:
    place = ZoneInfo(zone)
    for turn_s in turns_of(zone):
        first_s = turn_s - 3 * 3_600
        minutes = [first_s + 60 * minute for minute in range(6 * 60)]
        shown = [datetime.fromtimestamp(at, place).replace(tzinfo=None, fold=0) for at in minutes]
        for wall in (min(shown) + timedelta(minutes=minute) for minute in range(4 * 60)):
            expected = next(at for at, there in zip(minutes, shown, strict=True) if there >= wall)
            assert instant_of(wall, place) == expected, wall
            assert instant_of(wall.replace(fold=1), place) == expected, "whichever it was taken from"
