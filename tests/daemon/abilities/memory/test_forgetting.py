"""What is forgotten is gone: from the files, and from what the service goes on by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.forgetting import (
    EVERYTHING,
    LAST_EXCHANGE,
    UNKNOWN,
    Selection,
    containing,
    forget,
    since,
    times_forgotten,
)
from daemon.abilities.memory.said import Said
from daemon.conversation.messages import HandleIssued
from daemon.state.archive import opened
from daemon.state.store import FILE, StateError, Store
from tests.daemon.abilities.memory.kept_memory import NOON, remembering, texts, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.offline.live_client import ManualClock

FORGOTTEN = [
    (EVERYTHING, []),
    (LAST_EXCHANGE, ["Größe 44", "noted", "new"]),
    (since(NOON + 10), ["Größe 44", "noted"]),
    (containing("GRÖSSE"), ["new", "newest"]),
    (containing("example"), ["Größe 44", "noted", "new"]),
    (containing("nobody said that"), ["Größe 44", "noted", "new", "newest"]),
]


@pytest.mark.parametrize(("selection", "left"), FORGOTTEN)
async def test_what_is_forgotten_is_gone_from_the_files_while_they_are_in_use(
    tmp_path: Path, clock: ManualClock, selection: Selection, left: list[str]
) -> None:
    async with remembering(tmp_path, clock, keep=True) as memory:
        for at, text in ((0, "Größe 44"), (0, "noted"), (10, "new"), (20, "newest")):
            sources = (("page", "https://example"),) if text == "newest" else ()
            memory.history.add(Said(NOON + at, 1, "user", text, sources))
        await memory.history.store.run(lambda _: None)
        with opened(tmp_path / FILE) as database:
            count = forget(database, selection)
        assert count == 4 - len(left)
        assert texts(tmp_path) == left
        gone = {"Größe 44", "noted", "new", "newest"} - set(left)
        assert not any(b"newest" in written(tmp_path) for text in gone if text == "newest")
        assert not any(text.encode() in written(tmp_path) for text in gone - {"new"})


async def test_what_is_forgotten_is_not_resumed_either(tmp_path: Path, clock: ManualClock) -> None:
    """Neither by the running service, nor by the next, though the session that was open goes on and issues handles."""
    async with remembering(tmp_path, clock, keep=True) as memory:
        memory.resumption.received(HandleIssued("before"))
        assert memory.resumption.handle == "before"
        with opened(tmp_path / FILE) as database:
            forget(database, EVERYTHING)
        memory.resumption.received(HandleIssued("still-of-the-same-session"))
    async with remembering(tmp_path, clock, keep=True) as memory:
        assert memory.resumption.handle == ""
        memory.resumption.received(HandleIssued("a"))
        with opened(tmp_path / FILE) as database:
            forget(database, EVERYTHING)
        assert memory.resumption.handle == ""
        memory.resumption.received(HandleIssued("of-a-new-session"))
        assert memory.resumption.handle == "of-a-new-session"
    async with remembering(tmp_path, clock, keep=True) as memory:
        assert memory.resumption.handle == "of-a-new-session"


async def test_a_file_that_another_one_reads_is_said_to_hold_traces(tmp_path: Path, clock: ManualClock) -> None:
    async with remembering(tmp_path, clock, keep=True) as memory:
        memory.history.add(Said(NOON, 1, "user", "x"))
    with opened(tmp_path / FILE) as reader, opened(tmp_path / FILE) as database:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM remarks").fetchall()
        database.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(StateError, match="holds traces"):
            forget(database, EVERYTHING)


async def test_every_forgetting_is_counted_and_a_file_that_cannot_tell_is_unlike_any_count(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        before = times_forgotten(store)
        with opened(tmp_path / FILE) as database:
            assert forget(database, EVERYTHING) == 0
        assert times_forgotten(store) == before + 1
        await store.run(lambda database: database.executescript("DROP TABLE forgotten"))
        assert times_forgotten(store) == UNKNOWN
