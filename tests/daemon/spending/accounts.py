"""A book to write in, and what is written there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from daemon.conversation.messages import Tokens, UsageReported
from daemon.spending.prices import Price
from daemon.spending.usage import Usage

if TYPE_CHECKING:
    from daemon.abilities.memory.resumption import Resumption
    from daemon.state.store import Store

MODEL = "test-live"
UNIT = Price(MODEL, "", 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000)
"""A token costs a millionth."""


class Calendar:
    """A wall clock that goes where it is put."""

    def __init__(self, day: str = "2026-10-09") -> None:
        self.now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


def book(store: Store, clock: Calendar, resumption: Resumption | None = None, **options: Any) -> Usage:
    return Usage(store, MODEL, clock, (UNIT,), resumption=resumption, **options)


def turn(prompt: int, response: int = 0) -> UsageReported:
    """A report of sound."""
    return UsageReported(Tokens(prompt, audio=prompt), Tokens(response, audio=response), total=prompt + response)
