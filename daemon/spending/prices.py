"""What tokens cost: a dated table, which the settings may extend or correct, and how a report is billed by it.

Money is whole numbers of micro-units (a millionth of a dollar, or of whatever the settings count in), rounded up once
a report, so that nothing drifts and nothing is free.

The counts of a report need not add up (the models of 3.8 are known for it). The rule, which never bills less than the
service says it counted:

- A count is what it says or what its details add up to, whichever is more.
- What no detail explains is sound, in the prompt as in the reply: the likeliest here, and the dearest. Of tools it is
  text, for that is what they answer.
- Thoughts are billed as text that goes out. So is what the total has more than all counts: transcripts are billed as
  text, and counted nowhere else.
- Cached tokens are part of the prompt, and Live sessions get no discount for them.
- Video is billed as pictures are, documents too.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.conversation.messages import Tokens, UsageReported

MICRO: Final = 1_000_000
"""Micro-units in a unit of money; prices are given for as many tokens."""


@dataclass(frozen=True, slots=True)
class Billed:
    """Tokens, by what they are billed as."""

    text_in: int = 0
    audio_in: int = 0
    image_in: int = 0
    text_out: int = 0
    audio_out: int = 0

    @property
    def prompt(self) -> int:
        return self.text_in + self.audio_in + self.image_in

    @property
    def total(self) -> int:
        return self.prompt + self.text_out + self.audio_out

    def __add__(self, other: Billed) -> Billed:
        return Billed(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Price:
    """Micro-units for a million tokens, of every model whose name begins with `model`, from the day `since` on."""

    model: str
    since: str
    text_in: int
    audio_in: int
    image_in: int
    text_out: int
    audio_out: int

    def cost(self, billed: Billed) -> int:
        """Micro-units, rounded up."""
        exact = (
            billed.text_in * self.text_in
            + billed.audio_in * self.audio_in
            + billed.image_in * self.image_in
            + billed.text_out * self.text_out
            + billed.audio_out * self.audio_out
        )
        return -(-exact // MICRO)


PRICES: Final = (
    Price("gemini-3.8-live", "2026-10-09", 750_000, 3_000_000, 1_000_000, 4_500_000, 12_000_000),
    Price("gemini-3.1-flash-live", "2026-10-09", 750_000, 3_000_000, 1_000_000, 4_500_000, 12_000_000),
    Price("gemini-2.5-flash-native-audio", "2026-10-09", 500_000, 3_000_000, 3_000_000, 2_000_000, 12_000_000),
)
"""US dollars; the pricing page of the Gemini API as it was on 2026-10-09, paid tier, Live API.

For 2.5 the page has one price for text and one for all else.
"""


def price_of(model: str, day: str, own: Sequence[Price] = ()) -> Price | None:
    """The price of `model` on `day` (YYYY-MM-DD), None if nobody has named one.

    `own` prices outrank the built-in ones. Of several the longest name counts, then the latest that has begun; before
    the first has begun, the first.
    """
    return _found(model, day, own) or _found(model, day, PRICES)


def _found(model: str, day: str, prices: Sequence[Price]) -> Price | None:
    fitting = [price for price in prices if model.startswith(price.model)]
    longest = max((len(price.model) for price in fitting), default=0)
    dated = sorted((price for price in fitting if len(price.model) == longest), key=lambda price: price.since)
    begun = [price for price in dated if price.since <= day]
    return begun[-1] if begun else dated[0] if dated else None


def micro(money: float) -> int:
    """`money` in micro-units."""
    return round(money * MICRO)


def billed(report: UsageReported) -> Billed:
    """What the tokens of `report` are billed as, by the rule above."""
    prompt, response, tools = report.prompt, report.response, report.tool_use
    counted = sum(max(tokens.count, tokens.detailed) for tokens in (prompt, response, tools)) + report.thoughts
    return Billed(
        text_in=prompt.text + tools.text + max(0, tools.count - tools.detailed),
        audio_in=prompt.audio + tools.audio + max(0, prompt.count - prompt.detailed),
        image_in=sum(tokens.image + tokens.video + tokens.document for tokens in (prompt, tools)),
        text_out=response.text + report.thoughts + max(0, report.total - counted),
        audio_out=response.audio + _pictures(response) + max(0, response.count - response.detailed),
    )


def _pictures(response: Tokens) -> int:
    """No Live model draws; should one, its pictures would cost no more than the dearest."""
    return response.image + response.video + response.document
