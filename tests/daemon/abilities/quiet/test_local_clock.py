"""What the wall clock of a house shows, and a look at it each minute."""

from __future__ import annotations

from datetime import datetime

import pytest

from daemon.abilities.quiet.local_clock import SOONEST_S, LocalClock, MinuteWatch
from tests.daemon.abilities.quiet.house_time import HouseTime


@pytest.mark.parametrize(
    ("now", "shown", "as_utc"),
    [
        ("2026-12-01T12:00", "2026-12-01T20:00", "2026-12-01T19:00+00:00"),
        ("2026-12-01T12:00", "2027-07-01T20:00", "2027-07-01T18:00+00:00"),
        ("2027-03-27T12:00", "2027-03-28T02:30", "2027-03-28T01:30+00:00"),  # is left out: 03:30 of summer
        ("2026-10-24T12:00", "2026-10-25T02:30", "2026-10-25T00:30+00:00"),  # comes twice: the first
        ("2026-12-01T12:00", "2026-12-01T20:00+03:00", "2026-12-01T17:00+00:00"),
    ],
)
def test_the_moment_of_what_the_wall_clock_will_show(now: str, shown: str, as_utc: str) -> None:
    moment = HouseTime(now).clock.moment(datetime.fromisoformat(shown))
    assert datetime.fromtimestamp(moment).astimezone() == datetime.fromisoformat(as_utc)


def test_of_an_hour_that_comes_twice_it_is_the_one_to_come() -> None:
    house = HouseTime("2026-10-25T02:45")
    house.pass_s(1)
    moment = house.clock.moment(datetime.fromisoformat("2026-10-25T02:30"))
    assert datetime.fromtimestamp(moment).astimezone() == datetime.fromisoformat("2026-10-25T01:30+00:00")


def test_without_a_zone_it_is_that_of_the_machine() -> None:
    clock = LocalClock(lambda: 1_780_000_000.0)
    assert clock.now() == datetime.fromtimestamp(1_780_000_000).astimezone()
    assert clock.now().tzinfo is not None
    shown = datetime.fromtimestamp(1_780_000_060).astimezone().replace(tzinfo=None)
    assert clock.moment(shown) == 1_780_000_060


def test_a_look_comes_with_the_next_minute_of_the_wall_clock() -> None:
    house, looks = HouseTime("2026-12-01T12:00:20"), list[float]()
    watch = MinuteWatch(house.clock, house.later)
    watch.next(lambda: looks.append(house.timers.now))
    house.pass_s(600)
    assert looks == [pytest.approx(40)]


def test_sooner_if_something_is_due_sooner_and_never_at_once() -> None:
    house, looks = HouseTime("2026-12-01T12:00:20"), list[float]()
    watch = MinuteWatch(house.clock, house.later)
    watch.next(lambda: looks.append(house.timers.now), before_s=house() + 5)
    house.pass_s(600)
    watch.next(lambda: looks.append(house.timers.now), before_s=house() - 5)
    house.pass_s(600)
    assert looks == [pytest.approx(5), pytest.approx(600 + SOONEST_S)]


def test_one_look_takes_the_place_of_another() -> None:
    house, looks = HouseTime(), list[str]()
    watch = MinuteWatch(house.clock, house.later)
    watch.next(lambda: looks.append("first"))
    watch.next(lambda: looks.append("second"))
    house.pass_s(600)
    watch.next(lambda: looks.append("third"))
    watch.stop()
    house.pass_s(600)
    assert looks == ["second"]
    assert house.timers.pending == []
