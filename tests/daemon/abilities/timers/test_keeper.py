"""What is kept comes about once, in its time, whatever the clocks and the power do."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.abilities.timers.entry import Entry
from daemon.abilities.timers.looking_ahead import WARNING_S
from tests.daemon.abilities.timers.time_machine import START_S, HandClocks, House, PowerCut

WEEKS_S = 21 * 86_400.0


async def test_a_timer_rings_once_and_is_over_when_it_is_stopped() -> None:
    house = House()
    assert (await house.call("set_timer", seconds=600, name="pasta"))["number"] == 1
    await house.passes(599)
    assert not house.rang
    await house.passes(2)
    assert house.rang == [("1", START_S + 600)]
    house.stop()
    await house.passes(3_600)
    assert len(house.rang) == 1
    assert not house.paper.entries


async def test_a_clock_that_is_set_by_weeks_changes_no_duration() -> None:
    house = House()
    await house.call("set_timer", seconds=600)
    await house.passes(100)
    house.clocks.wall_s += WEEKS_S
    await house.passes(499)
    assert not house.rang
    await house.passes(2)
    assert [id_ for id_, _ in house.rang] == ["1"]
    assert not house.told


async def test_what_nobody_stopped_is_told_as_missed() -> None:
    house = House()
    await house.call("set_timer", seconds=60, name="pasta")
    await house.passes(61)
    house.stop(answered=False)
    await house.passes(1)
    assert len(house.told) == 1
    assert "pasta" in house.told[0]


async def test_an_alarm_that_repeats_rings_on_each_of_its_days_and_once_in_the_hour_that_comes_twice() -> None:
    start = datetime(2026, 10, 23, 20, 0, tzinfo=UTC).timestamp()
    house = House(HandClocks(wall_s=start, zone="Europe/Berlin"))
    await house.call("set_alarm", at="2026-10-24T02:30", repeat="FREQ=DAILY")
    for _ in range(4):
        await house.passes(86_400)
        house.stop()
    times = [datetime.fromtimestamp(at, UTC).isoformat(" ", "minutes")[5:16] for _, at in house.rang]
    assert times == ["10-24 00:30", "10-25 00:30", "10-26 01:30", "10-27 01:30"]


async def test_a_clock_that_is_set_back_does_not_ring_the_same_alarm_again() -> None:
    house = House()
    await house.call("set_alarm", at="2026-11-30T18:00", repeat="FREQ=DAILY")
    due = datetime(2026, 11, 30, 18, 0, tzinfo=UTC).timestamp()
    await house.passes(due - house.clocks.wall_s + 1)
    house.stop()
    await house.passes(60)
    house.clocks.wall_s -= 600
    await house.passes(3_600)
    assert len(house.rang) == 1


async def test_after_a_power_cut_within_the_ring_it_rings_on() -> None:
    house = House()
    await house.call("set_timer", seconds=60)
    await house.passes(61)
    house.clocks.reboots(off_s=120)
    house.start()
    await house.passes(1)
    assert len(house.rang) == 2
    assert house.ringing == {"1"}


@pytest.mark.parametrize(("off_s", "rings"), [(300, True), (7_200, False)])
async def test_a_timer_that_came_due_while_it_was_off_rings_if_that_is_not_long_ago(off_s: float, rings: bool) -> None:
    house = House()
    await house.call("set_timer", seconds=60, name="pasta")
    house.clocks.reboots(off_s=off_s)
    house.start()
    await house.passes(1)
    assert bool(house.rang) is rings
    assert len(house.told) == (not rings)


async def test_a_planned_action_is_done_at_its_time_and_never_late() -> None:
    house = House()
    started: list[Any] = []
    house.keeper.spawn = started.append
    await house.call("plan_device", device="lamp", state="on", seconds=60)
    await house.passes(61)
    for work in started:
        await work
    assert house.acted == [("lamp", "on")]
    await house.call("plan_device", device="lamp", state="off", seconds=60)
    house.clocks.reboots(off_s=600)
    house.start()
    await house.passes(1)
    assert house.acted == [("lamp", "on")]
    assert "lamp" in house.told[-1]


async def test_while_the_clock_is_not_set_alarms_wait_and_then_ring() -> None:
    house = House()
    await house.call("set_alarm", at="2026-11-30T18:00")
    house.clocks.reboots(off_s=-86_400)
    house.clocks.synchronised = False
    house.start()
    await house.passes(300)
    assert not house.rang
    house.clocks.synchronised = True
    house.clocks.wall_s = datetime(2026, 11, 30, 18, 1, tzinfo=UTC).timestamp()
    await house.passes(31)
    assert len(house.rang) == 1


async def test_with_nothing_that_waits_it_does_not_wake_and_with_many_as_seldom_as_with_one() -> None:
    house = House()
    assert await house.keeper.look() is None
    await house.call("set_timer", seconds=3_600)
    one = await house.keeper.look()
    for _ in range(49):
        await house.call("set_timer", seconds=3_600)
    assert await house.keeper.look() == one


async def test_what_was_confirmed_is_there_after_a_power_cut_and_what_was_not_may_be_missing() -> None:
    house = House()
    house.paper.cut_after = True
    with pytest.raises(PowerCut):
        await house.keeper.change(lambda _: _one_timer(house))
    house.start()
    await house.passes(61)
    assert len(house.rang) == 1


async def test_a_wait_is_one_even_if_only_rounding_is_left_of_it() -> None:
    house = House(HandClocks(boot_s=0.1))
    await house.call("set_timer", seconds=1)
    house.clocks.passes(1 - 2e-14)
    assert not house.rang
    wait_s = await house.keeper.look()
    assert wait_s is None or wait_s >= 0.001


def _one_timer(house: House) -> dict[int, Entry | None]:
    return {1: Entry(1, "timer", length_s=60.0, stamp=house.keeper.now().stamp(60.0))}


async def test_the_journal_says_why_something_did_not_ring_but_not_what_it_is_called(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "daemon.abilities.timers.keeper")
    house = House()
    await house.call("set_timer", seconds=60, name="pasta")
    house.clocks.reboots(off_s=86_400)
    house.start()
    await house.passes(1)
    assert not house.rang
    assert any(
        line.startswith("timer 1 is told and does not come about: it was due at 2026-") for line in caplog.messages
    )
    assert "pasta" not in caplog.text


async def test_a_timer_that_was_set_by_a_wrong_clock_and_lost_the_power_is_told_and_never_forgotten() -> None:
    house = House(HandClocks(wall_s=START_S - WEEKS_S, boot_s=30.0, synchronised=False))
    await house.call("set_timer", seconds=600, name="pasta")
    await house.passes(60)
    house.clocks.reboots(off_s=30)
    house.start()
    await house.passes(60)
    assert not house.rang
    assert not house.told
    house.clocks.wall_s, house.clocks.synchronised = START_S + 150, True
    await house.passes(31)
    assert not house.rang
    assert len(house.told) == 1
    assert "pasta" in house.told[0]


async def test_of_the_days_that_an_alarm_has_missed_the_latest_alone_is_told() -> None:
    house = House()
    await house.call("set_alarm", at="2026-11-30T18:00", repeat="FREQ=DAILY", name="school")
    house.clocks.reboots(off_s=5 * 86_400)
    house.start()
    await house.passes(31)
    assert not house.rang
    assert len(house.told) == 1
    assert house.told[0].count("school") == 1
    assert "4 December" in house.told[0] or "December 4" in house.told[0]
    assert house.keeper.entries


@pytest.mark.parametrize("seconds", [1, 29, 31, 45, 61, 600])
async def test_it_warns_before_anything_rings_and_not_long_before(seconds: int) -> None:
    house = House()
    warned: list[tuple[float, float]] = []
    house.keeper.warns(lambda soon_s: warned.append((house.clocks.boot_s, soon_s)))
    await house.call("set_timer", seconds=seconds)
    await house.passes(seconds + 5)
    rang_at = house.rang_at_boot[0][1]
    assert any(at < rang_at <= at + soon_s for at, soon_s in warned)
    assert all(rang_at - at <= WARNING_S for at, _ in warned)
