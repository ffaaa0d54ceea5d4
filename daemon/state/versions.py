"""What the state file holds, version by version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS: Final = (
    """
    CREATE TABLE resumption (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        model TEXT NOT NULL,
        handle TEXT NOT NULL,
        issued_at REAL NOT NULL
    );
    """,
    """
    CREATE TABLE remarks (
        id INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        turn INTEGER NOT NULL,
        speaker TEXT NOT NULL,
        text TEXT NOT NULL,
        sources TEXT NOT NULL
    );
    CREATE INDEX remarks_at ON remarks (at);
    CREATE TABLE forgotten (only INTEGER PRIMARY KEY CHECK (only = 1), times INTEGER NOT NULL);
    INSERT INTO forgotten VALUES (1, 0);
    CREATE TABLE retention (only INTEGER PRIMARY KEY CHECK (only = 1), trusted_at REAL, doubted_at REAL);
    """,
    """
    CREATE TABLE usage (
        at REAL NOT NULL,
        day TEXT NOT NULL,
        model TEXT NOT NULL,
        text_in INTEGER NOT NULL,
        audio_in INTEGER NOT NULL,
        image_in INTEGER NOT NULL,
        text_out INTEGER NOT NULL,
        audio_out INTEGER NOT NULL,
        thoughts INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        again INTEGER NOT NULL,
        cost INTEGER,
        again_cost INTEGER,
        rested INTEGER NOT NULL
    );
    CREATE INDEX usage_by_day ON usage (day);
    """,
    """
    CREATE TABLE volumes (whose TEXT PRIMARY KEY, percent INTEGER NOT NULL);
    CREATE TABLE quiet (only INTEGER PRIMARY KEY CHECK (only = 1), until REAL, lifted_until REAL);
    """,
    """
    CREATE TABLE timers (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        words TEXT NOT NULL,
        device TEXT NOT NULL,
        wanted TEXT NOT NULL,
        phase TEXT NOT NULL,
        length_s REAL NOT NULL,
        left_s REAL NOT NULL,
        boot_id TEXT,
        boot_s REAL,
        wall_s REAL,
        occurrence TEXT,
        start TEXT,
        rule TEXT NOT NULL,
        used INTEGER NOT NULL,
        planned TEXT,
        spent TEXT NOT NULL,
        zone TEXT NOT NULL,
        written_s REAL NOT NULL
    );
    """,
    """
    CREATE TABLE on_times (
        device TEXT PRIMARY KEY,
        boot_id TEXT NOT NULL,
        since_s REAL NOT NULL,
        used_s REAL NOT NULL
    );
    """,
    """
    CREATE TABLE taken_back (day TEXT NOT NULL, tokens INTEGER NOT NULL, cost INTEGER);
    """,
    """
    CREATE TABLE switches (
        device TEXT PRIMARY KEY,
        boot_id TEXT NOT NULL,
        at_s TEXT NOT NULL,
        going_off INTEGER NOT NULL
    );
    """,
)
"""What makes a file of version n one of version n + 1 (`PRAGMA user_version`); never changed, only added to."""


def bring_up_to_date(database: sqlite3.Connection) -> None:
    """Make the tables that this version wants, with what is in them kept. Raises sqlite3.Error."""
    for number, step in enumerate(STEPS[version_of(database) :], version_of(database) + 1):
        database.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")
    if not database.execute(_COUNTS).fetchone()[0]:
        with database:
            database.execute(_COUNT_AGAIN)


def version_of(database: sqlite3.Connection) -> int:
    """How many of STEPS made it."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def lacks(database: sqlite3.Connection) -> str:
    """The first table or column that should be there and is not; empty if none is. Raises sqlite3.Error."""
    for table, columns in _wanted().items():
        missing = columns - _columns(database, table)
        if missing:
            return f"no column {table}.{min(missing)}"
    return ""


@cache
def _wanted() -> Mapping[str, frozenset[str]]:
    with closing(sqlite3.connect(":memory:")) as database:
        bring_up_to_date(database)
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: _columns(database, table) for table in tables}


def _columns(database: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(name for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,)))


_COUNTS: Final = "SELECT count(*) FROM forgotten WHERE typeof(times) = 'integer' AND times BETWEEN 0 AND 1e15"
_COUNT_AGAIN: Final = "INSERT OR REPLACE INTO forgotten VALUES (1, 1)"
"""A count of what was forgotten that cannot be read would have every session begin anew, for ever."""
