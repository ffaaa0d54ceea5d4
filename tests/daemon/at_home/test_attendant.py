"""The process's end: one request does not hold up another, and one that fails does not end the process."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from daemon.at_home.frames import Frame
from tests.daemon.at_home.scripted_home import REQUEST, Obliging, brain_at_home

if TYPE_CHECKING:
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


def brain_words() -> Samples:
    return np.ones(320, np.int16)
