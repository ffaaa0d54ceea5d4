"""What was asked in a pause that did not last: told apart from all else that was spent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daemon.conversation.commands import EndActivity, PlayKept, StartActivity
from daemon.conversation.events import Timer, TimerExpired
from daemon.conversation.situation import Situation
from daemon.spending.settings import UsageSettings
from daemon.spending.spending import booked
from daemon.spending.taken_back import EarlySum, TakenBack, of_period
from daemon.spending.usage_page import as_json, as_text, overview
from daemon.state.store import FILE, Store
from tests.daemon.spending.accounts import Calendar, book, turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from daemon.conversation.commands import Command
    from daemon.conversation.messages import UsageReported

PAUSE, LAST = [EndActivity(1, 9)], [PlayKept(1)]
WENT_ON = [StartActivity(2, 9, goes_on=True)]
NEXT = [StartActivity(2, 9)]


async def spend(folder: Path, *what: Sequence[Command] | UsageReported) -> Sequence[TakenBack]:
    async with Store(folder / FILE) as store:
        usage = book(store, Calendar())
        for item in what:
            if isinstance(item, list):
                usage.happened(TimerExpired(Timer.HEARING), item, Situation())
            else:
                usage.received(item)  # type: ignore[arg-type]
    return booked(folder).taken_back


@pytest.mark.parametrize(
    ("what", "tokens"),
    [
        ((turn(1), PAUSE, turn(100, 20), WENT_ON), [120]),
        ((PAUSE, WENT_ON, turn(100, 20), turn(7)), [120, 7]),
        ((PAUSE, turn(5), WENT_ON, turn(7), [EndActivity(2, 99)], turn(9), LAST), [5, 7]),
        ((PAUSE, turn(100, 20), LAST, turn(7)), []),
        ((PAUSE, turn(100, 20), NEXT, turn(7)), []),
    ],
    ids=["in the pause", "after it", "and not of the rest", "the pause lasted", "an interruption"],
)
async def test_the_reports_of_a_turn_that_went_on_are_noted(
    tmp_path: Path, what: Sequence[Sequence[Command] | UsageReported], tokens: Sequence[int]
) -> None:
    assert [report.tokens for report in await spend(tmp_path, *what)] == tokens


async def test_the_page_tells_them_of_its_day_and_month_and_only_if_there_are_any(tmp_path: Path) -> None:
    await spend(tmp_path, PAUSE, turn(100, 20), WENT_ON, turn(1_000))
    view = overview(tmp_path, "2026-10-09", UsageSettings())
    assert as_text(view, "both").count("1,120 tokens") == 2
    figures = json.loads(as_json(view, "today"))["today"]
    assert (figures["taken_back_turns"], figures["taken_back_tokens"]) == (2, 1_120)
    assert "early" not in as_text(overview(tmp_path, "2026-10-10", UsageSettings()), "today")


def test_sums_are_those_of_a_period() -> None:
    rows = [TakenBack("2026-10-09", 5, 2), TakenBack("2026-10-10", 7, None), TakenBack("2026-11-01", 1, 1)]
    assert of_period(rows, "2026-10") == EarlySum(2, 12, 2)
    assert of_period(rows, "2026-10-10") == EarlySum(1, 7, 0)
