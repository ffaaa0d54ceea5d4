"""The thread that writes the state file: one thing after the other, and no longer than somebody waits for it.

It is a thread of our own, not an executor's: Python waits for those at its end, however long a card or another program
that has locked the file keeps them. A stop has so many seconds; then what has not been written is given up.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPT_S: Final = 0.1
"""How long SQLite itself waits for a lock: it cannot be called off meanwhile."""
PATIENCE_S: Final = 5.0
"""How long one piece of work is tried again while another program has locked the file."""

T = TypeVar("T")

log = logging.getLogger(__name__)

BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def reason_of(error: sqlite3.Error) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html); 0 for an error of Python's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def patiently(work: Callable[[], T], hurry: Callable[[], bool] = lambda: False, patience_s: float = PATIENCE_S) -> T:
    """What `work` gives, tried again for `patience_s`, or until `hurry`, while another program has locked the file."""
    until = time.monotonic() + patience_s
    while True:
        try:
            return work()
        except sqlite3.Error as error:
            if reason_of(error) not in BUSY or hurry() or time.monotonic() >= until:
                raise


class Writer:
    """Works on `database`, whose own timeout should be `ATTEMPT_S`, and closes it at the end."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._work: SimpleQueue[tuple[Callable[[sqlite3.Connection], Any], Future[Any]] | None] = SimpleQueue()
        self._given_up = Event()
        self._thread = Thread(target=self._go, name="state", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How much has not been begun."""
        return self._work.qsize()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Do `work` after what was submitted before; what is cancelled before its turn is not done.

        `work` is done anew if another program's lock came in between, so it has to be whole or not at all.
        """
        future: Future[T] = Future()
        self._work.put((work, future))
        return future

    def end(self) -> Future[None]:
        """Close the file, after what was submitted before; nothing may be submitted any more."""
        future = self.submit(_close)
        self._work.put(None)
        return future

    def give_up(self) -> None:
        """Cancel what waits, and interrupt what is being done: nobody waits for it any more."""
        self._given_up.set()
        try:
            self._database.interrupt()
        except sqlite3.ProgrammingError:  # it has just been closed
            log.debug("the last of it was written after all")

    def _go(self) -> None:
        while job := self._work.get():
            work, future = job
            if self._given_up.is_set() and work is not _close:
                future.cancel()
            if future.set_running_or_notify_cancel():
                self._do(work, future)

    def _do(self, work: Callable[[sqlite3.Connection], Any], future: Future[Any]) -> None:
        try:
            result = patiently(lambda: work(self._database), self._given_up.is_set)
        except BaseException as error:  # noqa: BLE001  # it belongs to who waits for the future
            future.set_exception(error)
        else:
            future.set_result(result)


def _close(database: sqlite3.Connection) -> None:
    database.close()
