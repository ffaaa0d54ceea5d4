"""Whatever a row of the state holds: it is read or left out, and told without what is in it."""

from __future__ import annotations

import asyncio
import json
import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.devices.working.on_times import Boot, OnTimes
from daemon.abilities.devices.working.switch_notes import SwitchNotes
from daemon.abilities.memory.forgetting import (
    EVERYTHING,
    LAST_EXCHANGE,
    containing,
    forget,
    remove,
    since,
    times_forgotten,
)
from daemon.abilities.memory.history import REMARKS, remarks_in
from daemon.abilities.memory.history_command import export, show
from daemon.abilities.memory.recollection import Recollection
from daemon.abilities.memory.remembering import memory_of
from daemon.abilities.memory.resumption import Resumption
from daemon.abilities.memory.retention import DAY_S, delete_expired
from daemon.abilities.quiet.spoken_quiet import Said as SaidOfQuiet
from daemon.abilities.quiet.spoken_quiet import SpokenQuiet
from daemon.abilities.timers.entries_table import EntriesTable
from daemon.abilities.volume.kept_volumes import KeptVolumes
from daemon.conversation.messages import HandleIssued
from daemon.house.settings import Settings
from daemon.spending.booked import CONTEXTS, spent_lately
from daemon.spending.budget import Budget
from daemon.spending.prices import Billed
from daemon.spending.settings import UsageSettings
from daemon.spending.spending import ENTRIES
from daemon.spending.usage import Usage
from daemon.spending.usage_page import as_json, as_text, overview
from daemon.state.rows import NAMED, Found, Table, text
from daemon.state.store import FILE, Store
from daemon.state.versions import bring_up_to_date
from tests.daemon.spending.accounts import Calendar
from tests.daemon.state.damaged import DAY, NOON, ROWS, SECRET, loose, names, put, state_with
from tests.fuzzing import any_of, data, doubles, fuzzed, integers, sampled, several, some_fields, tupled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from daemon.abilities.memory.said import Said

NO_UTF8 = b"\xed\xa0\x80\xff"
ODD: list[Any] = [None, "", "x", SECRET.encode(), -1, 2**63 - 1, -1e308, 1e308, math.inf, 0.5, "\x00", "2026-13-41"]
KEPT = Settings.model_validate({"history": {"keep": True, "tools": True}, "live": {"model": "m"}})
WITHOUT_TOOLS = Settings.model_validate({"history": {"keep": True}, "live": {"model": "m"}})
CASES = [(table, column) for table, row in ROWS.items() for column in row if column not in {"id", "only", "number"}]


def remembered(settings: Settings, store: Store, now: Callable[[], float]) -> Memory:
    return memory_of(settings.history, settings.live.context, settings.live.model, store, now)


async def look_at_everything(folder: Path) -> None:
    """As the service does from its start to the opening of a session, a look at the clock and a tool's question."""
    async with Store(folder / FILE) as store:
        memory = remembered(KEPT, store, lambda: NOON + 60)
        assert isinstance(memory.resumption.handle, str)
        assert isinstance(memory.resumption.age_s, float | None)
        memory.recollection.remarks()
        usage = Usage(store, "m", Calendar(DAY), resumption=memory.resumption)
        Budget(usage, daily=1.0, monthly=1.0).check()
        await memory.history.find(["mother"], 12)
        await store.run(lambda database: delete_expired(database, NOON + DAY_S, 30))
        assert len(EntriesTable(store).load()[0]) <= 2
        assert isinstance(SpokenQuiet(store).read(), SaidOfQuiet)
        assert all(0 <= percent <= 100 for percent in KeptVolumes(store).read().values())
        assert 0 <= OnTimes(store, lambda: Boot("b", 800.0)).used_s(SECRET, 600.0) <= 600
        assert len(SwitchNotes(store, lambda: Boot("b", 800.0)).ages_s(SECRET, 6)) in {3, 6}


@pytest.mark.parametrize(("table", "column"), CASES)
async def test_no_value_of_any_column_keeps_a_reader_from_its_work(
    table: str, column: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a table that has one row, the last of the values."""
    caplog.set_level("DEBUG")
    path = state_with(tmp_path / FILE, table, *({column: value} for value in ODD))
    page = overview(tmp_path, DAY, UsageSettings(daily_limit=1.0))
    json.loads(as_json(page, "both"))
    assert as_text(page, "both")
    assert as_text(page, "by_day")
    show(path, NOON, None, as_json=False, kept=True)
    export(path, str(tmp_path / "all.jsonl"), kept=True)
    await look_at_everything(tmp_path)
    with closing(sqlite3.connect(path)) as database:
        forget(database, since(0))
    assert SECRET not in caplog.text
    assert SECRET not in capsys.readouterr().err
    assert not names(tmp_path, "broken")


def test_a_text_that_is_no_utf8_is_left_out_and_forgotten_all_the_same() -> None:
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        put(database, "forgotten")
        put(database, "remarks")
        put(database, "remarks", id=7, text=None)
        database.execute("UPDATE remarks SET text = CAST(? AS TEXT) WHERE id = 7", (NO_UTF8 + SECRET.encode(),))
        found = remarks_in(database, EVERYTHING)
        assert ([said.text for said in found.rows], found.damaged) == ([SECRET], (7,))
        assert found.complaint == "1 row of remarks cannot be read and is left out: 7"
        database.execute("UPDATE remarks SET at = NULL WHERE id = 7")
        assert remove(database, containing(SECRET)) == 2


def test_the_last_exchange_is_forgotten_though_nobody_knows_when_it_was() -> None:
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        put(database, "remarks")
        put(database, "remarks", at=None)
        assert remove(database, LAST_EXCHANGE) == 1


def test_a_complaint_names_a_few_rows_and_counts_all() -> None:
    damaged = Found("usage", [], tuple(range(1, NAMED + 3)))
    assert damaged.complaint == "7 rows of usage cannot be read and are left out: 1, 2, 3, 4, 5, …"


def test_a_terminal_takes_no_orders_from_what_was_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = {"text": "a\x1b[2Jb\r\u202ec", "sources": '[["t\\u001b", "u\\u0007"]]'}
    show(state_with(tmp_path / FILE, "remarks", odd), NOON, None, as_json=False, kept=True)
    assert "a[2Jbc\n" in (out := capsys.readouterr().out)
    assert not set("\x1b\r\x07\u202e") & set(out)


def test_a_command_tells_what_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = state_with(tmp_path / FILE, "remarks", {"turn": SECRET})
    assert export(path, "-", kept=True) == 1
    said = capsys.readouterr().err
    assert said == "pipit: the state file is damaged: 1 row of remarks cannot be read and is left out: 2\n"


@pytest.mark.parametrize(
    "sources", ["{", '{"ab": 1}', '["ab"]', '[["a"]]', '[["a", 1]]', "1", "null", "[" * 100_000, '[["\\ud800", "b"]]']
)
async def test_sources_that_are_none_cost_their_remark_alone(
    sources: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state_with(tmp_path / FILE, "remarks", {"sources": sources})
    async with Store(tmp_path / FILE) as store:
        assert [said.text for said in remembered(KEPT, store, lambda: NOON).history.newest(9)] == [SECRET]
    assert "1 row of remarks cannot be read and is left out: 2" in caplog.text


async def test_a_handle_that_is_none_is_no_handle_and_is_replaced(tmp_path: Path) -> None:
    for number, damage in enumerate(({"handle": b"h"}, {"model": None}, {"issued_at": "x"}, {"issued_at": math.inf})):
        path = state_with(tmp_path / f"{number}.db", "resumption", damage)
        async with Store(path) as store:
            resumption = Resumption(store, "m", lambda: NOON)
            assert resumption.handle == ""
            resumption.received(HandleIssued("new"))
        async with Store(path) as store:
            assert Resumption(store, "m", lambda: NOON).handle == "new"


@pytest.mark.parametrize("times", [None, "x", -1, 2**63 - 1, 0.5])
async def test_a_count_that_cannot_be_read_is_begun_anew_at_the_start(times: Any, tmp_path: Path) -> None:
    state_with(tmp_path / FILE, "forgotten", {"times": times})
    async with Store(tmp_path / FILE) as store:
        assert times_forgotten(store) == 1
        await store.run(lambda database: forget(database, EVERYTHING))
        assert times_forgotten(store) == 2


async def test_a_count_that_is_damaged_meanwhile_has_everything_forgotten(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        recollection = Recollection(store, lambda: NOON, 3600)
        await store.run(lambda database: database.execute("DELETE FROM forgotten").connection.commit())
        assert recollection.remarks() == []
        await store.run(lambda database: forget(database, EVERYTHING))
        assert times_forgotten(store) == 1


async def test_a_damaged_day_opens_no_budget_anew_and_keeps_none_shut(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for day in ("zzzz", "9999-12-31", "2026-05-3", "", None, b"2027-01-01"):
        state_with(tmp_path / FILE, "usage", {"day": day})
        async with Store(tmp_path / FILE) as store:
            usage = Usage(store, "m", Calendar(DAY))
            assert (usage.day, usage.spent(DAY)) == (DAY, 7)
        assert "1 turns of the usage cannot be read" in caplog.text
        assert overview(tmp_path, DAY, UsageSettings()).today == DAY
        assert "cost not known of 1 turn that the state file cannot tell" in as_text(
            overview(tmp_path, DAY, UsageSettings()), "both"
        )
        (tmp_path / FILE).unlink()
        caplog.clear()


@pytest.mark.parametrize("cost", ["x", -1, 2**62, b"7"])
async def test_a_damaged_cost_is_told_and_the_others_count(
    cost: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state_with(tmp_path / FILE, "usage", {"cost": cost})
    async with Store(tmp_path / FILE) as store:
        assert Usage(store, "m", Calendar(DAY)).spent(DAY) == 7
    assert "1 row of usage cannot be read and is left out: 2" in caplog.text
    assert overview(tmp_path, DAY, UsageSettings()).damaged == 1
    assert json.loads(as_json(overview(tmp_path, DAY, UsageSettings()), "today"))["turns_damaged"] == 1


def test_a_look_at_the_clock_that_is_damaged_is_not_believed_and_what_has_no_date_goes_with_what_follows() -> None:
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        put(database, "retention", trusted_at="x")
        put(database, "remarks", at=b"?")
        put(database, "remarks")
        assert delete_expired(database, NOON + 90 * DAY_S, 30) == 0
        assert delete_expired(database, NOON + 91 * DAY_S, 30) == 2


async def test_what_sqlite_does_not_take_is_written_without_it_or_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Store(tmp_path / FILE) as store:
        values = (NOON, 1, "user", f"half \ud800 of {SECRET}", "[]")
        store.write("INSERT INTO remarks (at, turn, speaker, text, sources) VALUES (?, ?, ?, ?, ?)", values)
        store.write(
            "INSERT INTO remarks (at, turn, speaker, text, sources) VALUES (?, ?, ?, ?, ?)", (2**64, *values[1:])
        )
        await store.run(lambda _: None)
        assert [said.text for said in store.read(REMARKS)] == [f"half ? of {SECRET}"]
        assert await remembered(KEPT, store, lambda: NOON).history.find(["no \ud800"], 3) == []
    assert "cannot be written: OverflowError" in caplog.text
    assert SECRET not in caplog.text


VALUES = any_of(
    sampled(None),
    integers(-(2**63), 2**63 - 1),
    doubles,
    data(4),
    sampled(
        *("", "x", "1", "NaN", "{}", "\x1b[2J", "9999-12-31", "2026-02-30", DAY, NOON, SECRET, "user", "[]"),
        *('[["a", "b"]]', 0, 1, NO_UTF8),
    ),
)
ODD_ROWS = any_of(
    *[
        tupled(sampled(table), some_fields({name: VALUES for name in row if name not in {"id", "only", "number"}}))
        for table, row in ROWS.items()
    ]
)


async def read_by_everybody(store: Store) -> list[Any]:
    """What a start, a session, the tools and the pages read."""
    memory = remembered(WITHOUT_TOOLS, store, lambda: NOON)
    budget = Budget(Usage(store, "m", Calendar(DAY)), daily=1.0)

    def work(database: sqlite3.Connection) -> Found[Said]:
        found = remarks_in(database, containing("mother"))
        delete_expired(database, NOON, 30)
        remove(database, LAST_EXCHANGE)
        return found

    found = await store.run(work)
    entries = [(entry.day, entry.cost) for entry in store.read(ENTRIES)]
    return [
        *(memory.resumption.handle, [(each.who, each.text) for each in memory.recollection.remarks()]),
        *(budget.reached, spent_lately(store), entries, [said.text for said in found.rows]),
    ]


@fuzzed(rows=several(ODD_ROWS, 2))
def test_no_row_keeps_anybody_from_reading_the_others(
    odd_store: tuple[asyncio.Runner, Store], rows: list[tuple[str, dict[str, Any]]]
) -> None:
    runner, store = odd_store

    def begin_anew(database: sqlite3.Connection) -> None:
        for table in ROWS:
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - one of ours
        put(database, "remarks")
        for table, changed in rows:
            put(database, table, **changed)
        bring_up_to_date(database)

    async def look() -> None:
        await store.run(begin_anew)
        json.dumps(await read_by_everybody(store)).encode()

    runner.run(look())


@pytest.fixture
def odd_store() -> Iterator[tuple[asyncio.Runner, Store]]:
    """Without a file, with tables that take anything."""

    def loosen(database: sqlite3.Connection) -> None:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f"DROP TABLE {table}")
        loose(database)

    with asyncio.Runner() as runner:
        store = Store()
        runner.run(store.run(loosen))
        yield runner, store
        runner.run(store.__aexit__())


def test_a_table_reads_what_was_chosen_of_it() -> None:
    with closing(loose(sqlite3.connect(":memory:"))) as database:
        put(database, "remarks")
        texts = Table("remarks", ("text",), text)
        assert texts.read(database, "WHERE at = ?", (NOON,)) == Found("remarks", [SECRET])
        assert texts.read(database, "WHERE at = ?", (0,)).rows == []
        put(database, "usage")
        assert CONTEXTS.read(database).rows == [Billed(1, 7, 3)]
