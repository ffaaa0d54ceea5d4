"""What a conversation uses and costs, in a line; nothing is booked: that is the appliance's own account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daemon.spending.making import prices_of
from daemon.spending.prices import MICRO, Billed, Price, billed, price_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daemon.conversation.messages import UsageReported
    from daemon.house.settings import Settings


@dataclass
class Account:
    """Sums the reports of one model. `day` (YYYY-MM-DD) chooses the price."""

    model: str
    day: str
    currency: str = "USD"
    own_prices: tuple[Price, ...] = ()
    total: Billed = field(default_factory=Billed)

    @classmethod
    def of(cls, settings: Settings, day: str) -> Account:
        return cls(settings.live.model, day, settings.usage.currency, prices_of(settings.prices))

    def add(self, reports: Iterable[UsageReported]) -> Billed:
        """Take `reports` into the total; their own sum."""
        used = sum(map(billed, reports), Billed())
        self.total += used
        return used

    def cost(self, used: Billed) -> int | None:
        """Micro-units; None if the model has no price."""
        price = price_of(self.model, self.day, self.own_prices)
        return price.cost(used) if price else None

    def words(self, used: Billed) -> str:
        """`812 tokens in, 96 out, 0.0014 USD`."""
        counts = f"{used.prompt:,} tokens in, {used.text_out + used.audio_out:,} out"
        cost = self.cost(used)
        return counts if cost is None else f"{counts}, {money(cost, self.currency)}"


def money(micro: int, currency: str) -> str:
    """With four digits after the point, and never nothing for something."""
    return f"{-(-micro // 100) / (MICRO // 100):.4f} {currency}"
