"""The tools of timers, as the model calls them."""

from __future__ import annotations

import pytest

from daemon.abilities.timers.tools import LOST, timer_tools
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Toolbox
from daemon.tools.undo import Undo
from tests.daemon.abilities.timers.time_machine import House


async def test_a_timer_is_answered_with_what_was_understood() -> None:
    answer = await House().call("set_timer", seconds=600, name="pasta")
    assert answer["ok"]
    assert (answer["number"], answer["kind"], answer["name"]) == (1, "timer", "pasta")
    assert answer["left_s"] == pytest.approx(600)
    assert answer["due"].startswith("2026-")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("set_timer", {"seconds": 0}),
        ("set_timer", {"seconds": -5}),
        ("set_timer", {"seconds": 10 * 366 * 86_400}),
        ("set_timer", {"seconds": 60, "name": "x" * 100_000}),
        ("set_alarm", {"at": "2020-01-01T07:00"}),
        ("set_alarm", {"at": "seven"}),
        ("set_alarm", {"at": "2026-12-01T07:00", "repeat": "FREQ=SECONDLY"}),
        ("set_alarm", {"at": "2026-12-01T07:00", "repeat": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}),
        ("set_reminder", {"text": "", "seconds": 60}),
        ("set_reminder", {"text": "call mum"}),
        ("set_reminder", {"text": "call mum", "seconds": 60, "at": "2026-12-01T07:00"}),
        ("plan_device", {"device": "oven", "state": "on", "seconds": 60}),
        ("change_timer", {"which": "7", "change": "cancel"}),
        ("change_timer", {"which": "pasta", "change": "pause"}),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(tool: str, arguments: dict[str, object]) -> None:
    house = House()
    answer = await house.call(tool, **arguments)
    assert answer["error"]
    assert answer["fix"]
    assert len(answer["error"]) < 300
    assert not house.paper.entries


async def test_what_a_restart_would_lose_is_set_and_said_to_be_so() -> None:
    house = House()
    toolbox = Toolbox(timer_tools(house.keeper, most=3, snooze_s=540.0, lasts=False))
    answer = await toolbox.call(ToolCall("1", "set_timer", {"seconds": 60}))
    assert answer["ok"]
    assert answer["warning"] == LOST
    assert "warning" not in await house.call("set_timer", seconds=60)


async def test_there_may_be_so_many_and_no_more() -> None:
    house = House(most=3)
    for _ in range(3):
        assert "ok" in await house.call("set_timer", seconds=60)
    assert "3" in (await house.call("set_timer", seconds=60))["error"]


async def test_of_two_that_bear_one_name_it_asks_which() -> None:
    house = House()
    await house.call("set_timer", seconds=60, name="Pasta")
    await house.call("set_timer", seconds=90, name="pasta")
    answer = await house.call("change_timer", which="pasta", change="cancel")
    assert "error" in answer
    assert len(house.paper.entries) == 2


async def test_pause_resume_extend_and_cancel() -> None:
    house = House()
    await house.call("set_timer", seconds=600, name="pasta")
    await house.passes(100)
    await house.call("change_timer", which="pasta", change="pause")
    await house.passes(5_000)
    assert not house.rang
    await house.call("change_timer", which="pasta", change="extend", seconds=60)
    await house.call("change_timer", which="1", change="resume")
    (listed,) = (await house.call("list_timers"))["timers"]
    assert listed["left_s"] == pytest.approx(560, abs=1)
    await house.call("change_timer", which="all", change="cancel")
    assert (await house.call("list_timers"))["timers"] == []


async def test_what_rings_can_be_snoozed_even_after_it_was_stopped() -> None:
    house = House()
    await house.call("set_timer", seconds=60)
    await house.passes(61)
    house.stop()
    await house.passes(1)
    assert "ok" in await house.call("change_timer", which="last", change="snooze", seconds=300)
    await house.passes(301)
    assert len(house.rang) == 2


async def test_the_next_time_of_an_alarm_can_be_skipped() -> None:
    house = House()
    await house.call("set_alarm", at="2026-12-01T07:00", repeat="FREQ=DAILY")
    await house.call("change_timer", which="1", change="skip_next")
    (listed,) = (await house.call("list_timers"))["timers"]
    assert listed["due"].startswith("2026-12-02T07:00")


async def test_one_whose_last_time_is_skipped_is_over_and_may_be_had_back() -> None:
    house = House()
    await house.call("set_alarm", at="2026-12-01T07:00", repeat="FREQ=DAILY;COUNT=2")
    await house.call("change_timer", which="1", change="skip_next")
    before = await house.call("list_timers")
    undo = Undo()
    skip = ToolCall("last", "change_timer", {"which": "1", "change": "skip_next"})
    answer = await house.toolbox.call(skip, undo=undo)
    assert [told["state"] for told in answer["changed"]] == ["over"]
    assert "due" not in answer["changed"][0]
    assert (await house.call("list_timers"))["timers"] == []
    assert house.paper.entries == {}
    assert await undo.run()
    assert await house.call("list_timers") == before


@pytest.mark.parametrize(
    ("at", "repeat", "due"),
    [
        ("2026-11-23T07:00", "FREQ=WEEKLY", "2026-11-30T07:00"),
        ("2026-11-24T07:00", "FREQ=WEEKLY", "2026-12-01T07:00"),
        ("2026-11-15T07:00", "FREQ=MONTHLY", "2026-12-15T07:00"),
        ("2026-03-05T07:00", "FREQ=YEARLY", "2027-03-05T07:00"),
        ("2026-03-05T07:00", "FREQ=YEARLY;BYMONTH=12", "2026-12-05T07:00"),
        ("2026-11-24T07:00", "FREQ=WEEKLY;BYDAY=MO,FR", "2026-11-30T07:00"),
        ("2020-11-24T07:00", "FREQ=DAILY", "2026-11-30T07:00"),
    ],
)
async def test_a_repeating_alarm_keeps_the_day_of_a_first_time_that_is_over(at: str, repeat: str, due: str) -> None:
    assert (await House().call("set_alarm", at=at, repeat=repeat))["due"].startswith(due)


@pytest.mark.parametrize("stopped_before", [True, False])
async def test_stopping_an_alarm_that_rings_keeps_its_mornings_to_come(stopped_before: bool) -> None:
    house = House()
    await house.call("set_alarm", at="2026-11-30T07:00", repeat="FREQ=DAILY")
    await house.passes(8 * 3_600)
    assert house.rang
    if stopped_before:
        house.stop()
        await house.passes(1)
    assert "ok" in await house.call("change_timer", which="last", change="cancel")
    assert not house.ringing
    (listed,) = (await house.call("list_timers"))["timers"]
    assert listed["due"].startswith("2026-12-01T07:00")
    await house.call("change_timer", which="1", change="cancel")
    assert (await house.call("list_timers"))["timers"] == []


async def test_what_was_set_last_and_never_rang_is_cancelled_for_good() -> None:
    house = House()
    await house.call("set_alarm", at="2026-12-01T07:00", repeat="FREQ=DAILY")
    assert "ok" in await house.call("change_timer", which="last", change="cancel")
    assert (await house.call("list_timers"))["timers"] == []


async def test_a_new_one_does_not_take_the_number_of_what_rang_last() -> None:
    house = House()
    await house.call("set_timer", seconds=60, name="tea")
    await house.passes(61)
    house.stop()
    await house.passes(1)
    assert (await house.call("set_timer", seconds=600, name="pasta"))["number"] == 2
    await house.call("change_timer", which="tea", change="snooze", seconds=60)
    timers = (await house.call("list_timers"))["timers"]
    assert {timer["name"] for timer in timers} == {"tea", "pasta"}
