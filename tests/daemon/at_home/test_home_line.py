"""The appliance's end: what is asked is answered, or raises; never does anybody wait for one that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.at_home.frames import Frame
from daemon.at_home.home_line import HomeSilent
from tests.daemon.at_home.scripted_home import REQUEST, Obliging, brain_at_home

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

ASKED = {**REQUEST, "history": []}


async def test_who_stops_listening_stops_the_request() -> None:
    brain = Obliging()
    async with brain_at_home(brain) as (home, _):
        line = await home.line()
        asked = line.ask("turn", ASKED, b"\1\0")
        async for frame in asked:
            if frame.kind == "call":
                break
        await asked.aclose()  # type: ignore[attr-defined]
        assert await home.sure(ASKED, brain_turn(brain))  # what was said before is done by then
        assert brain.cancelled == 1


def brain_turn(brain: Obliging) -> Samples:
    return brain.turns[0].audio


async def test_a_line_that_is_over_raises_whatever_is_asked() -> None:
    async with brain_at_home() as (home, _):
        line = await home.line()
        asked = line.ask("turn", ASKED, b"\1\0")
        assert (await anext(aiter(asked))).kind == "heard"
        line.close()
        with pytest.raises(HomeSilent):
            async for _frame in asked:
                pass
        with pytest.raises(HomeSilent):
            line.say(Frame("stop", {"number": 1}))
        with pytest.raises(HomeSilent):
            await anext(aiter(line.ask("sure", ASKED, b"")))
