"""The state file: kept over restarts, brought up to date, put aside when damaged, and never waited for."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from daemon.state.store import FILE, STEPS, WAITING, StateError, Store

if TYPE_CHECKING:
    from pathlib import Path

ISSUE = "INSERT OR REPLACE INTO resumption VALUES (1, 'm', ?, 0)"
HANDLES = "SELECT handle FROM resumption"


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_what_is_written_is_there_after_a_restart_and_for_its_owner_alone(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        for handle in ("a", "b"):
            store.write(ISSUE, (handle,))
    async with Store(tmp_path / FILE) as again:
        assert again.rows(HANDLES) == [("b",)]
        assert not again.begun_anew
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


async def test_without_a_file_it_serves_as_long_as_it_is_open() -> None:
    async with Store() as store:
        assert store.rows(HANDLES) == []


async def test_an_older_file_is_brought_up_to_date_and_a_newer_one_refused(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE):
        pass
    database = sqlite3.connect(tmp_path / FILE)
    assert database.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    database.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    database.close()
    with pytest.raises(StateError, match="newer Pipit"):
        Store(tmp_path / FILE)


async def test_a_damaged_file_is_put_aside_and_not_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but someone's data" * 100)
    async with Store(tmp_path / FILE) as store:
        assert store.rows(HANDLES) == []
    (aside,) = (path for path in files(tmp_path) if ".broken-" in path.name)
    assert aside.read_bytes().startswith(b"not a database")
    assert store.begun_anew
    assert "put aside" in caplog.text


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=str(tmp_path / "none" / FILE)):
        Store(tmp_path / "none" / FILE)


async def test_a_write_that_fails_is_logged_and_the_next_is_carried_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(tmp_path / FILE) as store:
        for _ in range(3):
            store.write("INSERT INTO nowhere VALUES (1)")
        store.write(ISSUE, ("a",))
        store.write("INSERT INTO nowhere VALUES (1)")
    assert caplog.text.count("no such table: nowhere") == 2, "once, and once more after it went well"
    async with Store(tmp_path / FILE) as again:
        assert again.rows(HANDLES) == [("a",)]


async def test_a_slow_card_is_not_waited_for_and_what_is_too_much_is_dropped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(tmp_path / FILE) as store:
        begun, release = threading.Event(), threading.Event()
        slow = asyncio.ensure_future(store.run(lambda _: begun.set() or release.wait()))
        await asyncio.to_thread(begun.wait)
        for number in range(WAITING + 3):
            store.write(ISSUE, (str(number),))
        assert caplog.text.count("dropped a write") == 3
        release.set()
        await slow
    async with Store(tmp_path / FILE) as again:
        assert again.rows(HANDLES) == [(str(WAITING - 1),)]


async def test_what_has_no_file_does_not_last(tmp_path: Path) -> None:
    async with Store() as forgotten, Store(tmp_path / FILE) as kept:
        assert (forgotten.lasts, kept.lasts) == (False, True)
