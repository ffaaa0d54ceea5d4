"""The process's end: one request does not hold up another, and one that fails does not end the process."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from daemon.at_home.frames import Frame
from tests.daemon.at_home.scripted_home import REQUEST, Obliging, brain_at_home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
    from daemon.sound.pcm import Samples

ASKED = {**REQUEST, "history": []}


async def test_two_requests_are_answered_beside_each_other_and_each_call_to_its_own() -> None:
    async with brain_at_home() as (home, _):
        line = await home.line()
        seen: Counter[str] = Counter()

        async def ask(word: str) -> None:
            async for frame in line.ask("turn", ASKED, b"\1\0"):
                seen[frame.kind] += 1
                if frame.kind == "call":
                    await asyncio.sleep(0)
                    line.say(Frame("answer", {"id": frame.said["id"], "response": {"word": word}}))
                if frame.kind == "spoken" and "word" in frame.said["text"]:
                    assert word in frame.said["text"]

        await asyncio.gather(ask("one"), ask("two"))
        assert seen == {"heard": 2, "call": 2, "spoken": 4, "done": 2}


async def test_after_a_failure_it_goes_on_and_what_nobody_asked_is_passed_over() -> None:
    brain = Obliging(error=ValueError("what was SAID"))
    async with brain_at_home(brain) as (home, process):
        assert not await home.sure(ASKED, brain_words())
        brain.error = None
        line = await home.line()
        line.say(Frame("stop", {"number": 99}))
        line.say(Frame("answer", {"id": "never asked", "response": {}}))
        assert await home.sure(ASKED, brain_words())
        assert process.started == 1


class Slow(Obliging):
    """Reads for as long as it must, and writes down what it is asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.reads, self.may_read, self.done = asyncio.Event(), asyncio.Event(), list[str]()

    async def sure(self, turn: UserTurn) -> bool:
        self.reads.set()
        await self.may_read.wait()
        self.done.append("read")
        return await super().sure(turn)

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        self.done.append("reply")
        async for piece in super().reply(turn, call_tool):
            yield piece


async def test_a_request_waits_for_what_is_read_of_it_so_that_it_is_not_read_twice() -> None:
    brain = Slow()
    async with brain_at_home(brain) as (home, _):
        line = await home.line()
        reading = asyncio.ensure_future(home.sure(ASKED, brain_words()))
        await brain.reads.wait()
        request = line.ask("turn", ASKED, brain_words().tobytes())
        first = asyncio.ensure_future(anext(request))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not brain.done
        brain.may_read.set()
        await first
        assert await reading
        assert brain.done == ["read", "reply"]
        await request.aclose()


def brain_words() -> Samples:
    return np.ones(320, np.int16)


async def test_it_writes_down_what_was_said_and_nothing_where_it_cannot() -> None:
    brain = Obliging()
    async with brain_at_home(brain) as (home, _):
        assert await home.words(brain_words()) == "320 samples"
        brain.error = ValueError()
        assert await home.words(brain_words()) == ""
