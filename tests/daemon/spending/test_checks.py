"""A limit that could not be kept is a fault: nobody knows what the model costs."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.spending.checks import faults_of_limits, warnings_of_limits
from daemon.spending.settings import UsageSettings

UNKNOWN = "gemini-9-live"
BOTH = {"daily_limit": 1.0, "monthly_limit": 10.0}


def faulty(usage: dict[str, Any], model: Any, *prices: dict[str, Any]) -> list[Any]:
    return [fault.path for fault in faults_of_limits(usage, model, enumerate(prices))]


def test_each_limit_of_a_model_without_a_price_is_a_fault() -> None:
    assert faulty(BOTH, UNKNOWN) == [("usage", "daily_limit"), ("usage", "monthly_limit")]
    assert faulty({"daily_limit": 1.0}, UNKNOWN, {"model": "gemini-8"}) == [("usage", "daily_limit")]


@pytest.mark.parametrize(
    ("usage", "model", "prices"),
    [
        (BOTH, "gemini-3.8-live", []),
        (BOTH, UNKNOWN, [{"model": "gemini-9"}]),
        ({"daily_limit": 0}, UNKNOWN, []),
        ({}, UNKNOWN, []),
        (BOTH, None, []),
    ],
)
def test_a_limit_with_a_price_no_limit_or_no_model_is_none(
    usage: dict[str, Any], model: Any, prices: list[dict[str, Any]]
) -> None:
    assert faulty(usage, model, *prices) == []


def test_a_price_whose_model_is_no_text_prices_nothing() -> None:
    assert len(faulty(BOTH, UNKNOWN, {"model": 9}, {})) == 2


def test_a_day_that_may_cost_more_than_its_month_is_told() -> None:
    [warning] = warnings_of_limits(UsageSettings(daily_limit=12.5, monthly_limit=10.0))
    assert warning.path == ("usage", "daily_limit")
    assert warning.what == "is never reached, for monthly_limit is 10"
    assert warning.fix == "raise monthly_limit, or write at most 10, not 12.5"


@pytest.mark.parametrize(("daily", "monthly"), [(1.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0), (0.0, 0.0)])
def test_a_day_within_its_month_or_without_a_limit_is_not(daily: float, monthly: float) -> None:
    assert list(warnings_of_limits(UsageSettings(daily_limit=daily, monthly_limit=monthly))) == []
