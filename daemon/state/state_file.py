"""How the state file is opened, looked through, and put aside when it is damaged."""

from __future__ import annotations

import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Final

from daemon.errors import PipitError
from daemon.state.rows import connected
from daemon.state.versions import STEPS, bring_up_to_date, lacks, version_of
from daemon.state.writer import ATTEMPT_S, BUSY, PATIENCE_S, patiently, reason_of

if TYPE_CHECKING:
    from pathlib import Path

PLACE_AT_FAULT: Final = (
    *BUSY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_AUTH,
)
"""Result codes that say nothing of the file itself: it is left where it is."""

OF_A_ROW: Final = ("NULL value in", "CHECK constraint failed", "TEXT value in", "NUMERIC value in", "non-unique entry")
"""How SQLite's check begins what it says of single values (sqlite.org/pragma.html#pragma_integrity_check)."""

log = logging.getLogger(__name__)


class StateError(PipitError):
    """The state file cannot be used."""


class _DamagedError(Exception):
    """The file was read, and is not as we write one."""


def opened_or_new(path: Path, patience_s: float = PATIENCE_S) -> sqlite3.Connection:
    """The file at `path`, readable by its owner alone; a new one if there is none, or none that can be read.

    Waits for another program's lock for `patience_s`. Raises StateError.
    """
    try:
        return patiently(lambda: _file_or_new(path), patience_s=patience_s)
    except (OSError, sqlite3.Error, _DamagedError) as error:
        locked = isinstance(error, sqlite3.Error) and reason_of(error) in BUSY
        fix = f"end the program that has locked it: `sudo fuser -v {path}` tells which"
        if not locked:
            fix = f"check that {path.parent} may be written and is not full"
        raise StateError(f"the state file {path} cannot be opened: {error}", fix=fix) from None


def tables_in_memory() -> sqlite3.Connection:
    """For where there can be no file."""
    database = connected(":memory:", ATTEMPT_S)
    bring_up_to_date(database)
    return database


def is_damaged(error: Exception) -> bool:
    """Whether the file is at fault, and not the place where it is or who else uses it."""
    return isinstance(error, sqlite3.Error) and reason_of(error) not in (0, *PLACE_AT_FAULT)


def _file_or_new(path: Path) -> sqlite3.Connection:
    try:
        return _file(path)
    except (sqlite3.Error, _DamagedError) as error:
        if not (isinstance(error, _DamagedError) or is_damaged(error)):
            raise
        log.warning(
            "the state file %s is damaged (%s): put aside as %s, and begun anew; what was spent counts from now on",
            *(path, error, _put_aside(path)),
        )
        return _file(path)


def _put_aside(path: Path) -> str:
    """Rename the file, with what SQLite has beside it, to a name that is free; which. Raises OSError."""
    names = (f"{path.name}.broken-{int(time.time())}{more}" for more in ("", *(f"-{n}" for n in range(1, 100))))
    aside = next(name for name in names if not path.with_name(name).exists())
    for part in ("-wal", "-shm", ""):
        if (piece := path.with_name(path.name + part)).exists():
            piece.rename(path.with_name(aside + part))
    return aside


def _file(path: Path) -> sqlite3.Connection:
    database = connected(path, ATTEMPT_S)
    try:
        path.chmod(0o600)
        _refuse_newer(database)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        _look_through(database)
    except BaseException:
        database.close()
        raise
    return database


def _refuse_newer(database: sqlite3.Connection) -> None:
    if version_of(database) > len(STEPS):
        raise StateError("the state file is of a newer Pipit", fix="install that one again, or remove pipit.db")


def _look_through(database: sqlite3.Connection) -> None:
    """Every page, and whether all tables are there. Raises sqlite3.Error, or _DamagedError."""
    if version_of(database) < 0:
        raise _DamagedError("its version is none")
    found = (str(line) for (line,) in database.execute("PRAGMA quick_check(1000)"))
    if complaint := next((line for line in found if line != "ok" and not line.startswith(OF_A_ROW)), ""):
        raise _DamagedError(" ".join(complaint.split())[:100])
    bring_up_to_date(database)
    if complaint := lacks(database):
        raise _DamagedError(complaint)
