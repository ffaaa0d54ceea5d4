"""From the tables of usage and prices to what is counted and what may be spent."""

from __future__ import annotations

from typing import Any

from daemon.house.settings import Settings
from daemon.spending.making import budget_of, prices_of
from daemon.spending.prices import Price
from daemon.state.store import Store
from tests.daemon.spending.accounts import Calendar, book, turn

COSTS = {"text_in": 0.75, "audio_in": 3.0, "image_in": 1.0, "text_out": 4.5, "audio_out": 12.0}


def settings(**tables: Any) -> Settings:
    return Settings.model_validate(tables)


def test_prices_are_counted_in_millionths() -> None:
    written = settings(price=[{"model": "m", "since": "2026-10-09", **COSTS}]).prices
    assert prices_of(written) == (Price("m", "2026-10-09", 750_000, 3_000_000, 1_000_000, 4_500_000, 12_000_000),)
    assert prices_of(()) == ()


async def test_the_limits_of_the_settings_are_those_of_the_budget() -> None:
    async with Store() as store:
        usage = book(store, Calendar())
        free, tight = (budget_of(settings(usage=limits).usage, usage) for limits in ({}, {"daily_limit": 0.001}))
        usage.received(turn(999))
        assert (free.reached, tight.reached) == (False, False)
        usage.received(turn(2))
        assert (free.reached, tight.reached) == (False, True)
