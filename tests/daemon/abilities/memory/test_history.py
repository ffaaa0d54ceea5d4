"""What is kept in writing, for as long as the household wants it kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.abilities.memory.history import DAY_S, History
from daemon.abilities.memory.said import Said
from daemon.state.store import FILE, Store
from tests.daemon.abilities.memory.kept_memory import NOON, remembering, written

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.daemon.offline.live_client import ManualClock


async def test_sources_are_kept_with_their_remark(tmp_path: Path, clock: ManualClock) -> None:
    said = Said(NOON, 1, "model", "Birds sing.", (("Birds – all of them", "https://birds.example"),))
    async with remembering(tmp_path, clock, keep=True) as memory:
        memory.history.add(said)
    async with remembering(tmp_path, clock, keep=True) as memory:
        assert memory.history.newest(5) == [said]


async def test_what_is_too_old_is_deleted_at_the_start_and_every_day(tmp_path: Path, clock: ManualClock) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.advance(seconds)
        if len(slept) == 3:
            await asyncio.get_running_loop().create_future()

    async with Store(tmp_path / FILE) as store:
        history = History(store, clock, days=2)
        for age in (3, 1.5, 0):
            history.add(Said(clock() - age * DAY_S, 1, "user", f"{age} days"))
        tidying = asyncio.create_task(history.keep_tidy(sleep))
        while len(slept) < 3:  # noqa: ASYNC110 - the third sleep is for ever
            await asyncio.sleep(0)
        tidying.cancel()
        assert slept == [DAY_S] * 3
        assert [said.text for said in history.newest(9)] == ["0 days"]
        assert b"1.5 days" not in written(tmp_path)


async def test_a_damaged_file_is_logged_and_tidied_another_day(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    tried = asyncio.Event()

    async def sleep(_: float) -> None:
        tried.set()
        await asyncio.get_running_loop().create_future()

    async with Store(tmp_path / FILE) as store:
        await store.run(lambda database: database.execute("DROP TABLE retention").fetchall())
        tidying = asyncio.create_task(History(store, clock, days=2).keep_tidy(sleep))
        await tried.wait()
        tidying.cancel()
    assert "no such table: retention" in caplog.text
