"""The service is sought soon, then ever less often, and found once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from daemon.appliance.seeking import FIRST_S, LONGEST_S, Seeking
from daemon.conversation.events import ServiceReturned
from tests.daemon.doctor.virtual_time import run_in_virtual_time

if TYPE_CHECKING:
    from daemon.conversation.events import Event


def sought(found_after: int, *, searches: int = 1, answered: bool = False) -> tuple[list[float], list[Event]]:
    """When it was looked for, and what was told."""
    times: list[float] = []
    told: list[Event] = []

    async def whole() -> None:
        loop = asyncio.get_running_loop()

        async def probe() -> bool:
            times.append(loop.time())
            return len(times) >= found_after

        async with asyncio.TaskGroup() as group:
            seeking = Seeking(probe, start=group.create_task, dispatch=told.append, random=lambda: 0.5)
            for _ in range(searches):
                seeking.seek()
                seeking.seek()  # it is sought already
                await asyncio.sleep(LONGEST_S * found_after)
                if answered:
                    seeking.answered()

    run_in_virtual_time(whole())
    return times, told


def test_it_is_looked_for_ever_less_often_and_told_once() -> None:
    times, told = sought(12)
    waits = [later - sooner for sooner, later in zip([0.0, *times], times, strict=False)]
    assert waits[:4] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S, 8 * FIRST_S]
    assert max(waits) == waits[-1] == LONGEST_S
    assert told == [ServiceReturned()]


def test_one_that_is_found_and_does_not_answer_is_sought_less_often_too() -> None:
    again, _ = sought(1, searches=2)
    soon, _ = sought(1, searches=2, answered=True)
    assert again[1] - again[0] == LONGEST_S + FIRST_S
    assert soon[1] - soon[0] == LONGEST_S


def test_it_can_be_given_up_and_where_nobody_can_look_nothing_is_sought() -> None:
    async def whole() -> list[Event]:
        told: list[Event] = []

        async def found() -> bool:
            return True

        async with asyncio.TaskGroup() as group:
            for probe in (found, None):
                seeking = Seeking(probe, start=group.create_task, dispatch=told.append, random=lambda: 0.5)
                seeking.seek()
                seeking.stop()
            await asyncio.sleep(LONGEST_S)
        return told

    assert run_in_virtual_time(whole()) == []
