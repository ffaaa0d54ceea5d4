"""When a warning is due, and when nothing more may be spent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.conversation.causes import Notice
from daemon.conversation.no_session import BudgetSpent
from daemon.spending.budget import Budget
from daemon.state.store import FILE, Store
from tests.daemon.spending.accounts import Calendar, book, turn

if TYPE_CHECKING:
    from pathlib import Path

DAILY = {"daily": 0.001}  # 1000 tokens
DAY, MONTH = Notice.DAY_NEARLY_SPENT, Notice.MONTH_NEARLY_SPENT


async def test_without_limits_nothing_is_ever_reached() -> None:
    async with Store() as store:
        usage = book(store, Calendar())
        budget = Budget(usage)
        usage.received(turn(10**9))
        budget.check()
        assert (budget.reached, budget.notice()) == (False, None)


async def test_a_limit_that_rounds_to_nothing_is_not_the_same_as_none() -> None:
    async with Store() as store:
        usage = book(store, Calendar())
        budget = Budget(usage, daily=1e-9)
        budget.check()
        usage.received(turn(1))
        with pytest.raises(BudgetSpent):
            budget.check()


async def test_a_warning_is_due_once_a_day_and_not_again_after_a_restart(tmp_path: Path) -> None:
    clock = Calendar()
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        budget = Budget(usage, **DAILY)
        usage.received(turn(799))
        assert budget.notice() is None
        usage.received(turn(1))
        assert [budget.notice(), budget.notice()] == [DAY, None]
        usage.received(turn(10))
        assert budget.notice() is None
    async with Store(tmp_path / FILE) as store:
        usage = book(store, clock)
        budget = Budget(usage, **DAILY)
        usage.received(turn(10))
        assert budget.notice() is None
        clock.pass_days(1)
        usage.received(turn(900))
        assert [budget.notice(), budget.notice()] == [DAY, None]


async def test_day_and_month_are_warned_of_each_by_itself() -> None:
    clock = Calendar()
    async with Store() as store:
        usage = book(store, clock)
        budget = Budget(usage, daily=0.001, monthly=0.002, warn_at=0.5)
        usage.received(turn(600))
        assert [budget.notice(), budget.notice()] == [DAY, None]
        clock.pass_days(1)
        usage.received(turn(600))
        assert [budget.notice(), budget.notice(), budget.notice()] == [DAY, MONTH, None]


@pytest.mark.parametrize(("limits", "days", "said"), [(DAILY, 1, "daily_limit"), ({"monthly": 0.001}, 30, "monthly")])
async def test_what_is_spent_is_refused_until_the_next_period(limits: dict[str, Any], days: int, said: str) -> None:
    clock = Calendar()
    async with Store() as store:
        usage = book(store, clock)
        budget = Budget(usage, **limits)
        usage.received(turn(999))
        budget.check()
        usage.received(turn(1))
        assert budget.reached
        assert budget.notice() is None  # the refusal says it
        with pytest.raises(BudgetSpent) as spent:
            budget.check()
        assert said in spent.value.fix
        assert "(2026-10" in spent.value.message
        clock.pass_days(days)
        budget.check()


async def test_a_clock_that_went_back_opens_no_budget_and_an_earlier_day_is_not_spent_twice() -> None:
    clock = Calendar("2026-11-01")
    async with Store() as store:
        usage = book(store, clock)
        budget = Budget(usage, **DAILY)
        usage.received(turn(600))
        clock.pass_days(-2)
        budget.check()
        usage.received(turn(400))
        assert budget.reached
        clock.pass_days(2)
        assert budget.reached


@settings(max_examples=25, deadline=None)
@given(costs=st.lists(st.tuples(st.integers(1, 700), st.integers(-2, 2)), max_size=30))
def test_a_limit_is_passed_by_one_turn_at_most(costs: list[tuple[int, int]]) -> None:
    async def live() -> None:
        clock = Calendar()
        async with Store() as store:
            usage = book(store, clock)
            budget = Budget(usage, **DAILY)
            last: dict[str, int] = {}
            for cost, days in costs:
                clock.pass_days(days)
                if not budget.reached:
                    usage.received(turn(cost))
                    last[usage.day] = cost
            for day, cost in last.items():
                assert usage.spent(day) - cost < 1000

    asyncio.run(live())
