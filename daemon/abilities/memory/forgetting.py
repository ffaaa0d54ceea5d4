"""Forgetting on purpose: what is to go goes from the file itself, and the running service learns of it.

The file counts how often something was forgotten. The service compares that count whenever a session opens, and drops
what it has in memory, and the handle by which the service at the other end would remember. A count, not a time: the
clock of a machine without a battery is not to be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.state.rows import Table, storable, whole
from daemon.state.store import StateError

if TYPE_CHECKING:
    import sqlite3

    from daemon.state.store import Store

UNKNOWN: Final = -1
"""The count if the file cannot be read: unlike any other, so that what may be forgotten is."""


@dataclass(frozen=True)
class Selection:
    """Which remarks: a condition on the table `remarks`, and its values."""

    condition: str
    values: tuple[Any, ...] = ()


EVERYTHING: Final = Selection("1")
LAST_EXCHANGE: Final = Selection("at IS (SELECT at FROM remarks ORDER BY id DESC LIMIT 1)")


def since(at: float) -> Selection:
    """What was said at `at`, in seconds since 1970, or later."""
    return Selection("at >= ?", (at,))


def containing(text: str) -> Selection:
    """Every exchange in which someone said `text`, in any case: an answer repeats much of its question."""
    said = f"{HOLDS.format('text')} OR {HOLDS.format('sources')}"
    return Selection(f"at IN (SELECT at FROM remarks WHERE {said}) OR {said}", (str(storable(text)),))  # noqa: S608


def times_forgotten(store: Store) -> int:
    """How often something was forgotten on purpose, by this process or another."""
    return next(iter(store.read(_TIMES)), UNKNOWN)


def forget(database: sqlite3.Connection, selection: Selection) -> int:
    """Remove `selection` and every handle, and rewrite the file without them; how many remarks that were.

    Raises sqlite3.Error, or StateError if others keep the file from being rewritten.
    """
    count = remove(database, selection)
    rewrite(database)
    return count


def remove(database: sqlite3.Connection, selection: Selection) -> int:
    """Remove `selection` and every handle, whole or not at all; how many remarks that were. Raises sqlite3.Error."""
    teach(database)
    database.execute("PRAGMA secure_delete = ON")
    database.execute("PRAGMA temp_store = MEMORY")
    with database:
        statement = f"DELETE FROM remarks WHERE {selection.condition}"  # noqa: S608 - one of the conditions above
        count = database.execute(statement, selection.values).rowcount
        database.execute("DELETE FROM resumption")
        database.execute(_ONCE_MORE)
    return count


def rewrite(database: sqlite3.Connection) -> None:
    """Write the file anew, without traces of what was removed. Raises as `forget`."""
    database.execute("VACUUM")
    (busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StateError("it is forgotten, but the file still holds traces: it is in use", fix="forget once more")


HOLDS: Final = "holds(CAST({} AS BLOB), ?1)"
"""As bytes: a text that is damaged cannot be handed to Python otherwise, and has to be found all the same."""

_TIMES: Final = Table("forgotten", ("times",), whole)
_ONCE_MORE: Final = """
    INSERT INTO forgotten VALUES (1, 1)
    ON CONFLICT (only) DO UPDATE SET times = CASE typeof(times) WHEN 'integer' THEN times + 1 ELSE 1 END
"""


def teach(database: sqlite3.Connection) -> None:
    """Have `database` know `holds(bytes, part)`, which is blind to case in every language, as SQLite itself is not."""
    database.create_function("holds", 2, _holds, deterministic=True)


def _holds(stored: bytes | None, part: str) -> bool:
    return part.casefold() in (stored or b"").decode(errors="replace").casefold()
