"""The one SQLite file: read at once, and written by a thread of its own.

Nothing here is worth a conversation: a row that cannot be read is left out, a write that fails is logged, and the
appliance goes on without. WAL and few writes, for the sake of the SD card (docs/architecture.md).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING, Any, Final, TypeVar

from daemon.state.rows import connected, storable
from daemon.state.state_file import StateError, opened_or_new, tables_in_memory
from daemon.state.versions import STEPS
from daemon.state.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from daemon.state.rows import Table

__all__ = ["FAREWELL_S", "FILE", "STEPS", "WAITING", "StateError", "Store"]

FILE: Final = "pipit.db"

WAITING: Final = 256
"""Writes that may wait for a slow card; those beyond are dropped, and logged."""

FAREWELL_S: Final = 2.0
"""How long a stop waits for the last writes."""
LAST_MOMENT_S: Final = 0.5
"""How long it then waits for the one that is being given up."""

READ_TIMEOUT_S: Final = 0.02
"""How long a read may wait for others, a period of sound; with WAL it hardly ever has to."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Store:
    """An open state file. Writes never wait; reads are for the start and for a row or two, and hardly ever do.

    Use it as `async with`: leaving it writes what still waits, for `farewell_s` at most, and gives up the rest.
    """

    def __init__(self, path: Path | None = None, *, farewell_s: float = FAREWELL_S) -> None:
        """Open `path`, or make it; without one everything is forgotten at the end. May take seconds: not for the loop.

        Raises StateError if the folder of `path` is not there or may not be written, or another program has locked it.
        """
        self.lasts = path is not None
        """Whether what is written outlives the process."""
        before = _number_of(path)
        database = opened_or_new(path) if path else tables_in_memory()
        self.begun_anew = bool(before) and _number_of(path) != before
        """Whether there was a file that could not be read, and is lost."""
        self._database = database
        self._reader = connected(path, READ_TIMEOUT_S) if path else database
        self._writer = Writer(database)
        self._farewell_s = farewell_s
        self._ended = False
        self._writes: set[asyncio.Future[None]] = set()
        self._told = ""

    async def __aenter__(self) -> Store:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ended = True
        end = asyncio.get_running_loop().run_in_executor(self._writer, self._writer.close)
        await asyncio.wait([end], timeout=self._farewell_s)
        if not end.done():
            log.warning("the state file is too slow, or locked: what was not written yet is given up")
            self._writer.give_up()
            await asyncio.wait([end], timeout=min(LAST_MOMENT_S, self._farewell_s))
        for future in (end, *self._writes):  # the thread may outlive the loop, and must not call it then
            future.cancel()
        self._reader.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What `query` finds, unchecked; nothing if the file is damaged there, which is logged."""
        try:
            return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            log.warning("the state file cannot be read: %s", error)
            return []

    def read(self, table: Table[T], rest: str = "", values: Sequence[Any] = ()) -> list[T]:
        """What `rest`, the end of a SELECT, chooses of `table`; what of it is damaged is left out, and logged."""
        try:
            found = table.read(self._reader, rest, values)
        except sqlite3.Error as error:
            log.warning("the state file cannot be read: %s", error)
            return []
        if found.damaged:
            log.warning("the state file is damaged: %s", found.complaint)
        return found.rows

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Have `statement` carried out, after those before it. Not waited for."""
        if self._ended or self._writer.waiting >= WAITING:
            log.warning("the state file is too slow: dropped a write, %d others wait", self._writer.waiting)
            return
        loop, kept = asyncio.get_running_loop(), tuple(map(storable, values))
        future = loop.run_in_executor(self._writer, self._carry_out, statement, kept)
        self._writes.add(future)
        future.add_done_callback(self._written)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` makes of the file, after the writes before it, in their thread. Raises StateError.

        It may be done again after another program's lock, so it has to be whole or not at all.
        """
        if self._ended or self._writer.waiting >= WAITING:
            raise StateError("the state file is too slow", fix="look for a damaged card, or what has locked the file")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._writer, work, self._database)
        except sqlite3.Error as error:
            raise StateError(f"the state file cannot be used: {error}", fix="look for a full or damaged card") from None

    def _carry_out(self, statement: str, values: Sequence[Any]) -> None:
        with self._database:
            self._database.execute(statement, values)

    def _written(self, future: asyncio.Future[None]) -> None:
        self._writes.discard(future)
        if future.cancelled():
            return
        error = future.exception()  # of others than SQLite's the name alone: they may quote what was to be kept
        why = str(error) if isinstance(error, sqlite3.Error) else type(error).__name__ if error else ""
        if why and why != self._told:
            log.warning("the state file cannot be written: %s", why)
        self._told = why


def _number_of(path: Path | None) -> int:
    """By which its file system knows the file at `path`; 0 if there is none."""
    try:
        return path.stat().st_ino if path else 0
    except OSError:
        return 0
