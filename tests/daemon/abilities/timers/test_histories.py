"""Whole histories: none lost, none twice, none late, whatever is done to clocks, zone and power."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from daemon.abilities.timers.entry import Entry
from daemon.abilities.timers.looking_ahead import TICK_S
from tests.daemon.abilities.timers.time_machine import START_S, HandClocks, House, PowerCut
from tests.repetition import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

HISTORIES = 10_000 if THOROUGH else 150
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Auckland"]
BATCH = 50


class Story:
    """One household over some days. Durations are checked by the boot clock, alarms by what the wall shows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a story, no secret
        clocks = HandClocks(zone=self.random.choice(ZONES))
        clocks.wall_s += self.random.randrange(0, 365 * 86_400)
        self.house = House(clocks, ring_s=120.0)
        self.due: dict[str, float] = {}  # by the boot clock of this boot
        self.seen = 0

    async def happens(self) -> None:
        what = self.random.choice([self._set, self._set, self._pass, self._pass, self._step, self._restart, self._cut])
        await what()
        self._look()

    async def ends(self) -> None:
        """All that was confirmed has rung by now, or has been told as missed."""
        for _ in range(6):
            await self.house.passes(3_600)
            self._look()
        assert not self.due, f"lost: {self.due}"

    async def _set(self) -> None:
        seconds = self.random.randrange(1, 7_200)
        answer = await self.house.call("set_timer", seconds=seconds)
        self._confirmed(answer, seconds)

    def _confirmed(self, answer: Mapping[str, Any], seconds: int) -> None:
        if "ok" in answer:
            self.due[str(answer["number"])] = self.house.clocks.boot_s + seconds

    async def _pass(self) -> None:
        await self.house.passes(self.random.randrange(1, 5_000))

    async def _step(self) -> None:
        """Somebody sets the clock, or takes the device abroad."""
        if self.random.random() < 0.3:
            self.house.clocks.zone = self.random.choice(ZONES)
        else:
            self.house.clocks.wall_s += self.random.choice([-3_600, 3_600, 86_400, -86_400, 21 * 86_400])
        await self.house.passes(TICK_S + 1)

    async def _restart(self) -> None:
        self.house.stop()
        await self.house.keeper.look()
        self._look()
        self.house.start()

    async def _cut(self) -> None:
        """The power is cut before or after the next write, which confirms a timer or does not."""
        self.house.stop()
        await self.house.keeper.look()
        self._look()
        self.house.paper.cut_before = before = self.random.random() < 0.5
        self.house.paper.cut_after = not before
        with pytest.raises(PowerCut):
            await self.house.keeper.change(lambda entries: {max(entries, default=0) + 1: self._entry(entries)})
        number = str(max(self.house.paper.entries, default=0))
        if not before:
            self.due[number] = self.house.clocks.boot_s + 60
        self.house.start()

    def _entry(self, entries: Mapping[int, Any]) -> Any:
        number = max(entries, default=0) + 1
        return Entry(number, "timer", length_s=60.0, stamp=self.house.keeper.now().stamp(60.0))

    def _look(self) -> None:
        """What has rung since the last look was due, and was so when it rang."""
        rang, self.seen = self.house.rang_at_boot[self.seen :], len(self.house.rang_at_boot)
        for number, boot_s in rang:
            assert number in self.due, f"{number} rang twice, or was never asked for"
            assert -0.01 <= boot_s - self.due.pop(number) <= TICK_S
        self.house.stop()


@pytest.mark.parametrize("batch", range(HISTORIES // BATCH))
async def test_no_timer_is_lost_rings_twice_or_is_late(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        story = Story(seed)
        for _ in range(story.random.randrange(5, 25)):
            await story.happens()
        await story.ends()


def changes_of(zone: str) -> list[float]:
    """Two days before each change of the clocks in a year."""
    place, day_s = ZoneInfo(zone), 86_400.0
    days = [START_S + day * day_s for day in range(2, 367)]
    offsets = [datetime.fromtimestamp(day, place).utcoffset() for day in days]
    return [day - 2 * day_s for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


@pytest.mark.parametrize("zone", ZONES)
async def test_a_daily_alarm_rings_once_on_each_day_whatever_summer_time_does(zone: str) -> None:
    for start_s in changes_of(zone):
        house = House(HandClocks(wall_s=start_s, zone=zone))
        for hour, minute in ((0, 0), (1, 30), (2, 0), (2, 30)):
            first = (house.clocks.now().shown + timedelta(days=1)).replace(hour=hour, minute=minute, second=0)
            at = first.replace(microsecond=0).isoformat(timespec="minutes")
            await house.call("set_alarm", at=at, repeat="FREQ=DAILY")
        for _ in range(4 * 288):
            house.clocks.passes(300)
            await house.keeper.look()
            house.stop()
        for number in "1234":
            days = [datetime.fromisoformat(house.day_of(at)) for one, at in house.rang if one == number]
            assert days == [days[0] + timedelta(days=count) for count in range(len(days))]
            assert len(days) >= 3
