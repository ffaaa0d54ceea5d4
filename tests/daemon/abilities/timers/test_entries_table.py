"""Entries in the state file: what is written is read again; what is damaged is left out, and nothing else with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.timers.entries_table import COLUMNS, EntriesTable, row_of
from daemon.abilities.timers.entry import SPENT
from daemon.state.store import FILE, Store
from tests.daemon.abilities.timers.moments import NOON, alarm, at, timer

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.abilities.timers.entry import Entry

DAILY = alarm(NOON, "FREQ=WEEKLY;UNTIL=20270101;BYDAY=MO,TU", "up")
ENTRIES: list[Entry] = [
    timer(1, "tea"),
    replace(timer(2), phase="paused", stamp=None, left_s=4.5),
    replace(timer(3), kind="action", device="fan", wanted="toggle", phase="acting", occurrence=NOON),
    replace(timer(4, in_s=-20_000.0), kind="reminder", text="büro ☎", phase="ringing"),
    replace(DAILY, schedule=replace(DAILY.schedule, used=3, spent=(NOON, NOON + timedelta(days=1)))),  # type: ignore[type-var]
]


async def test_what_is_written_is_read_after_a_restart(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        await EntriesTable(store).commit({entry.number: entry for entry in ENTRIES}, "Europe/Berlin", 99.0)
    async with Store(tmp_path / FILE) as store:
        assert EntriesTable(store).load() == (ENTRIES, 99.0)


async def test_what_is_gone_is_removed_with_what_changed() -> None:
    async with Store() as store:
        table = EntriesTable(store)
        await table.commit({1: timer(1), 2: timer(2)}, "UTC", 1.0)
        await table.commit({1: None, 2: timer(2, "tea")}, "UTC", 2.0)
        assert table.load() == ([timer(2, "tea")], 2.0)


async def test_without_any_nothing_was_written() -> None:
    async with Store() as store:
        assert EntriesTable(store).load() == ([], 0.0)


async def damage(store: Store, number: int, column: str, value: Any) -> None:
    statement = f"UPDATE timers SET {column} = ? WHERE number = ?"  # noqa: S608 - a column of ours
    await store.run(lambda database: database.execute(statement, (value, number)))


DAMAGE: list[tuple[str, Any]] = [
    *[("kind", "egg"), ("phase", "lost"), ("wanted", "on"), ("length_s", -1.0), ("left_s", "soon")],
    *[("boot_id", None), ("wall_s", "now"), ("occurrence", "noon"), ("occurrence", "2026-12-01T12:00:00+01:00")],
    *[("start", "0001-01-01T00:00:00"), ("written_s", "soon"), ("zone", b"UTC"), ("name", b"tea")],
]


@pytest.mark.parametrize(("column", "value"), DAMAGE)
async def test_a_damaged_row_is_left_out_alone(column: str, value: Any) -> None:
    async with Store() as store:
        table = EntriesTable(store)
        await table.commit({1: timer(1), 2: timer(2)}, "UTC", 1.0)
        await damage(store, 1, column, value)
        assert [entry.number for entry in table.load()[0]] == [2]


@pytest.mark.parametrize(
    ("column", "value"), [("rule", "FREQ=HOURLY"), ("spent", "[" * 5_000), ("spent", "{}"), ("spent", '["noon"]')]
)
async def test_a_damaged_schedule_is_left_out_alone(column: str, value: str) -> None:
    async with Store() as store:
        table = EntriesTable(store)
        await table.commit({7: DAILY, 2: timer(2)}, "UTC", 1.0)
        await damage(store, 7, column, value)
        assert [entry.number for entry in table.load()[0]] == [2]


async def test_what_nothing_brings_about_is_damaged() -> None:
    async with Store() as store:
        table = EntriesTable(store)
        await table.commit({1: replace(timer(1), stamp=None), 7: alarm(NOON)}, "UTC", 1.0)
        assert [entry.number for entry in table.load()[0]] == [7]


def test_a_row_has_a_value_for_each_column() -> None:
    assert len(row_of(timer(), "UTC", at().wall_s)) == len(COLUMNS)
    assert SPENT >= 2, "of what these tests write"
