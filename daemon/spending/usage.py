"""What was used: a row for each report of the service, with its cost and how much of it was context billed again.

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
from typing import TYPE_CHECKING, Final, Protocol

from daemon.conversation import commands as do
from daemon.conversation.events import PlayoutDrained, ReplyComplete, SessionEnding, SessionOpened, TimerExpired
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleRefused, UsageReported
from daemon.conversation.witness import Witness
from daemon.spending.booked import CONTEXTS, spent_lately
from daemon.spending.prices import Billed, Price, billed, price_of
from daemon.spending.taken_back import Early, TakenBack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation
    from daemon.state.store import Store

_INSERT: Final = "INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_AT_REST: Final = (TimerExpired, SessionEnding, PlayoutDrained, ReplyComplete)
"""After these a session is closed because nobody needs it; after a press or a failure somebody may."""

log = logging.getLogger(__name__)


class Resumable(Protocol):
    """A conversation that the next session takes up; see `daemon.abilities.memory.resumption`."""

    @property
    def handle(self) -> str: ...
    def forget(self) -> None: ...


class Usage(Witness):
    """Books what `model` reports. `now` is the wall clock, with its time zone.

    With `recycle_tokens`, a conversation that has grown beyond so many is forgotten when its session is closed at
    rest: the next begins anew, and does not pay for it again.
    """

    def __init__(
        self,
        store: Store,
        model: str,
        now: Callable[[], datetime],
        prices: Sequence[Price] = (),
        *,
        resumption: Resumable | None = None,
        recycle_tokens: int = 0,
    ) -> None:
        self._store = store
        self._model = model
        self._now = now
        self._prices = prices
        self._resumption = resumption
        self._recycle_tokens = recycle_tokens
        self._spent = spent_lately(store)
        self._newest = max(self._spent, default="")
        last = store.read(CONTEXTS, "WHERE model = ? ORDER BY rowid DESC LIMIT 1", (model,))
        self._context = last[0] if last else Billed()  # what the service has in mind, as it would be billed
        self._rested = bool(last)
        self._early = Early(store)

    @property
    def day(self) -> str:
        """The day on which is booked what is used now, YYYY-MM-DD."""
        return max(self._now().date().isoformat(), self._newest)

    def spent(self, period: str) -> int:
        """Micro-units spent in `period`, a day or a month (YYYY-MM) that is not over."""
        return sum(cost for day, cost in self._spent.items() if day.startswith(period))

    def received(self, message: SessionMessage) -> None:
        match message:
            case UsageReported():
                self._book(message)
            case HandleRefused():
                self._context = Billed()
            case SessionOpened() if self._resumption is None or not self._resumption.handle:
                self._context = Billed()

    def happened(self, event: Event, commands: Sequence[Command], situation: Situation) -> None:
        self._early.happened(commands)
        closed = situation.state is State.IDLE and do.CloseSession() in commands
        if closed and isinstance(event, _AT_REST) and not any(isinstance(command, do.Announce) for command in commands):
            self._rest()

    def _rest(self) -> None:
        self._rested = True
        if self._resumption and 0 < self._recycle_tokens < self._context.prompt:
            log.info("the conversation has grown to %d tokens: the next begins anew", self._context.prompt)
            self._resumption.forget()

    def _book(self, report: UsageReported) -> None:
        tokens = billed(report)
        if not tokens.total:
            return
        now, day = self._now(), self.day
        if now.date().isoformat() < day:
            log.warning("the clock says %s, but the newest usage is of %s: booked there", now.date(), day)
        again, rested = _again(tokens, self._context), self._rested and self._context.prompt > 0
        price = price_of(self._model, day, self._prices)
        if price is None:
            log.warning("%s has no price: what it costs is not known", self._model)
        cost, again_cost = (price.cost(tokens), price.cost(again)) if price else (None, None)
        self._context, self._rested = _context_after(report, tokens), False
        self._spent[day] = self._spent.get(day, 0) + (cost or 0)
        self._newest = day
        self._early.booked(TakenBack(day, tokens.total, cost))
        self._store.write(
            _INSERT,
            (
                *(now.timestamp(), day, self._model),
                *(tokens.text_in, tokens.audio_in, tokens.image_in, tokens.text_out, tokens.audio_out),
                *(report.thoughts, report.cached.count, again.prompt, cost, again_cost, int(rested)),
            ),
        )


def _again(tokens: Billed, context: Billed) -> Billed:
    """What of a prompt had been in the context before."""
    return Billed(
        text_in=min(tokens.text_in, context.text_in),
        audio_in=min(tokens.audio_in, context.audio_in),
        image_in=min(tokens.image_in, context.image_in),
    )


def _context_after(report: UsageReported, tokens: Billed) -> Billed:
    """The next prompt, without what will be new in it. Thoughts and transcripts are not kept."""
    return Billed(tokens.text_in + report.response.text, tokens.audio_in + tokens.audio_out, tokens.image_in)
