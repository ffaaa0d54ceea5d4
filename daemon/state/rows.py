"""The one way from the state file to the rest: a row that cannot have been written as it stands is left out, and told.

SQLite gives a column whatever it finds there, of any type (sqlite.org/datatype3.html), and a card that dies changes
single values as well as pages. So each table has its conditions here or beside its type, every reader goes through
them, and a complaint names the table and the numbers of the rows, never what is in them.
"""

from __future__ import annotations

import math
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LATEST_S: Final = 253_370_000_000.0
"""A day in the year 9998: what is later cannot be shown in every time zone."""
LARGEST: Final = 2**53
"""More tokens, millionths or turns than there can be, and few enough to be summed up by SQLite's 64 bits."""
NAMED: Final = 5
"""Rows whose numbers are told, of those that are damaged."""

T = TypeVar("T")


class DamagedRowError(Exception):
    """A row holds what nobody wrote. It says nothing of what that is."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """What a table holds, and the numbers of the rows that are left out."""

    table: str
    rows: list[T]
    damaged: tuple[int, ...] = ()

    @property
    def complaint(self) -> str:
        """What is left out, in a sentence; empty if nothing is."""
        if not self.damaged:
            return ""
        numbers = ", ".join(map(str, self.damaged[:NAMED])) + (", …" if len(self.damaged) > NAMED else "")
        rows = "1 row" if len(self.damaged) == 1 else f"{len(self.damaged)} rows"
        return f"{rows} of {self.table} cannot be read and {'is' if rows == '1 row' else 'are'} left out: {numbers}"


@dataclass(frozen=True)
class Table(Generic[T]):
    """Columns of a table, and what a row of them makes; `make` raises DamagedRowError if that is none."""

    name: str
    columns: tuple[str, ...]
    make: Callable[..., T]

    def read(self, database: sqlite3.Connection, rest: str = "", values: Sequence[Any] = ()) -> Found[T]:
        """The rows that `rest`, the end of a SELECT, chooses. Raises sqlite3.Error."""
        database.text_factory = as_text
        query = f"SELECT rowid, {', '.join(self.columns)} FROM {self.name} {rest}"  # noqa: S608 - both are of the code
        rows, damaged = [], []
        for number, *found in database.execute(query, values):
            try:
                rows.append(self.make(*found))
            except DamagedRowError:
                damaged.append(number)
        return Found(self.name, rows, tuple(damaged))


class Connection(sqlite3.Connection):
    """One whose complaints are all sqlite3.Error.

    SQLite quotes the schema that it cannot read; where that is no UTF-8, Python raises UnicodeDecodeError instead.
    """

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        """As sqlite3's own."""
        with _complaining():
            return super().execute(*statement)

    def executescript(self, script: str, /) -> sqlite3.Cursor:
        """As sqlite3's own."""
        with _complaining():
            return super().executescript(script)


@contextmanager
def _complaining() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        error = sqlite3.DatabaseError("malformed database schema")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error from None


def connected(place: Path | str, timeout_s: float, *, uri: bool = False) -> sqlite3.Connection:
    """For several threads, which SQLite lets in one by one; it waits for other programs `timeout_s` at most."""
    database = sqlite3.connect(place, check_same_thread=False, timeout=timeout_s, uri=uri, factory=Connection)
    database.text_factory = as_text
    return database


def as_text(stored: bytes) -> str | bytes:
    """A TEXT as SQLite has it; what is no UTF-8 stays bytes, and is no text to any of the conditions below."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored


def storable(value: object) -> object:
    """`value` as SQLite takes it: of a text, what is no Unicode character is written as a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


# Conditions


def text(value: object) -> str:
    """A text that can be shown and sent."""
    if not isinstance(value, str):
        raise DamagedRowError
    try:
        value.encode()
    except UnicodeEncodeError:  # half a character, as JSON can have it
        raise DamagedRowError from None
    return value


def word(value: object) -> str:
    """A text that is not empty."""
    if not (found := text(value)):
        raise DamagedRowError
    return found


def whole(value: object) -> int:
    """A count: a whole number from 0 to LARGEST."""
    if not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise DamagedRowError
    return value


def whole_or_none(value: object) -> int | None:
    return None if value is None else whole(value)


def moment(value: object) -> float:
    """Seconds since 1970."""
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value <= LATEST_S:
        raise DamagedRowError
    return float(value)


def day(value: object) -> str:
    """A day of the calendar, YYYY-MM-DD."""
    found = text(value)
    try:
        if date.fromisoformat(found).isoformat() == found:
            return found
    except ValueError:
        pass
    raise DamagedRowError
