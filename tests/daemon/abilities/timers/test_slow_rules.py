"""A rule that takes for ever to be walked keeps nobody waiting, and nothing else from ringing."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.daemon.abilities.timers.time_machine import START_S, HandClocks, House

DAILY = {"at": "2026-11-30T18:00", "repeat": "FREQ=DAILY"}


class SlowHouse(House):
    """Its rules are walked until the deadline, once `stuck`."""

    stuck = False
    walk_s = 0.0

    async def off_loop(self, function: Any, *arguments: Any) -> Any:
        if self.stuck and function.__name__ == "walked":
            await asyncio.get_running_loop().create_future()
        return function(*arguments)


async def test_an_alarm_is_refused_in_one_sentence() -> None:
    house = SlowHouse()
    house.stuck = True
    answer = await house.call("set_alarm", **DAILY)
    assert "did not suffice" in answer["error"]
    assert not house.keeper.entries


async def test_what_is_there_waits_and_the_others_ring() -> None:
    house = SlowHouse(HandClocks(wall_s=START_S + 17 * 3_600))
    assert (await house.call("set_alarm", **DAILY))["ok"]
    await house.call("set_timer", seconds=600)
    house.stuck = True
    house.clocks.passes(700)
    await house.keeper.look()
    assert [id_ for id_, _ in house.rang] == ["2"]
    house.stuck = False
    await house.keeper.look()
    assert sorted(id_ for id_, _ in house.rang) == ["1", "2"]
