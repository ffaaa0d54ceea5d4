"""What is booked, on which day, and how much of it had been paid for before."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.abilities.memory.resumption import Resumption
from daemon.conversation.causes import Cause, Notice
from daemon.conversation.clocks import Timer
from daemon.conversation.commands import Announce, CloseSession
from daemon.conversation.events import ButtonReleased, SessionEnding, SessionOpened, TimerExpired
from daemon.conversation.messages import HandleIssued, HandleRefused, UsageReported
from daemon.conversation.situation import Situation
from daemon.spending.prices import Billed, billed
from daemon.spending.spending import entries
from daemon.spending.usage import Usage
from daemon.state.store import FILE, Store
from tests.daemon.offline.live_client import ManualClock
from tests.daemon.spending.accounts import UNIT, Calendar, book, turn
from tests.daemon.spending.test_prices import REPORTS

LINGERED = TimerExpired(Timer.LINGER)


def rest(usage: Usage) -> None:
    usage.happened(LINGERED, [CloseSession()], Situation())


async def test_each_report_is_a_row_and_outlives_a_restart(tmp_path: Path) -> None:
    clock = Calendar()
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        usage.received(turn(100, 20))
        clock.pass_days(1)
        usage.received(turn(7))
        assert (usage.spent("2026-10-09"), usage.spent("2026-10-10"), usage.spent("2026-10")) == (120, 7, 127)
    rows = entries(tmp_path)
    assert [(row.day, row.model, row.tokens.total, row.cost) for row in rows] == [
        ("2026-10-09", UNIT.model, 120, 120),
        ("2026-10-10", UNIT.model, 7, 7),
    ]
    async with Store(tmp_path / FILE) as store:
        again = book(store, clock)
        assert (again.spent(again.day), again.spent("2026-10")) == (7, 127)


@settings(max_examples=15, deadline=None)
@given(reports=st.lists(st.tuples(REPORTS, st.integers(-3, 3)), max_size=12))
def test_the_rows_are_the_sum_of_the_reports_whatever_the_clock_does(reports: list[tuple[UsageReported, int]]) -> None:
    async def keep(folder: Path) -> None:
        clock = Calendar("2026-10-15")
        async with Store(folder / FILE) as store:
            usage = book(store, clock)
            for report, days in reports:
                clock.pass_days(days)
                before = usage.day
                usage.received(report)
                assert usage.day >= before

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(keep(Path(name)))
        rows = entries(Path(name))
    assert sum((row.tokens for row in rows), Billed()) == sum((billed(report) for report, _ in reports), Billed())
    assert all((row.cost or 0) >= (row.again_cost or 0) >= 0 for row in rows)
    assert all(row.tokens.prompt >= row.again >= 0 for row in rows)
    assert [row.day for row in rows] == sorted(row.day for row in rows)


async def test_a_report_of_nothing_is_no_row(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        book(store, Calendar()).received(UsageReported())
    assert entries(tmp_path) == []


async def test_what_has_no_price_is_counted_and_its_cost_is_said_to_be_unknown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(tmp_path / FILE) as store:
        usage = Usage(store, "nobody-knows", Calendar())
        usage.received(turn(100, 20))
        assert usage.spent("2026-10") == 0
    (row,) = entries(tmp_path)
    assert (row.tokens.total, row.cost, row.again_cost) == (120, None, None)
    assert "nobody-knows has no price" in caplog.text


async def test_the_context_is_billed_again_as_long_as_its_session_is_the_same(tmp_path: Path) -> None:
    """The counts that a prober of the real service saw: each prompt is the one before, its reply, and what is new."""
    async with Store(tmp_path / FILE) as store:
        usage = book(store, Calendar())
        for report in (SessionOpened(), turn(143, 19), turn(181, 24), turn(224, 24), SessionOpened(), turn(150, 9)):
            usage.received(report)
    assert [row.again for row in entries(tmp_path)] == [0, 143 + 19, 181 + 24, 0]


async def test_what_compression_dropped_is_not_billed_again(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        usage = book(store, Calendar())
        for report in (turn(9_000, 100), turn(2_000)):
            usage.received(report)
    assert entries(tmp_path)[1].again == 2_000


async def test_a_resumed_conversation_is_billed_again_over_a_restart_and_a_refused_one_is_not(tmp_path: Path) -> None:
    clock = Calendar()
    async with Store(tmp_path / FILE) as store:
        kept = Resumption(store, "m", ManualClock())
        usage = book(store, clock, kept)
        for message in (HandleIssued("h"), turn(100, 20)):
            kept.received(message)
            usage.received(message)
    async with Store(tmp_path / FILE) as store:
        kept = Resumption(store, "m", ManualClock())
        usage = book(store, clock, kept)
        for later in (SessionOpened(), turn(130), HandleRefused(), turn(50)):
            kept.received(later)
            usage.received(later)
    assert [(row.again, row.rested) for row in entries(tmp_path)] == [(0, False), (120, True), (0, False)]


async def test_a_clock_that_went_back_does_not_open_its_day_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Calendar("2026-11-01")
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        usage.received(turn(100))
        clock.pass_days(-3)
        usage.received(turn(50))
        assert (usage.day, usage.spent(usage.day), usage.spent("2026-11")) == ("2026-11-01", 150, 150)
        assert "the clock says 2026-10-29" in caplog.text
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        assert (usage.day, usage.spent(usage.day)) == ("2026-11-01", 150)
        clock.pass_days(4)
        assert (usage.day, usage.spent(usage.day)) == ("2026-11-02", 0)


@pytest.mark.parametrize(("tokens", "handle"), [(0, "h"), (119, ""), (120, "h")])
async def test_a_conversation_that_has_grown_long_is_not_taken_up_after_a_rest(tokens: int, handle: str) -> None:
    async with Store() as store:
        kept = Resumption(store, "m", ManualClock())
        usage = book(store, Calendar(), kept, recycle_tokens=tokens)
        kept.received(HandleIssued("h"))
        usage.received(turn(100, 20))
        assert kept.handle == "h"
        rest(usage)
        assert kept.handle == handle


@pytest.mark.parametrize(
    ("event", "commands", "forgets"),
    [
        (LINGERED, [CloseSession()], True),
        (SessionEnding(50), [CloseSession()], True),
        (SessionEnding(50), [], False),
        (ButtonReleased(0, 100.0), [CloseSession()], False),
        (TimerExpired(Timer.THINKING), [CloseSession(), Announce(Cause.NO_REPLY)], False),
        (LINGERED, [Announce(Notice.DAY_NEARLY_SPENT)], False),
    ],
)
async def test_only_a_session_that_nobody_needs_is_recycled(
    event: object, commands: list[object], forgets: bool
) -> None:
    async with Store() as store:
        kept = Resumption(store, "m", ManualClock())
        usage = book(store, Calendar(), kept, recycle_tokens=50)
        kept.received(HandleIssued("h"))
        usage.received(turn(100, 20))
        usage.happened(event, commands, Situation())  # type: ignore[arg-type]
        assert (kept.handle == "") is forgets
