"""What a conversation costs, in words."""

from __future__ import annotations

from daemon.chat.account import Account, money
from daemon.conversation.messages import Tokens, UsageReported
from daemon.house.settings import Settings
from tests.daemon.chat.chatting import account

REPORT = UsageReported(prompt=Tokens(1_000, text=1_000), response=Tokens(100, audio=100), total=1_100)


def test_reports_are_summed_and_priced() -> None:
    book = account()
    used = book.add([REPORT, REPORT])
    assert book.words(used) == "2,000 tokens in, 200 out, 0.0039 USD"  # 2,000 × 0.75 and 200 × 12 a million
    book.add([REPORT])
    assert book.words(book.total) == "3,000 tokens in, 300 out, 0.0059 USD"  # rounded up


def test_a_model_without_a_price_has_no_cost() -> None:
    book = Account("my-own-model", "2026-11-28")
    assert book.words(book.add([REPORT])) == "1,000 tokens in, 100 out"
    assert book.cost(book.total) is None


def test_prices_and_currency_are_those_of_the_settings() -> None:
    price = dict.fromkeys(("text_in", "audio_in", "image_in", "text_out", "audio_out"), 10.0)
    own = {"model": "gemini", **price}
    settings = Settings.model_validate({"usage": {"currency": "EUR"}, "price": [own]})
    book = Account.of(settings, "2026-11-28")
    assert book.words(book.add([REPORT])) == "1,000 tokens in, 100 out, 0.0110 EUR"


def test_something_is_never_told_as_nothing() -> None:
    assert (money(0, "USD"), money(1, "USD"), money(100, "USD")) == ("0.0000 USD", "0.0001 USD", "0.0001 USD")
