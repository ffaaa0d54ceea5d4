"""`do_not_disturb`, as a model calls it."""

from __future__ import annotations

import pytest

from daemon.abilities.quiet.local_clock import LocalClock
from daemon.abilities.quiet.tools import quiet_tools
from daemon.conversation.tool_call import ToolCall
from daemon.state.store import Store
from daemon.tools.tool import Toolbox
from daemon.tools.undo import Undo
from tests.daemon.abilities.quiet.house_time import HouseTime
from tests.daemon.abilities.quiet.quiet_houses import NIGHTS, house


@pytest.mark.parametrize(
    ("arguments", "until"),
    [
        ({"until": "2026-12-01T20:00"}, "2026-12-01T20:00+01:00"),
        ({"until": "2026-12-01T20:00:00Z"}, "2026-12-01T21:00+01:00"),
        ({"seconds": 1800}, "2026-12-01T12:30+01:00"),
        ({}, "2026-12-01T20:00+01:00"),
        ({"until": "2026-12-08T12:00"}, "2026-12-08T12:00+01:00"),
    ],
)
async def test_the_answer_says_until_when(arguments: dict[str, object], until: str) -> None:
    async with Store() as store:
        home = house(store)
        answer = await home.ask(**arguments)
        assert (answer["ok"], answer["on"], answer["until"]) == (True, True, until)
        assert home.quiet.active


async def test_it_says_so_in_words_too() -> None:
    async with Store() as store:
        answer = await house(store).ask(until="2026-12-02T08:05")
        assert answer["until_in_words"] == "Wednesday 2 December, 08:05"
        assert "note" not in answer


@pytest.mark.parametrize(
    ("arguments", "told", "fix"),
    [
        ({"until": "eight"}, '"eight" is no local time', "write it as 2026-12-01T23:00"),
        ({"until": "08:00"}, '"08:00" is no local time', "write it as 2026-12-01T23:00"),
        ({"until": "2026-12-01T11:59"}, "is over, it is 2026-12-01T12:00", "choose a time to come"),
        ({"until": "2026-12-08T12:01"}, "is more than 7 days away", "within 7 days"),
        ({"until": "9999-12-31T23:59"}, "is", ""),
        ({"until": "0001-01-01T00:00"}, "is", ""),
        ({"until": "2026-12-01T20:00", "seconds": 60}, "cannot both be given", "give one"),
        ({"seconds": -1}, "seconds", "call do_not_disturb again"),
        ({"seconds": 7 * 86_400 + 1}, "seconds", "call do_not_disturb again"),
        ({"until": "x" * 41}, "until", "call do_not_disturb again"),
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_fix(arguments: dict[str, object], told: str, fix: str) -> None:
    async with Store() as store:
        home = house(store)
        answer = await home.ask(**arguments)
        assert told in answer["error"]
        assert fix in answer["fix"]
        assert not home.quiet.active


@pytest.mark.parametrize(
    ("until", "told"),
    [
        *(("0001-01-01T00:00", "is over"), ("0001-01-01T00:00+14:00", "is over")),
        *(("9999-12-31T23:59", "7 days away"), ("9999-12-31T23:59-12:00", "7 days away")),
    ],
)
async def test_an_end_of_the_calendar_is_refused_as_any_time(until: str, told: str) -> None:
    async with Store() as store:
        time = HouseTime()
        toolbox = Toolbox(quiet_tools(house(store, time).quiet, LocalClock(time)))
        answer = await toolbox.call(ToolCall("1", "do_not_disturb", {"until": until}))
        assert told in answer["error"]


async def test_off_ends_tonights_hours_too_and_says_when_they_begin_again() -> None:
    async with Store() as store:
        home = house(store, HouseTime("2026-12-01T23:00"), **NIGHTS)
        assert await home.ask(on=False) == {"ok": True, "on": False, "quiet_hours_begin": "2026-12-02T22:00+01:00"}
        assert not home.quiet.active


async def test_off_without_hours_has_no_more_to_say() -> None:
    async with Store() as store:
        home = house(store)
        await home.ask(seconds=600)
        assert await home.ask(on=False) == {"ok": True, "on": False}


async def test_a_call_that_is_taken_back_leaves_it_as_it_was() -> None:
    async with Store() as store:
        home, undo = house(store), Undo()
        await home.ask(seconds=600)
        before = home.quiet.until
        await home.ask(undo, until="2026-12-02T08:00")
        assert await undo.run()
        assert home.quiet.until == before
        assert house(store, home.time).quiet.until == before


async def test_a_card_that_is_broken_is_no_reason_to_disturb() -> None:
    async with Store() as store:
        home = house(store)
        await store.run(lambda file: file.execute("DROP TABLE quiet"))
        answer = await home.ask(seconds=600)
        assert home.quiet.active
        assert answer["note"] == "it holds now, but will be forgotten at a restart"
