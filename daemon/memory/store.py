"""The one SQLite file: opened, brought up to date, and written by a thread of its own.

Nothing here is worth a conversation: a file that cannot be read is put aside, a write that fails is logged, and the
appliance goes on without. WAL and few writes, for the sake of the SD card (docs/architecture.md).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FILE: Final = "pipit.db"

WAITING: Final = 256
"""Writes that may wait for a slow card; those beyond are dropped, and logged."""

FAREWELL_S: Final = 2.0
"""How long a stop waits for the last writes."""

READ_TIMEOUT_S: Final = 0.2
"""How long a read may wait for others; with WAL it hardly ever has to."""

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
)
"""What makes a file of version n one of version n + 1 (`PRAGMA user_version`); never changed, only added to."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class StateError(PipitError):
    """The state file cannot be used."""


class Store:
    """An open state file. Writes never wait; reads by `rows` do, so they are for the start and for a row or two.

    Use it as `async with`: leaving it writes what still waits, for `FAREWELL_S` at most.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open `path`, or make it; without one everything is forgotten at the end.

        Raises StateError if the folder of `path` is not there or may not be written.
        """
        self._database = _opened(path) if path else _brought_up_to_date(_connected(":memory:"))
        self._reader = _connected(path, READ_TIMEOUT_S) if path else self._database
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="state")
        self._waiting = 0

    async def __aenter__(self) -> Store:
        self._loop = asyncio.get_running_loop()
        return self

    async def __aexit__(self, *_: object) -> None:
        end = self._loop.run_in_executor(self._writer, self._close)
        self._writer.shutdown(wait=False)
        await asyncio.wait([end], timeout=FAREWELL_S)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What `query` finds; nothing if the file is damaged there, which is logged."""
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            log.warning("the state file cannot be read: %s", error)
            return []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Have `statement` carried out, after those before it. Not waited for."""
        if self._waiting >= WAITING:
            log.warning("the state file is too slow: dropped a write, %d others wait", self._waiting)
            return
        self._waiting += 1
        self._loop.run_in_executor(self._writer, self._carry_out, statement, tuple(values)).add_done_callback(
            self._done
        )

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` makes of the file, after the writes before it, in their thread. Raises StateError."""
        try:
            return await self._loop.run_in_executor(self._writer, work, self._database)
        except sqlite3.Error as error:
            raise StateError(f"the state file cannot be used: {error}", fix="look for a full or damaged card") from None

    def _close(self) -> None:
        self._reader.close()
        self._database.close()

    def _carry_out(self, statement: str, values: Sequence[Any]) -> None:
        try:
            with self._database:
                self._database.execute(statement, values)
        except sqlite3.Error as error:
            log.warning("the state file cannot be written: %s", error)

    def _done(self, _: object) -> None:
        self._waiting -= 1


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _file_or_new(path)
    except (OSError, sqlite3.Error) as error:
        raise StateError(
            f"the state file {path} cannot be opened: {error}",
            fix=f"check that {path.parent} may be written and is not full",
        ) from None


def _file_or_new(path: Path) -> sqlite3.Connection:
    try:
        return _file(path)
    except sqlite3.OperationalError:  # the place is at fault, not the file
        raise
    except sqlite3.DatabaseError as error:
        aside = path.with_name(f"{path.name}.broken-{int(time.time())}")
        log.warning("the state file %s is damaged (%s): put aside as %s, and begun anew", path, error, aside.name)
        path.rename(aside)
        for remnant in ("-wal", "-shm"):
            path.with_name(path.name + remnant).unlink(missing_ok=True)
        return _file(path)


def _connected(place: Path | str, timeout_s: float = 5.0) -> sqlite3.Connection:
    """For several threads: SQLite lets them in one by one."""
    return sqlite3.connect(place, check_same_thread=False, timeout=timeout_s)


def _file(path: Path) -> sqlite3.Connection:
    """The file at `path`, readable by its owner alone."""
    database = _connected(path)
    try:
        path.chmod(0o600)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        return _brought_up_to_date(database)
    except BaseException:
        database.close()
        raise


def _brought_up_to_date(database: sqlite3.Connection) -> sqlite3.Connection:
    """The tables that this version wants, with what is in them kept."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise StateError("the state file is of a newer Pipit", fix="install that one again, or remove pipit.db")
    for number, step in enumerate(STEPS[version:], version + 1):
        database.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")
    return database
