"""A session with the brain at home: what it reports, and that nothing is lost or done twice by it."""

from __future__ import annotations

import asyncio

from daemon.conversation.causes import Cause
from daemon.conversation.events import ReplyComplete, ReplyStarted, SessionLost, SessionOpened, ToolRequested
from daemon.conversation.messages import ReplyAudio, Transcribed
from daemon.errors import PipitError
from daemon.live.uplink import ActivityEnd, ActivityStart
from tests.daemon.at_home.scripted_home import LIGHT, Obliging, brain_at_home, talking
from tests.daemon.live.line import attempt


async def test_a_turn_is_heard_acted_upon_once_and_answered() -> None:
    brain = Obliging()
    async with brain_at_home(brain) as (home, _), talking(home) as talk:
        said = talk.say(3)
        call = (await talk.until(ToolRequested)).call
        assert (call.name, call.arguments) == ("set_device", LIGHT)
        talk.session.answer_tool(call, {"on": True}, more=True)
        talk.session.answer_tool(call, {"on": True})
        talk.session.answer_tool(call, {"on": False})
        await talk.until(ReplyComplete)
        kinds = [type(report) for report in talk.reports]
        assert kinds[:3] == [SessionOpened, Transcribed, ToolRequested]
        assert kinds[3:] == [ReplyStarted, Transcribed, ReplyAudio, Transcribed, ReplyAudio, ReplyComplete]
        assert talk.reports[1] == Transcribed(3, "user", "lamp on")
        assert talk.reports[4] == Transcribed(3, "model", "{'on': True}")
        assert brain.turns[0].audio.tobytes() == said
        assert [function.name for function in brain.turns[0].functions] == ["set_device"]


async def test_it_remembers_what_was_said_before_in_it() -> None:
    brain = Obliging(calls=False)
    async with brain_at_home(brain) as (home, _), talking(home) as talk:
        for turn in (1, 2):
            talk.say(turn)
            await talk.until(ReplyComplete, times=turn)
        assert [remark.text for remark in brain.turns[1].history] == ["lamp on", "{}That is all."]


async def test_the_next_turn_stops_the_reply_to_the_one_before() -> None:
    brain = Obliging()
    async with brain_at_home(brain) as (home, _), talking(home) as talk:
        talk.say(1)
        first = (await talk.until(ToolRequested)).call
        talk.say(2)
        second = (await talk.until(ToolRequested, times=2)).call
        assert brain.cancelled == 1
        assert first.id != second.id
        talk.session.answer_tool(second, {})
        assert (await talk.until(ReplyComplete)).turn == 2


async def test_what_it_acted_upon_is_not_left_to_another_and_what_it_did_not_is() -> None:
    async with brain_at_home() as (home, _), talking(home) as talk:
        talk.say(1)
        await talk.until(ToolRequested)
        talk.uplink.start(2, talk.ring.end)
        talk.session.leave()
        await asyncio.sleep(0)
        talk.uplink.rewind()
        assert attempt(talk.uplink) == ActivityStart(2)
        talk.say(3, samples=0)
        assert attempt(talk.uplink) == ActivityEnd(2)  # nobody ended it


async def test_a_session_that_is_left_reports_nothing_more_and_stops_what_it_began() -> None:
    brain = Obliging()
    async with brain_at_home(brain) as (home, _), talking(home) as talk:
        talk.say(1)
        await talk.until(ToolRequested)
        talk.session.leave()
        before = len(talk.reports)
        async with asyncio.timeout(60):
            while not brain.cancelled:  # noqa: ASYNC110 - nobody reports it
                await asyncio.sleep(0)
        assert len(talk.reports) == before


async def test_a_brain_that_fails_loses_its_session_and_tells_nothing_of_what_was_said() -> None:
    for error in (ValueError("what was SAID"), PipitError("no voice", fix="get one")):
        async with brain_at_home(Obliging(error=error)) as (home, _), talking(home) as talk:
            talk.say(1)
            lost = await talk.until(SessionLost)
            assert lost.cause is Cause.HOME
            assert "SAID" not in lost.detail


async def test_a_process_that_dies_loses_its_session() -> None:
    async with brain_at_home() as (home, process), talking(home) as talk:
        talk.say(1)
        await talk.until(ToolRequested)
        process.die()
        assert (await talk.until(SessionLost)).cause is Cause.HOME
