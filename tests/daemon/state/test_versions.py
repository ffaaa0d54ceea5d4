"""A file of any version becomes one of this, and what is missing in it is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from daemon.state.versions import STEPS, bring_up_to_date, lacks, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as database:
        yield database


@pytest.mark.parametrize("version", range(len(STEPS) + 1))
def test_every_version_becomes_this_one(database: sqlite3.Connection, version: int) -> None:
    for step in STEPS[:version]:
        database.executescript(step)
    database.execute(f"PRAGMA user_version = {version}")
    assert bool(lacks(database)) is (version < len(STEPS))
    bring_up_to_date(database)
    assert (version_of(database), lacks(database)) == (len(STEPS), "")


def test_what_is_in_it_is_kept(database: sqlite3.Connection) -> None:
    database.executescript(STEPS[0])
    database.execute("PRAGMA user_version = 1")
    database.execute("INSERT INTO resumption VALUES (1, 'm', 'h', 2.5)")
    bring_up_to_date(database)
    bring_up_to_date(database)
    assert database.execute("SELECT * FROM resumption").fetchall() == [(1, "m", "h", 2.5)]


@pytest.mark.parametrize(
    ("damage", "missing"),
    [
        ("DROP TABLE usage", "no column usage.again"),
        ("ALTER TABLE remarks DROP COLUMN sources", "no column remarks.sources"),
        ("ALTER TABLE remarks ADD COLUMN mood TEXT", ""),
    ],
)
def test_what_is_missing_is_named_and_what_is_too_much_is_not(
    database: sqlite3.Connection, damage: str, missing: str
) -> None:
    bring_up_to_date(database)
    database.execute(damage)
    assert lacks(database) == missing


@pytest.mark.parametrize("times", ["'often'", "-1", "1e300", "X'ff'"])
def test_a_count_that_cannot_be_read_is_begun_anew_once(database: sqlite3.Connection, times: str) -> None:
    bring_up_to_date(database)
    database.execute(f"UPDATE forgotten SET times = {times}")  # noqa: S608 - one of the above
    bring_up_to_date(database)
    assert database.execute("SELECT times FROM forgotten").fetchall() == [(1,)]
