"""What this appliance's sessions used: what of it was context billed again, and when a conversation begins anew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from daemon.conversation import commands as do
from daemon.conversation.events import PlayoutDrained, ReplyComplete, SessionEnding, SessionOpened, TimerExpired
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleRefused, UsageReported
from daemon.conversation.witness import Witness
from daemon.spending.booked import CONTEXTS
from daemon.spending.prices import Billed, Price, billed
from daemon.spending.taken_back import Early
from daemon.spending.usage_book import Ledger, context_after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from daemon.conversation.commands import Command
    from daemon.conversation.events import Event
    from daemon.conversation.messages import SessionMessage
    from daemon.conversation.situation import Situation
    from daemon.state.store import Store

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
        self._ledger = Ledger(store, now, prices)
        self._model = model
        self._resumption = resumption
        self._recycle_tokens = recycle_tokens
        last = store.read(CONTEXTS, "WHERE model = ? ORDER BY rowid DESC LIMIT 1", (model,))
        self._context = last[0] if last else Billed()  # what the service has in mind, as it would be billed
        self._rested = bool(last)
        self._early = Early(store)

    @property
    def day(self) -> str:
        """The day on which is booked what is used now, YYYY-MM-DD."""
        return self._ledger.day

    def spent(self, period: str) -> int:
        """Micro-units spent in `period`, a day or a month (YYYY-MM) that is not over."""
        return self._ledger.spent(period)

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
        if not billed(report).total:
            return
        rested = self._rested and self._context.prompt > 0
        booked = self._ledger.book(self._model, report, self._context, rested=rested)
        self._context, self._rested = context_after(report), False
        self._early.booked(booked)
