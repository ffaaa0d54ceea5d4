"""One book for several sessions: what each has in mind is its own, what it costs is everybody's."""

from __future__ import annotations

from daemon.spending.budget import Budget
from daemon.spending.prices import Billed
from daemon.spending.usage_book import Ledger, context_after
from daemon.state.store import Store
from tests.daemon.spending.accounts import MODEL, UNIT, Calendar, turn


async def test_reports_of_several_sessions_and_models_add_up() -> None:
    async with Store() as store:
        clock = Calendar()
        ledger = Ledger(store, clock, (UNIT,))
        assert ledger.book(MODEL, turn(100, 20), Billed()).cost == 120
        assert ledger.book(MODEL, turn(30), Billed()).cost == 30
        assert ledger.book("nobody-knows", turn(7), Billed()).cost is None
        assert (ledger.day, ledger.spent("2026-10")) == ("2026-10-09", 150)
        budget = Budget(ledger, daily=0.000_15)
        assert budget.reached
        clock.pass_days(1)
        assert not budget.reached


async def test_what_a_session_has_in_mind_is_billed_again_and_no_more_than_was_sent() -> None:
    async with Store() as store:
        ledger = Ledger(store, Calendar(), (UNIT,))
        ledger.book(MODEL, turn(50), Billed(audio_in=80))
        ledger.book(MODEL, turn(50), Billed(audio_in=20))
        rows = await store.run(lambda database: database.execute("SELECT again, again_cost FROM usage").fetchall())
    assert rows == [(50, 50), (20, 20)]


def test_what_is_in_mind_after_a_turn_is_all_that_was_heard_and_said() -> None:
    assert context_after(turn(100, 20)) == Billed(audio_in=120)
