"""The thread that writes: in order, again after a lock, and given up when nobody waits any more."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from daemon.state.store import FILE, StateError, Store
from daemon.state.writer import Writer, patiently

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = "INSERT OR REPLACE INTO resumption VALUES (1, 'm', ?, 0)"
HANDLES = "SELECT handle FROM resumption"


class Busy:
    """Locked so many times, then free."""

    def __init__(self, times: int, code: int = sqlite3.SQLITE_BUSY) -> None:
        self.times = times
        self.code = code
        self.tried = 0

    def __call__(self) -> str:
        self.tried += 1
        if self.tried > self.times:
            return "done"
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = self.code
        raise error


def test_what_is_locked_is_tried_again() -> None:
    busy = Busy(3)
    assert patiently(busy) == "done"
    assert busy.tried == 4


@pytest.mark.parametrize(
    ("busy", "hurry", "patience_s"),
    [(Busy(9, sqlite3.SQLITE_FULL), False, 5), (Busy(9), True, 5), (Busy(9), False, 0)],
)
def test_what_will_not_do_or_is_not_wanted_is_tried_once(busy: Busy, hurry: bool, patience_s: float) -> None:
    with pytest.raises(sqlite3.OperationalError):
        patiently(busy, lambda: hurry, patience_s)
    assert busy.tried == 1


async def test_a_locked_file_does_not_hold_up_a_stop_however_much_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(tmp_path / FILE):
        pass
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with Store(tmp_path / FILE, farewell_s=0) as store:
            for number in range(100):
                store.write(ISSUE, (str(number),))
        for thread in threading.enumerate():
            if thread.name == "state":
                thread.join()
    assert caplog.text.count("what was not written yet is given up") == 1
    assert caplog.text.count("cannot be written") <= 1
    async with Store(tmp_path / FILE) as again:
        assert again.rows(HANDLES) == []


async def test_a_card_that_never_answers_does_not_hold_up_the_end_of_the_process() -> None:
    begun, release = threading.Event(), threading.Event()
    async with Store(farewell_s=0) as store:
        stuck = asyncio.ensure_future(store.run(lambda _: begun.set() or release.wait()))
        await asyncio.to_thread(begun.wait)
        stuck.cancel()
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "state" and thread.is_alive())
    assert thread.daemon, "Python waits for no other at its end"
    release.set()
    thread.join()


async def test_a_file_that_is_free_again_gets_what_waited_in_order(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE):
        pass
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with Store(tmp_path / FILE) as store:
            for number in range(3):
                store.write(ISSUE, (str(number),))
            other.rollback()
            assert await store.run(lambda database: database.execute(HANDLES).fetchall()) == [("2",)]


async def test_reading_waits_for_no_lock(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Store(tmp_path / FILE) as store:
        store.write(ISSUE, ("a",))
        await store.run(lambda _: None)
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert store.rows(HANDLES) == [("a",)]
    assert caplog.text == ""


async def test_what_is_cancelled_before_its_turn_is_not_done(tmp_path: Path) -> None:
    done: list[str] = []
    async with Store(tmp_path / FILE) as store:
        begun, release = threading.Event(), threading.Event()
        slow = asyncio.ensure_future(store.run(lambda _: begun.set() or release.wait()))
        await asyncio.to_thread(begun.wait)
        tool = asyncio.ensure_future(store.run(lambda _: done.append("forgotten")))
        await asyncio.sleep(0)
        tool.cancel()
        await asyncio.wait([tool])
        release.set()
        await slow
    assert done == []


async def test_after_the_end_nothing_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    async with Store() as store:
        pass
    store.write(ISSUE, ("a",))
    with pytest.raises(StateError):
        await store.run(lambda _: None)
    assert "dropped a write" in caplog.text


def test_what_is_being_done_is_interrupted() -> None:
    """Such as writing the file anew, of years of talk."""
    begun = threading.Event()

    def count_for_ever(database: sqlite3.Connection) -> None:
        database.create_function("begin", 0, lambda: begun.set() or 1)
        database.execute("WITH RECURSIVE n (x) AS (SELECT begin() UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n")

    database = sqlite3.connect(":memory:", check_same_thread=False)
    writer = Writer(database)
    counting = writer.submit(count_for_ever, database)
    end = writer.submit(writer.close)
    begun.wait()
    writer.give_up()
    assert isinstance(counting.exception(), sqlite3.OperationalError)
    end.result()
