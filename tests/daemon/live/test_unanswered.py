"""Which calls are owed an answer, and when speech may go on."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from daemon.conversation.rules import LONGEST_TOOL_S
from daemon.conversation.tool_call import ToolCall
from daemon.live.unanswered import OwedCalls
from tests.daemon.doctor.virtual_time import run_in_virtual_time


async def waited_s(owed: OwedCalls, *, meanwhile: Coroutine[Any, Any, None] | None = None) -> float:
    """How long speech waits, by the loop's clock."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.TaskGroup() as group:
        if meanwhile:
            group.create_task(meanwhile)
        await owed.until_free()
    return loop.time() - begun


def test_speech_waits_for_nothing_at_first_and_for_calls_that_nobody_awaits() -> None:
    async def work() -> None:
        owed = OwedCalls()
        assert await waited_s(owed) == 0
        owed.requested("a", awaited=False)
        assert "a" in owed
        assert await waited_s(owed) == 0

    run_in_virtual_time(work())


@pytest.mark.parametrize("end", ["answers", "cancelled"])
def test_speech_waits_until_the_last_call_is_done_with(end: str) -> None:
    async def work() -> None:
        owed = OwedCalls()
        owed.requested("a", awaited=True)
        owed.requested("b", awaited=True)

        async def end_them() -> None:
            for call_id in ("a", "b"):
                await asyncio.sleep(1)
                if end == "cancelled":
                    owed.cancelled([call_id])
                else:
                    owed.settled(call_id)
                    assert call_id not in owed
                    await asyncio.sleep(0.5)  # in the queue; it has not left
                    owed.sent()

        assert await waited_s(owed, meanwhile=end_them()) == (2 if end == "cancelled" else 3)
        assert not owed

    run_in_virtual_time(work())


def test_a_call_that_is_never_answered_is_waited_for_no_longer_than_a_tool_can_take() -> None:
    async def work() -> None:
        owed = OwedCalls()
        owed.requested("a", awaited=True)
        await asyncio.sleep(LONGEST_TOOL_S - 1)
        assert await waited_s(owed) == pytest.approx(1)
        assert await waited_s(owed) == 0

    run_in_virtual_time(work())


def test_calls_of_one_id_are_counted_and_come_back_when_the_first_is_answered() -> None:
    async def work() -> None:
        owed, second = OwedCalls(), ToolCall("a", "set_device")
        owed.requested("a", awaited=True)
        owed.repeated(second)
        assert len(owed) == 2
        assert owed.settled("a") == [second]
        owed.refused()
        assert len(owed) == 2, "two answers are on their way"
        owed.sent()
        assert len(owed) == 1
        owed.sent()
        assert await waited_s(owed) == 0
        assert owed.settled("a") == []

    run_in_virtual_time(work())


def test_calls_of_one_id_are_cancelled_together() -> None:
    async def work() -> None:
        owed = OwedCalls()
        owed.requested("a", awaited=True)
        owed.repeated(ToolCall("a", "set_device"))
        owed.cancelled(["a", "unknown"])
        assert len(owed) == 0
        assert await waited_s(owed) == 0

    run_in_virtual_time(work())
