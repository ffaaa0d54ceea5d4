"""What is kept in writing, told and forgotten, as the settings have it: nothing unless the household wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.history import DAY_S
from daemon.conversation.messages import HandleIssued
from daemon.conversation.tool_call import ToolCall
from daemon.live.options import Remark
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.memory.kept_memory import remembering, say, texts, written

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.abilities.memory.remembering import Memory
    from tests.daemon.offline.live_client import ManualClock

KEPT = {"keep": True, "tools": True}


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
