"""What a new session is told of the conversation before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from daemon.abilities.memory.forgetting import EVERYTHING, forget
from daemon.abilities.memory.recollection import CHARACTERS, REMARKS, Recollection
from daemon.abilities.memory.said import Said
from daemon.live.options import Remark
from daemon.state.archive import opened
from daemon.state.store import FILE, Store
from tests.daemon.offline.live_client import ManualClock

if TYPE_CHECKING:
    from pathlib import Path

HOUR_S = 3600.0


async def test_it_tells_what_was_said_and_what_tools_did() -> None:
    async with Store() as store:
        kept = Recollection(store, ManualClock(), HOUR_S)
        kept.add(Said(0.0, 1, "user", "Lamp on"))
        kept.add(Said(0.0, 1, "tool", "set_device {} gave {}"))
        kept.add(Said(0.0, 1, "model", "It is on."))
        assert kept.remarks() == [
            Remark("user", "Lamp on"),
            Remark("model", "(set_device {} gave {})"),
            Remark("model", "It is on."),
        ]


async def test_it_tells_only_what_is_recent() -> None:
    clock = ManualClock()
    async with Store() as store:
        kept = Recollection(store, clock, HOUR_S)
        kept.add(Said(clock(), 1, "user", "old"))
        clock.advance(HOUR_S - 1)
        kept.add(Said(clock(), 2, "user", "new"))
        assert [remark.text for remark in kept.remarks()] == ["old", "new"]
        clock.advance(1)
        assert [remark.text for remark in kept.remarks()] == ["new"]
        clock.advance(-2)  # the clock is set back: "new" is from the future, and of an unknown age
        assert [remark.text for remark in kept.remarks()] == ["old"]


async def test_with_no_time_to_keep_it_nothing_is_told() -> None:
    async with Store() as store:
        kept = Recollection(store, ManualClock(), 0)
        kept.add(Said(0.0, 1, "user", "old"))
        assert kept.remarks() == []


async def test_what_another_process_forgot_is_not_told(tmp_path: Path) -> None:
    async with Store(tmp_path / FILE) as store:
        kept = Recollection(store, ManualClock(), HOUR_S)
        kept.add(Said(0.0, 1, "user", "secret"))
        with opened(tmp_path / FILE) as database:
            forget(database, EVERYTHING)
        assert kept.remarks() == []
        kept.add(Said(0.0, 2, "user", "next"))
        assert kept.remarks() == [Remark("user", "next")]


@given(st.lists(st.text("ab ", min_size=1, max_size=9_000), max_size=40))
async def test_it_is_bounded_and_tells_the_newest(texts: list[str]) -> None:
    async with Store() as store:
        kept = Recollection(store, ManualClock(), HOUR_S)
        for text in texts:
            kept.add(Said(0.0, 1, "user", text))
        told = [remark.text for remark in kept.remarks()]
    assert len(told) <= REMARKS
    assert sum(map(len, told)) <= CHARACTERS
    assert all(text.startswith(told) for text, told in zip(texts[len(texts) - len(told) :], told, strict=True))
    assert bool(told) == bool(texts)
