"""What is kept in writing: nothing unless the household wants it, and nothing of what it wants forgotten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.history import DAY_S, History
from daemon.abilities.memory.said import Said
from daemon.conversation.commands import StartActivity
from daemon.conversation.events import ToolCall, WakeWordDetected
from daemon.conversation.exchange import State
from daemon.conversation.messages import HandleIssued, Transcribed
from daemon.conversation.situation import Situation
from daemon.live.options import Remark
from daemon.state.store import FILE, Store
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.memory.kept_memory import NOON, remembering, texts, written

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from tests.daemon.offline.live_client import ManualClock

KEPT = {"keep": True, "tools": True}


def say(memory: Memory, turn: int, text: str) -> None:
    """A turn of the user that is answered with nothing."""
    memory.transcript.happened(WakeWordDetected("alexa", 0), [StartActivity(turn, 0)], hearing())
    memory.transcript.received(Transcribed(turn, "user", text))


def hearing() -> Situation:
    return Situation(State.HEARING, turn=1)


async def test_when_it_is_off_the_files_have_no_trace_of_what_was_said(tmp_path: Path, clock: ManualClock) -> None:
    async with remembering(tmp_path, clock) as memory:
        say(memory, 1, "my secret")
        say(memory, 2, "something else")
        assert memory.recollection.remarks() == [Remark("user", "my secret")]
        await memory.history.store.run(lambda _: None)
        assert b"secret" not in written(tmp_path)
    assert b"secret" not in written(tmp_path)
    assert b"else" not in written(tmp_path)


async def test_when_it_is_on_it_outlives_a_restart_and_seeds_the_next_session(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with remembering(tmp_path, clock, keep=True) as memory:
        say(memory, 1, "my secret")
    assert b"secret" in written(tmp_path)
    async with remembering(tmp_path, clock, keep=True) as memory:
        assert memory.recollection.remarks() == [Remark("user", "my secret")]
    async with remembering(tmp_path, clock, keep=True) as memory:
        clock.advance(2 * 3600)
        assert memory.recollection.remarks() == []


async def test_sources_are_kept_with_their_remark(tmp_path: Path, clock: ManualClock) -> None:
    said = Said(NOON, 1, "model", "Birds sing.", (("Birds – all of them", "https://birds.example"),))
    async with remembering(tmp_path, clock, keep=True) as memory:
        memory.history.add(said)
    async with remembering(tmp_path, clock, keep=True) as memory:
        assert memory.history.newest(5) == [said]


class TestTools:
    async def test_there_are_none_unless_wanted(self, tmp_path: Path, clock: ManualClock) -> None:
        async with remembering(tmp_path, clock, keep=True) as memory:
            assert memory.tools == ()

    async def test_recall_finds_words_in_any_case_and_the_newest_without_words(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        async with remembering(tmp_path, clock, **KEPT) as memory:
            say(memory, 1, "Buy Äpfel and milk")
            clock.advance(DAY_S)
            say(memory, 2, "Feed the cat")
            say(memory, 3, "What do you remember of the äpfel?")
            assert await self.recalled(memory, "the äpfel") == ["Buy Äpfel and milk", "Feed the cat"]
            assert await self.recalled(memory, "äpfel") == ["Buy Äpfel and milk"]
            assert await self.recalled(memory, "") == ["Buy Äpfel and milk", "Feed the cat"]

    @staticmethod
    async def recalled(memory: Memory, about: str) -> list[str]:
        answer = await Toolbox(memory.tools).call(ToolCall("1", "recall", {"about": about}))
        return [remark["said"] for remark in answer["remembered"]]

    @pytest.mark.parametrize(
        ("what", "left"), [("last", ["old", "earlier", "next"]), ("today", ["old", "next"]), ("everything", ["next"])]
    )
    async def test_forget_that_forgets_also_the_words_that_ask_for_it(
        self, tmp_path: Path, clock: ManualClock, what: str, left: list[str]
    ) -> None:
        async with remembering(tmp_path, clock, **KEPT) as memory:
            say(memory, 1, "old")
            clock.advance(DAY_S)
            say(memory, 2, "earlier")
            clock.advance(60)
            say(memory, 3, "my secret")
            clock.advance(60)
            say(memory, 4, "forget that")
            memory.resumption.received(HandleIssued("h"))
            answer = await Toolbox(memory.tools).call(ToolCall("1", "forget_that", {"what": what}))
            assert answer["ok"]
            assert memory.recollection.remarks() == []
            assert memory.resumption.handle == ""
            say(memory, 5, "next")
        assert texts(tmp_path) == left
        assert b"secret" not in written(tmp_path)
        assert b"forget that" not in written(tmp_path)


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
