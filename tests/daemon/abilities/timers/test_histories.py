"""Whole histories: none lost, none twice, none late, whatever is done to clocks, zone and power."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.daemon.abilities.timers.history import ZONES, Story, changes_of, turns_of
from tests.daemon.abilities.timers.owed import shows
from tests.daemon.abilities.timers.time_machine import HandClocks, House
from tests.repetition import repetitions

HISTORIES = repetitions("PIPIT_HISTORIES", usually=75, thoroughly=10_000)
BATCH = 25


@pytest.mark.parametrize("batch", range(HISTORIES // BATCH))
async def test_none_is_lost_comes_twice_or_is_late(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        story = Story(seed)
        for _ in range(story.random.randrange(5, 25)):
            await story.happens()
        await story.ends()


@pytest.mark.parametrize("zone", ZONES)
async def test_a_daily_alarm_rings_once_on_each_day_whatever_summer_time_does(zone: str) -> None:
    for start_s in changes_of(zone):
        house = House(HandClocks(wall_s=start_s, zone=zone))
        for hour, minute in ((0, 0), (1, 30), (2, 0), (2, 30)):
            first = (house.clocks.now().shown + timedelta(days=1)).replace(hour=hour, minute=minute, second=0)
            at = first.replace(microsecond=0).isoformat(timespec="minutes")
            await house.call("set_alarm", at=at, repeat="FREQ=DAILY")
        for _ in range(4 * 144):
            house.clocks.passes(600)
            await house.keeper.look()
            house.stop()
        for number in "1234":
            days = [datetime.fromisoformat(house.day_of(at)) for one, at in house.rang if one == number]
            assert days == [days[0] + timedelta(days=count) for count in range(len(days))]
            assert len(days) >= 3


@pytest.mark.parametrize("repeat", ["", "FREQ=DAILY"])
@pytest.mark.parametrize("zone", ZONES)
async def test_in_the_hour_that_is_missing_and_in_the_one_that_comes_twice_an_alarm_rings_once_and_at_its_first(
    zone: str, repeat: str
) -> None:
    place = ZoneInfo(zone)
    for turn_s in turns_of(zone):
        house = House(HandClocks(wall_s=turn_s - 3 * 3_600, zone=zone))
        before, after = shows(turn_s - 60, place) + timedelta(minutes=1), shows(turn_s, place)
        middle = min(before, after) + abs(after - before) / 2
        await house.call("set_alarm", at=middle.isoformat(timespec="minutes"), repeat=repeat)
        await house.passes(6 * 3_600)
        expected = turn_s if after > before else turn_s - abs(after - before).total_seconds() / 2
        assert [at for _, at in house.rang] == [pytest.approx(expected, abs=1)]
