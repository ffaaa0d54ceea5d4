"""Calls and their answers; `test_dialogue` has what is made of them."""

import asyncio
from collections.abc import AsyncIterator
from random import SystemRandom

import pytest

from daemon.offline.service.faults import BackgroundCall, Piece
from daemon.offline.service.profiles import LIVE_3
from daemon.offline.session.open_calls import ToolCalls
from daemon.offline.wire.client_messages import FunctionAnswer
from tests.daemon.offline.live_client import DEADLINE_S
from tests.daemon.offline.wire.test_client_socket import Ends


async def nothing(_answer: object) -> AsyncIterator[Piece]:
    """What is said of an answer: nothing."""
    return
    yield


@pytest.mark.parametrize("how", ["answered", "left"])
async def test_a_call_waits_until_it_is_answered_or_left(how: str) -> None:
    async with Ends() as (link, _):
        calls = ToolCalls(link, LIVE_3, SystemRandom())
        async with calls.asking("lamp", {}) as asked:
            assert asked.sent
            [call_id] = calls.waiting
            if how == "answered":
                assert calls.answer(FunctionAnswer(call_id, "lamp", {"on": True})) is None
                assert calls.waiting == []
                assert await asked.answer == {"on": True}
        assert calls.waiting == []
        assert calls.answer(FunctionAnswer(call_id, "lamp", {"late": True})) is None


async def test_a_call_that_is_cancelled_before_it_is_sent_is_not_sent() -> None:
    async with Ends() as (link, client):
        calls = ToolCalls(link, LIVE_3, SystemRandom())

        async def ask() -> None:
            async with calls.asking("lamp", {}):
                pass

        task = asyncio.get_running_loop().create_task(ask())
        await asyncio.sleep(0)
        assert calls.waiting
        task.cancel()
        await asyncio.wait([task], timeout=DEADLINE_S)
        async with calls.asking("other", {}) as asked:
            assert asked.sent
        sent = await client.receive()
        assert [call["name"] for call in sent["toolCall"]["functionCalls"]] == ["other"]


async def test_a_call_in_the_background_gives_a_result() -> None:
    async with Ends() as (link, client):
        calls = ToolCalls(link, LIVE_3, SystemRandom())
        await calls.ask_in_background(BackgroundCall("search", {"for": "x"}, nothing))
        [call] = (await client.receive())["toolCall"]["functionCalls"]
        assert (call["name"], call["args"]) == ("search", {"for": "x"})
        assert (calls.waiting, calls.in_background) == ([], True)
        assert calls.answer(FunctionAnswer(call["id"], "search", {"a": 1}, will_continue=True)) is None
        result = calls.answer(FunctionAnswer(call["id"], "search", {"b": 2}, scheduling="SILENT"))
        assert result is not None
        assert (result.answer, result.scheduling) == ({"a": 1, "b": 2}, "SILENT")
        assert not calls.in_background
