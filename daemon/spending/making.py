"""From the tables of usage and prices to a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.spending.budget import Account, Budget
from daemon.spending.prices import Price, micro

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daemon.spending.settings import PriceSettings, UsageSettings


def prices_of(settings: Iterable[PriceSettings]) -> tuple[Price, ...]:
    """The prices of the settings, in micro-units."""
    return tuple(
        Price(
            model=price.model,
            since=price.since,
            text_in=micro(price.text_in),
            audio_in=micro(price.audio_in),
            image_in=micro(price.image_in),
            text_out=micro(price.text_out),
            audio_out=micro(price.audio_out),
        )
        for price in settings
    )


def budget_of(limits: UsageSettings, usage: Account) -> Budget:
    return Budget(usage, daily=limits.daily_limit, monthly=limits.monthly_limit, warn_at=limits.warn_at)
