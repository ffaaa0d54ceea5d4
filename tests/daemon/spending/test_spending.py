"""What recycling would have saved, and the sums of periods."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.spending.prices import Billed
from daemon.spending.spending import Entry, by_period, entries, with_recycling
from daemon.state.store import FILE, StateError, Store

if TYPE_CHECKING:
    from pathlib import Path


def entry(again: int, *, rested: bool = False, new: int = 10, day: str = "2026-10-09") -> Entry:
    """A token costs one."""
    return Entry(day, "m", Billed(audio_in=again + new), 0, again, again + new, again, rested)


def test_what_a_rest_would_have_dropped_is_not_paid_for_in_the_turns_after_it() -> None:
    talk = [entry(0), entry(10), entry(20), entry(30, rested=True), entry(40), entry(50, rested=True), entry(0)]
    assert with_recycling(talk, 25) == [0, 0, 0, 30, 30, 30, 0]
    assert with_recycling(talk, 15) == [0, 0, 0, 30, 30, 50, 0]
    assert with_recycling(talk, 1_000) == [0] * len(talk)


def test_what_compression_dropped_anyway_is_not_spared() -> None:
    assert with_recycling([entry(0), entry(100, rested=True), entry(40), entry(50)], 20) == [0, 100, 40, 50]


ENTRIES = st.lists(st.builds(entry, st.integers(0, 500), rested=st.booleans(), new=st.integers(0, 50)), max_size=30)


@settings(max_examples=50, deadline=None)
@given(talk=ENTRIES, tokens=st.integers(1, 300))
def test_nobody_spares_more_than_was_billed_again_and_all_sums_agree(talk: list[Entry], tokens: int) -> None:
    spared = with_recycling(talk, tokens)
    assert all(0 <= less <= (each.again_cost or 0) for less, each in zip(spared, talk, strict=True))
    total = by_period(talk, spared, 7)
    assert sum(month.spared for month in total.values()) == sum(spared)
    assert sum(month.cost for month in total.values()) == sum(each.cost or 0 for each in talk)


def test_periods_are_in_order_and_what_has_no_price_is_counted_apart() -> None:
    talk = [
        entry(0, day="2026-11-01"),
        entry(5, day="2026-10-09"),
        Entry("2026-10-09", "new", Billed(text_in=7), cost=None, again_cost=None),
    ]
    days = by_period(talk, [0, 0, 0], 10)
    assert list(days) == ["2026-10-09", "2026-11-01"]
    october = days["2026-10-09"]
    assert (october.turns, october.cost, october.again, october.unpriced, october.tokens.total) == (2, 15, 5, 1, 22)


def test_a_folder_without_a_state_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=str(tmp_path / FILE)) as missing:
        entries(tmp_path)
    assert "--state" in missing.value.fix


def test_a_damaged_file_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 500)
    with pytest.raises(StateError, match="is damaged"):
        entries(tmp_path)


def test_a_file_of_a_version_that_did_not_count_is_empty(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE resumption (x)").connection.close()
    assert entries(tmp_path) == []


async def test_it_is_read_beside_the_running_service_and_left_as_it_is(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE):
        assert entries(tmp_path) == []


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(StateError, match="is a named pipe, not a file"):
        entries(tmp_path)
