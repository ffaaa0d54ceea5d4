"""From the table to whether it is quiet."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.quiet.making import quiet_of
from daemon.abilities.quiet.settings import QuietSettings
from daemon.state.store import Store
from tests.daemon.abilities.quiet.house_time import HouseTime


@pytest.mark.parametrize(
    ("table", "shown", "quiet"),
    [
        ({}, "23:00", False),
        ({"from": "22:00"}, "23:00", False),
        ({"to": "07:00"}, "23:00", False),
        ({"from": "22:00", "to": "07:00"}, "23:00", True),
        ({"from": "22:00", "to": "07:00"}, "07:00", False),
        ({"from": "13:00", "to": "15:00"}, "14:59", True),
    ],
)
async def test_hours_need_both_ends(table: dict[str, Any], shown: str, quiet: bool) -> None:
    time = HouseTime(f"2026-12-01T{shown}")
    async with Store() as store:
        made = quiet_of(QuietSettings.model_validate(table), store, time.clock, time.later)
        assert made.active is quiet
        assert bool(time.timers.pending) is (len(table) == 2), "somebody looks when they begin and end"
        made.close()
        assert time.timers.pending == []


async def test_what_somebody_said_is_there_after_a_restart() -> None:
    time, table = HouseTime(), QuietSettings()
    async with Store() as store:
        before = quiet_of(table, store, time.clock, time.later)
        assert await before.hush(time() + 3_600)
        before.close()
        after = quiet_of(table, store, time.clock, time.later)
        assert after.active
        time.pass_s(3_601)
        assert not after.active
        after.close()


async def test_by_itself_it_takes_the_loop_and_the_machines_clock() -> None:
    async with Store() as store:
        made = quiet_of(QuietSettings(), store)
        assert not made.active
        made.close()
