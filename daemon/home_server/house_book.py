"""One usage book and one budget for all sessions of the house: read from what the service reports to each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.home_server.goodbye import Ended
from daemon.live.reported import says, usage_in
from daemon.offline.wire.mapping import INTERNAL_ERROR
from daemon.spending.prices import Billed, billed
from daemon.spending.usage_book import context_after

if TYPE_CHECKING:
    from daemon.spending.budget import Budget
    from daemon.spending.usage_book import Ledger

log = logging.getLogger(__name__)

SPENT: Final = "RESOURCE_EXHAUSTED: the spending limit of this house is reached"


class HouseBook:
    """What is booked, and whether more may be spent."""

    def __init__(self, ledger: Ledger, budget: Budget) -> None:
        self._ledger = ledger
        self.budget = budget

    def session(self, device: str, model: str) -> SessionBook:
        return SessionBook(self, self._ledger, device, model)

    def warn(self) -> None:
        """Say in the journal, once a day or month, that a limit is near."""
        if notice := self.budget.notice():
            log.warning("the budget of the house is nearly spent: %s", notice.value)


class SessionBook:
    """Looks at the frames of one session: books what it reports, and ends it at the end of a turn when all is spent."""

    def __init__(self, house: HouseBook, ledger: Ledger, device: str, model: str) -> None:
        self._house = house
        self._ledger = ledger
        self._device = device
        self._model = model
        self._context = Billed()

    def look(self, frame: str | bytes) -> None:
        """Raises Ended after the turn in which a limit was reached, by whomever in the house."""
        report = usage_in(frame)
        if report and billed(report).total:
            self._ledger.book(self._model, report, self._context)
            self._context = context_after(report)
            self._house.warn()
        if self._house.budget.reached and says(frame, "turnComplete"):
            log.warning("%s: its session ends, for a limit of the house is reached", self._device)
            raise Ended(INTERNAL_ERROR, SPENT)
