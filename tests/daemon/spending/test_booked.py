"""What a start knows of what was spent before it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from daemon.spending.booked import CONTEXTS, spent_lately
from daemon.spending.prices import Billed
from daemon.state.store import FILE, Store
from tests.daemon.spending.accounts import Calendar, book, turn
from tests.daemon.state.damaged import DAY, loose, put, state_with

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


async def test_only_the_newest_month_is_known_day_by_day(tmp_path: Path) -> None:
    clock = Calendar("2026-09-30")
    async with Store(tmp_path / FILE) as store:
        assert spent_lately(store) == {}
        usage = book(store, clock)
        for days, tokens in ((0, 100), (1, 20), (0, 3), (2, 4)):
            clock.pass_days(days)
            usage.received(turn(tokens))
        await store.run(lambda _: None)
        assert spent_lately(store) == {"2026-10-01": 23, "2026-10-03": 4}


async def test_what_cannot_be_read_counts_in_no_limit_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = state_with(tmp_path / FILE, "usage", {"day": "never"}, {"day": b"\xff"}, {"cost": 5})
    async with Store(path) as store:
        assert spent_lately(store) == {DAY: 12}
    assert "2 turns of the usage cannot be read" in caplog.text


async def test_what_has_no_price_costs_nothing_that_is_known(tmp_path: Path) -> None:
    async with Store(state_with(tmp_path / FILE, "usage", {"cost": None})) as store:
        assert spent_lately(store) == {DAY: 7}


def test_the_next_prompt_has_what_was_said_and_what_was_answered() -> None:
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        put(database, "usage", text_in=1, audio_in=20, audio_out=300, image_in=4_000)
        assert CONTEXTS.read(database).rows == [Billed(1, 320, 4_000)]
