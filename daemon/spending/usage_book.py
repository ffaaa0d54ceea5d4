"""The usage book: a row for each report of the service, with its cost, and what the days of the month have come to.

Of its columns (see `daemon.state.store`) `thoughts` are a part of `text_out`, and `cached` and `again` parts of what
goes in. Costs are micro-units, NULL where the model has no price. `rested` tells that the session had been closed at
rest before, and its conversation was taken up again.

Days are those of the wall clock where the appliance stands, but they never go back: while the clock is behind the
newest row, as on a Pi that has no clock of its own and is not synchronised yet, what is used is booked on the day of
that row. So no wrong clock opens a day's budget a second time. A clock that was ahead keeps its day open until that
day has come and gone (docs/usage.md says what helps).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.spending.booked import spent_lately
from daemon.spending.prices import Billed, Price, billed, price_of
from daemon.spending.taken_back import TakenBack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from daemon.conversation.messages import UsageReported
    from daemon.state.store import Store

_INSERT: Final = "INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

log = logging.getLogger(__name__)


class Ledger:
    """Books reports of any number of sessions in one state file. `now` is the wall clock, with its time zone."""

    def __init__(self, store: Store, now: Callable[[], datetime], prices: Sequence[Price] = ()) -> None:
        self._store = store
        self._now = now
        self._prices = prices
        self._spent = spent_lately(store)
        self._newest = max(self._spent, default="")

    @property
    def day(self) -> str:
        """The day on which is booked what is used now, YYYY-MM-DD."""
        return max(self._now().date().isoformat(), self._newest)

    def spent(self, period: str) -> int:
        """Micro-units spent in `period`, a day or a month (YYYY-MM) that is not over."""
        return sum(cost for day, cost in self._spent.items() if day.startswith(period))

    def book(self, model: str, report: UsageReported, context: Billed, *, rested: bool = False) -> TakenBack:
        """Book what `model` reports of one generation; `context` is what the service had in mind before it."""
        tokens, now, day = billed(report), self._now(), self.day
        if now.date().isoformat() < day:
            log.warning("the clock says %s, but the newest usage is of %s: booked there", now.date(), day)
        again, price = _again(tokens, context), price_of(model, day, self._prices)
        if price is None:
            log.warning("%s has no price: what it costs is not known", model)
        cost, again_cost = (price.cost(tokens), price.cost(again)) if price else (None, None)
        self._spent[day] = self._spent.get(day, 0) + (cost or 0)
        self._newest = day
        self._store.write(
            _INSERT,
            (
                *(now.timestamp(), day, model),
                *(tokens.text_in, tokens.audio_in, tokens.image_in, tokens.text_out, tokens.audio_out),
                *(report.thoughts, report.cached.count, again.prompt, cost, again_cost, int(rested)),
            ),
        )
        return TakenBack(day, tokens.total, cost)


def _again(tokens: Billed, context: Billed) -> Billed:
    """What of a prompt had been in the context before."""
    return Billed(
        text_in=min(tokens.text_in, context.text_in),
        audio_in=min(tokens.audio_in, context.audio_in),
        image_in=min(tokens.image_in, context.image_in),
    )


def context_after(report: UsageReported) -> Billed:
    """The next prompt, without what will be new in it. Thoughts and transcripts are not kept."""
    tokens = billed(report)
    return Billed(tokens.text_in + report.response.text, tokens.audio_in + tokens.audio_out, tokens.image_in)
