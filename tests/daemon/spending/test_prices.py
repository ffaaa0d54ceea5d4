"""What a report is billed as, and what that costs."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.conversation.messages import Tokens, UsageReported
from daemon.live.settings import KNOWN_MODELS
from daemon.spending.prices import MICRO, PRICES, Billed, Price, billed, micro, price_of

COUNTS = st.integers(0, 200_000)
TOKENS = st.builds(Tokens, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
REPORTS = st.builds(UsageReported, TOKENS, TOKENS, TOKENS, COUNTS, TOKENS, COUNTS)
PRICE = Price("m", "", 750_000, 3_000_000, 1_000_000, 4_500_000, 12_000_000)


def test_details_that_add_up_are_billed_as_they_are() -> None:
    report = UsageReported(
        prompt=Tokens(130, text=100, audio=20, image=10), response=Tokens(50, text=5, audio=45), total=180
    )
    assert billed(report) == Billed(100, 20, 10, 5, 45)


def test_what_no_detail_explains_is_sound_and_of_tools_text() -> None:
    report = UsageReported(prompt=Tokens(100, text=60), response=Tokens(30), tool_use=Tokens(7), total=137)
    assert billed(report) == Billed(text_in=67, audio_in=40, audio_out=30)


def test_details_that_are_more_than_the_count_are_believed() -> None:
    assert billed(UsageReported(prompt=Tokens(10, text=60, audio=1))) == Billed(text_in=60, audio_in=1)


def test_thoughts_and_what_only_the_total_knows_are_text_that_goes_out() -> None:
    report = UsageReported(prompt=Tokens(10, text=10), response=Tokens(5, audio=5), thoughts=3, total=25)
    assert billed(report) == Billed(text_in=10, text_out=3 + 7, audio_out=5)


def test_video_and_documents_are_pictures_and_cached_tokens_are_in_the_prompt_already() -> None:
    report = UsageReported(prompt=Tokens(6, image=1, video=2, document=3), cached=Tokens(4, text=4), total=6)
    assert billed(report) == Billed(image_in=6)


@settings(max_examples=50, deadline=None)
@given(report=REPORTS)
def test_never_less_is_billed_than_the_service_says_it_counted(report: UsageReported) -> None:
    tokens = billed(report)
    kinds = (report.prompt, report.response, report.tool_use)
    assert min(astuple(tokens)) >= 0
    assert tokens.total >= report.total
    assert tokens.total >= sum(max(kind.count, kind.detailed) for kind in kinds) + report.thoughts
    assert tokens.text_in + tokens.audio_in + tokens.image_in == tokens.prompt


@settings(max_examples=50, deadline=None)
@given(report=REPORTS)
def test_money_is_whole_and_off_by_less_than_a_millionth(report: UsageReported) -> None:
    tokens = billed(report)
    exact = sum(count * price for count, price in zip(astuple(tokens), astuple(PRICE)[2:], strict=True))
    cost = PRICE.cost(tokens)
    assert type(cost) is int
    assert 0 <= cost * MICRO - exact < MICRO


def test_a_minute_of_sound_costs_what_the_pricing_page_says() -> None:
    """25 tokens a second: $0.005 a minute in, $0.018 a minute out."""
    price = price_of("gemini-3.8-live", "2026-10-09")
    assert price is not None
    assert price.cost(Billed(audio_in=1500)) == pytest.approx(5_000, abs=500)
    assert price.cost(Billed(audio_out=1500)) == 18_000


@pytest.mark.parametrize("model", KNOWN_MODELS)
def test_every_known_model_has_a_price(model: str) -> None:
    assert price_of(model, "2026-11-01") in PRICES


def test_a_model_that_nobody_knows_has_none() -> None:
    assert price_of("gemini-9-live", "2026-11-01") is None


def dated(since: str, model: str = "gemini-3.8", audio_in: int = 1) -> Price:
    return Price(model, since, 0, audio_in, 0, 0, 0)


def test_the_price_is_that_of_the_day() -> None:
    own = (dated("2027-01-01", audio_in=2), dated("2026-01-01"), dated("2028-01-01", audio_in=3))
    days = ("1970-01-01", "2026-12-31", "2027-01-01", "2030-01-01")
    prices = [price_of("gemini-3.8-live", day, own) for day in days]
    assert [price and price.audio_in for price in prices] == [1, 1, 2, 3]


def test_the_longest_name_counts_and_own_prices_outrank_the_built_in() -> None:
    own = (dated("", "gemini-3.8-live-e", 5), dated("", "gemini"))
    assert price_of("gemini-3.8-live-extended-thinking", "2026-11-01", own) == own[0]
    assert price_of("gemini-3.8-live", "2026-11-01", own) == own[1]


@pytest.mark.parametrize(("money", "amount"), [(0.1, 100_000), (0.000001, 1), (1.15, 1_150_000), (2, 2_000_000)])
def test_money_of_the_settings_is_taken_to_the_millionth(money: float, amount: int) -> None:
    assert micro(money) == amount
