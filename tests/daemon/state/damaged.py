"""State files with something in them that nobody wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Any

from daemon.state.versions import STEPS

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_780_000_000.0
"""2026-05-28, 20:26:40 UTC."""
DAY = "2026-05-28"
SECRET = "my mother's birthday"

ROWS: dict[str, dict[str, Any]] = {
    "resumption": {"only": 1, "model": "m", "handle": "h", "issued_at": NOON},
    "remarks": {"id": None, "at": NOON, "turn": 1, "speaker": "user", "text": SECRET, "sources": "[]"},
    "forgotten": {"only": 1, "times": 0},
    "retention": {"only": 1, "trusted_at": NOON, "doubted_at": None},
    "usage": {"at": NOON, "day": DAY, "model": "m"}
    | {"text_in": 1, "audio_in": 2, "image_in": 3, "text_out": 4, "audio_out": 5, "thoughts": 0, "cached": 0}
    | {"again": 0, "cost": 7, "again_cost": 0, "rested": 0},
    "volumes": {"whose": "voice", "percent": 40},
    "quiet": {"only": 1, "until": NOON, "lifted_until": None},
    "on_times": {"device": SECRET, "boot_id": "b", "since_s": 700.0, "used_s": 5.0},
    "switches": {"device": SECRET, "boot_id": "b", "at_s": "[790.5, 791]", "going_off": 1},
    "taken_back": {"day": DAY, "tokens": 60, "cost": 7},
    "timers": {
        "number": 1,
        "kind": "timer",
        "name": SECRET,
        "words": "",
        "device": "",
        "wanted": "",
        "phase": "running",
    }
    | {"length_s": 600.0, "left_s": 0.0, "boot_id": "b", "boot_s": 700.0, "wall_s": NOON, "occurrence": None}
    | {"start": None, "rule": "", "used": 0, "planned": None, "spent": "", "zone": "UTC", "written_s": NOON},
}
"""A row of each table, as it should be."""


def loose(database: sqlite3.Connection) -> sqlite3.Connection:
    """Give `database` our tables without their conditions and types, as a card that dies heeds neither."""
    for step in STEPS:
        database.executescript(step)
    for table, row in ROWS.items():
        keys = {
            "id": "id INTEGER PRIMARY KEY",
            "only": "only INTEGER PRIMARY KEY",
            "number": "number INTEGER PRIMARY KEY",
        }
        columns = ", ".join(keys.get(name, name) for name in row)
        database.executescript(f"DROP TABLE {table}; CREATE TABLE {table} ({columns});")
    database.execute(f"PRAGMA user_version = {len(STEPS)}")
    return database


def put(database: sqlite3.Connection, table: str, **changed: Any) -> None:
    """Add a row of `table`, as it should be but for `changed`."""
    row = ROWS[table] | changed
    marks = ", ".join("?" * len(row))
    statement = f"INSERT OR REPLACE INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - one of ours
    with database:
        database.execute(statement, tuple(row.values()))


@cache
def _good() -> bytes:
    """A file of good rows; made once, for that is most of the work."""
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        for name in ROWS:
            put(database, name)
        return database.serialize()


def state_with(path: Path, table: str, *damaged: dict[str, Any]) -> Path:
    """A file in which each table has a good row, and `table` one more for each of `damaged`."""
    path.write_bytes(_good())
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for changed in damaged:
            put(database, table, **changed)
    return path


def names(folder: Path, part: str) -> list[str]:
    """Of the files there with `part` in their names."""
    return sorted(path.name for path in folder.iterdir() if part in path.name)
