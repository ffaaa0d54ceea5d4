"""A state file that is damaged is put aside, one whose place is at fault is left alone, and commands only tell."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from daemon.spending.spending import entries
from daemon.state.archive import opened
from daemon.state.state_file import StateError, opened_or_new
from daemon.state.store import FILE, Store
from daemon.state.versions import STEPS
from tests.daemon.state.damaged import NOON, ROWS, names, put

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = 4096
REMARK = "INSERT INTO remarks (at, turn, speaker, text, sources) VALUES (?, 1, 'user', ?, '[]')"


def sql(statement: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(statement)

    return damage


def overwrite(offset: int, new: bytes) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(new)

    return damage


def truncate(length: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[:length]) and None


def replace(old: bytes, new: bytes) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        found = path.read_bytes()
        assert old in found
        path.write_bytes(found.replace(old, new))

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "something else": lambda path: path.write_bytes(b"someone's data" * 1_000) and None,
    "a header of zeros": overwrite(0, bytes(100)),
    "a page size that is none": overwrite(16, b"\x00\x03"),
    "a format of the future": overwrite(44, b"\x00\x00\x00\x63"),
    "cut after its first page": truncate(PAGE),
    "cut within a page": truncate(3 * PAGE + 100),
    "its second page is noise": overwrite(PAGE, b"\xa5" * PAGE),
    "every page but the first is zeros": overwrite(PAGE, bytes(40 * PAGE)),
    "a schema that is no UTF-8": replace(b"PRIMARY KEY", b"PRIMARY KE\x99"),
    "a table is missing": sql("DROP TABLE usage"),
    "a column is missing": sql("ALTER TABLE remarks DROP COLUMN sources"),
    "a version below zero": sql("PRAGMA user_version = -7"),
    "a version that was never reached": sql("PRAGMA user_version = 1"),
    "tables without a version": sql("PRAGMA user_version = 0"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state with something in each table, some of it on several pages."""
    path = tmp_path / FILE
    opened_or_new(path).close()
    with closing(sqlite3.connect(path)) as database:
        for table in ROWS:
            put(database, table)
        with database:
            database.executemany(REMARK, [(NOON, "x" * 900)] * 40)
    return path


def start(path: Path, *remarks: str) -> None:
    """As a service does, that writes down `remarks`."""

    async def run() -> None:
        async with Store(path) as store:
            for text in remarks:
                store.write(REMARK, (NOON, text))

    asyncio.run(run())


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_damaged_is_put_aside_once_and_told_once(
    path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGES[damage](path)
    kept = path.read_bytes()
    for _ in range(2):
        start(path, "new")
    (aside,) = names(path.parent, ".broken-")
    assert path.with_name(aside).read_bytes() == kept
    assert caplog.text.count("put aside as pipit.db.broken-") == 1
    assert "what was spent counts from now on" in caplog.text
    with opened(path) as database:
        assert database.execute("SELECT count(*) FROM remarks").fetchone() == (2,)


@pytest.mark.parametrize("damage", DAMAGES)
def test_commands_tell_of_a_damaged_file_and_leave_it(path: Path, damage: str) -> None:
    DAMAGES[damage](path)
    before = path.read_bytes()
    for command in (lambda: opened(path).__enter__(), lambda: entries(path.parent)):
        try:
            command()
        except StateError as error:
            assert str(path) in str(error)  # noqa: PT017 - some commands do not need what is damaged
    assert not names(path.parent, "broken")
    assert path.read_bytes() == before


def test_what_was_put_aside_in_the_same_second_keeps_its_name(path: Path) -> None:
    for _ in range(3):
        path.write_bytes(b"someone's data" * 1_000)
        start(path)
    assert len(names(path.parent, ".broken-")) == 3


async def test_an_empty_file_is_a_new_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).touch()
    async with Store(tmp_path / FILE) as store:
        assert store.rows("SELECT times FROM forgotten") == [(0,)]
    assert caplog.text == ""


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StateError, match="cannot be opened"):
        opened_or_new(tmp_path / FILE)
    assert (tmp_path / FILE).is_dir()


def test_a_newer_file_is_left_alone_whatever_it_holds(path: Path) -> None:
    sql(f"DROP TABLE usage; PRAGMA user_version = {len(STEPS) + 1}")(path)
    with pytest.raises(StateError, match="newer Pipit"):
        opened_or_new(path)


def test_a_file_that_another_program_has_locked_is_waited_for_and_then_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match="is locked") as locked:
            opened_or_new(path, patience_s=0)
        assert f"sudo fuser -v {path}" in locked.value.fix
    opened_or_new(path, patience_s=0).close()


def test_a_file_whose_writers_are_kept_waiting_is_opened_all_the_same(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened_or_new(path, patience_s=0).close()
