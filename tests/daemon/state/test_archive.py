"""The state as commands see it: beside the service, and neither made nor changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from daemon.spending.spending import entries
from daemon.state.archive import DEFAULT_FOLDER, opened, state_file_of_service, unusable
from daemon.state.state_file import StateError
from daemon.state.store import FILE, Store
from daemon.state.versions import STEPS
from tests.daemon.state.damaged import state_with


@pytest.mark.parametrize("name", ["x" * 300, "none/deeper", "a?b#c%20d"])
def test_a_place_that_cannot_be_is_told(tmp_path: Path, name: str) -> None:
    for command in (lambda: opened(tmp_path / name / FILE).__enter__(), lambda: entries(tmp_path / name)):
        with pytest.raises(StateError):
            command()


def test_of_several_state_directories_the_first_counts() -> None:
    assert state_file_of_service({"STATE_DIRECTORY": "/a:/b"}, None) == Path("/a", FILE)
    assert state_file_of_service({"STATE_DIRECTORY": ""}, None) == DEFAULT_FOLDER / FILE


async def test_it_is_read_while_the_service_has_it(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE):
        with opened(tmp_path / FILE) as database:
            assert database.execute("SELECT times FROM forgotten").fetchone() == (0,)


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="there is no state file"), opened(tmp_path / FILE):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("version", "age"), [(len(STEPS) + 1, "a newer"), (len(STEPS) - 1, "an older")])
def test_a_file_of_another_version_is_left_to_it(tmp_path: Path, version: int, age: str) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(f"PRAGMA user_version = {version}")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StateError, match=f"is of {age} Pipit"), opened(tmp_path / FILE):
        pass
    assert (tmp_path / FILE).read_bytes() == before


def test_what_goes_wrong_while_it_is_open_is_told_with_the_file(tmp_path: Path) -> None:
    path = state_with(tmp_path / FILE, "remarks")
    with pytest.raises(StateError, match="is damaged: no such table: kitchen") as told, opened(path) as database:
        database.execute("SELECT * FROM kitchen")
    assert str(path) in told.value.message


def test_a_file_that_somebody_has_locked_is_in_use_and_one_that_is_damaged_is_the_services_to_mend(
    tmp_path: Path,
) -> None:
    path = state_with(tmp_path / FILE, "remarks")
    with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path, timeout=0)) as ours:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            ours.execute("INSERT INTO forgotten VALUES (1, 1)")
    assert "is in use" in unusable(path, locked.value).message
    path.write_bytes(b"someone's data" * 1_000)
    with pytest.raises(StateError, match="is damaged") as damaged, opened(path):
        pass
    assert "systemctl restart pipit" in damaged.value.fix
