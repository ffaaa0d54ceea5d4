"""The thread that writes the state file: one thing after the other, and no longer than somebody waits for it.

It is a thread of our own, not a pool's: Python waits for those at its end, however long a card or another program
that has locked the file keeps them. A stop has so many seconds; then what has not been written is given up.
"""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
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


class Writer(Executor):
    """Works on `database`, whose own timeout should be `ATTEMPT_S`; its last job is to be `close`.

    A job is done anew if another program's lock came in between, so it has to be whole or not at all. What is cancelled
    before its turn is not done.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._given_up = Event()
        self._thread = Thread(target=self._go, name="state", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How much has not been begun."""
        return self._jobs.qsize()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do it after what was submitted before."""
        future: Future[T] = Future()
        self._jobs.put(_Job(partial(fn, *args, **kwargs), future))
        return future

    def close(self) -> None:
        """Close the file; a job, after which the thread ends."""
        self._database.close()
        self._jobs.put(None)

    def give_up(self) -> None:
        """Cancel what waits, but for closing, and interrupt what is being done: nobody waits for it any more."""
        self._given_up.set()
        with suppress(sqlite3.ProgrammingError):  # it has just been closed
            self._database.interrupt()

    def _go(self) -> None:
        while job := self._jobs.get():
            if self._given_up.is_set() and job.work.func != self.close:
                job.future.cancel()
            if job.future.set_running_or_notify_cancel():
                self._do(job)

    def _do(self, job: _Job) -> None:
        try:
            result = patiently(job.work, self._given_up.is_set)
        except BaseException as error:  # noqa: BLE001  # it belongs to who waits for the future
            job.future.set_exception(error)
        else:
            job.future.set_result(result)


@dataclass(frozen=True)
class _Job:
    work: partial[Any]
    future: Future[Any]
