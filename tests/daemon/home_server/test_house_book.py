"""What passes is booked for the house; its limit ends a session at the end of a turn, and no sooner."""

from __future__ import annotations

import json
import logging

import pytest

from daemon.home_server.goodbye import Ended
from daemon.home_server.house_book import SPENT, HouseBook
from daemon.spending.budget import Budget
from daemon.spending.usage_book import Ledger
from daemon.state.store import Store
from tests.daemon.spending.accounts import MODEL, UNIT, Calendar


def report(tokens: int, **more: object) -> bytes:
    return json.dumps({"usageMetadata": {"promptTokenCount": tokens, "totalTokenCount": tokens}, **more}).encode()


TURN_COMPLETE = b'{"serverContent": {"turnComplete": true}}'


async def test_the_limit_is_of_the_house_and_kept_at_the_end_of_a_turn(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with Store() as store:
        ledger = Ledger(store, Calendar(), (UNIT,))
        book = HouseBook(ledger, Budget(ledger, daily=0.001))
        hall, attic = book.session("hall", MODEL), book.session("attic", MODEL)
        hall.look(report(850))
        assert "nearly spent: day_nearly_spent" in caplog.text
        hall.look(TURN_COMPLETE)
        hall.look(report(200))
        with pytest.raises(Ended) as end:
            attic.look(TURN_COMPLETE)
        assert (end.value.code, end.value.reason) == (1011, SPENT)
        with pytest.raises(Ended):
            hall.look(report(1, serverContent={"turnComplete": True}))
        assert ledger.spent("2026-10-09") == 1_051


async def test_what_a_session_said_before_is_billed_again_to_it_alone() -> None:
    async with Store() as store:
        ledger = Ledger(store, Calendar(), (UNIT,))
        book = HouseBook(ledger, Budget(ledger))
        hall, attic = book.session("hall", MODEL), book.session("attic", MODEL)
        for session, tokens in ((hall, 10), (attic, 100), (hall, 30)):
            session.look(report(tokens))
        hall.look(report(0))
        rows = await store.run(lambda database: database.execute("SELECT again FROM usage").fetchall())
    assert rows == [(0,), (0,), (10,)]
