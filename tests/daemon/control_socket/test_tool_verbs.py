"""Volume and timers by the tools that the model has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from daemon.control_socket.control_lines import ControlError
from daemon.control_socket.tool_verbs import how_timers_stand, next_at
from daemon.control_socket.verbs import verbs_of
from tests.daemon.abilities.timers.time_machine import House
from tests.daemon.control_socket.home import Home


@pytest.fixture
async def home() -> Home:
    return Home()


@pytest.mark.parametrize(
    ("arguments", "percent"),
    [({}, 60), ({"percent": 30}, 30), ({"percent": 0}, 0), ({"change": 10}, 70), ({"change": -15}, 45)],
)
async def test_the_volume_is_told_set_and_changed(home: Home, arguments: dict[str, Any], percent: int) -> None:
    assert await home.verbs()["volume"]({"of": "alarm", **arguments}) == {
        "ok": True,
        "of": "alarm",
        "percent": percent,
        "largest": 80,
    }


@pytest.mark.parametrize("arguments", [{"percent": 1, "change": 1}, {"change": 0}, {"percent": "loud"}, {"of": "it"}])
async def test_a_volume_that_is_none_changes_nothing(home: Home, arguments: dict[str, Any]) -> None:
    with pytest.raises(ControlError):
        await home.verbs()["volume"](arguments)
    assert home.percent == 60


@pytest.mark.parametrize(
    ("arguments", "tool", "told"),
    [
        ({"do": "set", "seconds": 600}, "set_timer", {"seconds": 600, "name": ""}),
        ({"do": "set", "seconds": 600, "name": "pasta"}, "set_timer", {"seconds": 600, "name": "pasta"}),
        ({"do": "alarm", "at": "07:00"}, "set_alarm", {"at": "2026-12-01T07:00", "repeat": "", "name": ""}),
        (
            {"do": "alarm", "at": "2027-01-02T07:00", "repeat": "FREQ=DAILY", "name": "up"},
            *("set_alarm", {"at": "2027-01-02T07:00", "repeat": "FREQ=DAILY", "name": "up"}),
        ),
        (
            {"do": "remind", "text": "bins", "at": "18:30"},
            *("set_reminder", {"text": "bins", "seconds": 0, "at": "2026-11-30T18:30", "repeat": ""}),
        ),
        (
            {"do": "remind", "text": "bins", "seconds": 5},
            *("set_reminder", {"text": "bins", "seconds": 5, "at": "", "repeat": ""}),
        ),
        (
            {"do": "device", "device": "lamp", "state": "on", "at": "07:00", "repeat": "FREQ=DAILY"},
            *(
                "plan_device",
                {"device": "lamp", "state": "on", "seconds": 0, "at": "2026-12-01T07:00", "repeat": "FREQ=DAILY"},
            ),
        ),
        (
            {"do": "device", "device": "fan", "state": "off", "seconds": 1_200},
            *("plan_device", {"device": "fan", "state": "off", "seconds": 1_200, "at": "", "repeat": ""}),
        ),
        (
            {"do": "cancel", "which": "pasta"},
            *("change_timer", {"which": "pasta", "change": "cancel", "seconds": 0}),
        ),
        ({"do": "snooze"}, "change_timer", {"which": "last", "change": "snooze", "seconds": 0}),
        (
            {"do": "extend", "which": "3", "seconds": 60},
            *("change_timer", {"which": "3", "change": "extend", "seconds": 60}),
        ),
        ({"do": "skip_next", "which": "3"}, "change_timer", {"which": "3", "change": "skip_next", "seconds": 0}),
    ],
)
async def test_each_is_a_call_of_a_tool(home: Home, arguments: dict[str, Any], tool: str, told: dict[str, Any]) -> None:
    assert (await home.verbs()["timers"](arguments))["ok"] is True
    assert home.said == [(tool, told)]


async def test_all_are_listed(home: Home) -> None:
    assert [timer["number"] for timer in (await home.verbs()["timers"]({}))["timers"]] == [3, 12, 20]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"do": "dance"}, "do"),
        ({"do": "set", "at": "07:00", "which": "x"}, '"set" takes no at and no which'),
        ({"do": "alarm", "at": "soon"}, "that is no time"),
        ({"do": "alarm", "at": "07:00Z"}, "that is no time"),
        ({"do": "alarm", "at": "2026-02-30T07:00"}, "that is no time"),
    ],
)
async def test_what_does_not_fit_is_refused(home: Home, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(ControlError, match=what):
        await home.verbs()["timers"](arguments)
    assert home.said == []


async def test_what_the_tool_refuses_is_its_answer(home: Home) -> None:
    told = await home.verbs()["timers"]({"do": "set", "seconds": 10**6})
    assert told == {"error": "a timer lasts a day at most", "fix": "set an alarm"}


async def test_all_without_which_is_no_order_to_cancel(home: Home) -> None:
    with pytest.raises(ControlError, match="which"):
        await home.verbs()["timers"]({"do": "cancel"})
    assert home.said == []


@pytest.mark.parametrize(
    ("at", "hour", "found"),
    [
        ("07:00", 6, "2026-11-30T07:00"),
        ("07:00", 7, "2026-12-01T07:00"),
        ("07:00", 8, "2026-12-01T07:00"),
        ("00:00", 0, "2026-12-01T00:00"),
        ("2026-11-30T05:00", 8, "2026-11-30T05:00"),
    ],
)
def test_a_time_alone_is_the_next_such(at: str, hour: int, found: str) -> None:
    assert next_at(at, datetime(2026, 11, 30, hour, tzinfo=ZoneInfo("America/Sao_Paulo"))) == found


def test_after_the_last_day_there_is_none() -> None:
    with pytest.raises(ControlError):
        next_at("07:00", datetime(9999, 12, 31, 8, tzinfo=ZoneInfo("UTC")))


async def test_where_no_device_can_be_switched_nothing_is_planned_with_one(home: Home) -> None:
    with pytest.raises(ControlError, match="no device to be switched later"):
        await verbs_of(home.bare())["timers"]({"do": "device", "device": "lamp", "state": "on", "seconds": 5})


async def test_the_status_counts_what_rings_and_tells_what_is_next(home: Home) -> None:
    house = House()
    await house.call("set_timer", seconds=60)
    await house.call("set_timer", seconds=600)
    await house.passes(61)
    assert house.ringing == {"1"}
    powers = replace(home.powers(), toolbox=house.toolbox)
    assert await how_timers_stand(powers) == {"timers": 2, "next_timer_s": 539}
