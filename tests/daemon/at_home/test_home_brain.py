"""The process of the brain at home: started when it is needed, once, and gone when it is not."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.at_home.home_brain import HomeBrain, starter
from daemon.at_home.home_line import HomeSilent
from daemon.conversation.causes import Cause
from tests.daemon.at_home.brain_in_process import InProcess
from tests.daemon.at_home.scripted_home import REQUEST, Obliging, brain_at_home
from tests.daemon.doctor.virtual_time import run_in_virtual_time

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from tests.daemon.at_home.brain_in_process import Attending

WORDS = np.ones(320, np.int16)
ASKED = {**REQUEST, "history": []}


async def test_it_is_started_once_however_many_need_it_at_a_time() -> None:
    async with brain_at_home() as (home, process):
        lines = await asyncio.gather(home.line(), home.line())
        assert process.started == 1
        assert lines[0] is lines[1]
        assert home.loaded


async def test_who_gives_up_waiting_does_not_stop_the_start() -> None:
    async with brain_at_home() as (home, process):
        impatient = asyncio.create_task(home.line())
        await asyncio.sleep(0)
        impatient.cancel()
        await home.line()
        assert process.started == 1


async def test_one_that_ended_is_started_again() -> None:
    async with brain_at_home() as (home, process):
        line = await home.line()
        process.die()
        async with asyncio.timeout(60):
            while not line.over:  # noqa: ASYNC110 - nobody reports it
                await asyncio.sleep(0)
        await home.line()
        assert process.started == 2


async def test_it_is_sure_or_not_and_not_where_it_fails_or_is_not_there() -> None:
    async with brain_at_home() as (home, _):
        assert await home.sure(ASKED, WORDS)
        assert not await home.sure(ASKED, 0 * WORDS)
    async with brain_at_home(Obliging(error=ValueError())) as (home, _):
        assert not await home.sure(ASKED, WORDS)


@pytest.mark.parametrize(("keep", "loaded"), [(False, [True, False]), (True, [True, True])])
def test_what_was_loaded_when_it_was_needed_is_unloaded_when_it_is_not(keep: bool, loaded: list[bool]) -> None:
    seen: list[bool] = []

    async def idle() -> None:
        async with brain_at_home(keep=keep, idle_s=60) as (home, _):
            await home.sure(ASKED, WORDS)
            for seconds in (59, 2):
                await asyncio.sleep(seconds)
                seen.append(home.loaded)

    run_in_virtual_time(idle())
    assert seen == loaded


def test_it_stays_while_somebody_talks_with_it_and_the_time_begins_anew_with_each_use() -> None:
    seen: list[bool] = []

    async def busy() -> None:
        async with brain_at_home(idle_s=60) as (home, _):
            home.used()
            await home.sure(ASKED, WORDS)
            await asyncio.sleep(600)
            seen.append(home.loaded)
            home.unused()
            await asyncio.sleep(40)
            await home.sure(ASKED, WORDS)
            await asyncio.sleep(40)
            seen.append(home.loaded)

    run_in_virtual_time(busy())
    assert seen == [True, True]


async def test_at_the_start_only_what_stays_is_loaded() -> None:
    for keep in (True, False):
        async with brain_at_home(keep=keep) as (home, process):
            await home.load()
            assert process.started == int(keep)


async def test_one_that_may_be_needed_is_loaded_before_it_is_and_says_nothing_if_it_cannot_be() -> None:
    async with brain_at_home() as (home, process):
        await home.prepare()
        await home.prepare()
        assert home.loaded
        assert process.started == 1
    await HomeBrain(InProcess(Obliging()).start, keep=False, idle_s=1).prepare()  # nothing runs it


async def test_one_that_cannot_be_started_says_so_each_time() -> None:
    async def start(_: socket.socket) -> Attending:
        raise FileNotFoundError(2, "No such file or directory")

    home = HomeBrain(start, keep=True, idle_s=1)
    with pytest.raises(HomeSilent):
        await home.line()  # nobody runs it
    running = asyncio.create_task(home.run())
    await asyncio.sleep(0)
    await home.load()
    with pytest.raises(HomeSilent, match="No such file") as silent:
        await home.line()
    assert silent.value.cause is Cause.HOME
    running.cancel()
    await asyncio.wait([running])


async def test_the_real_process_says_what_is_missing_and_ends(tmp_path: Path) -> None:
    home = HomeBrain(starter(tmp_path, 400, os.environ), keep=False, idle_s=1)
    running = asyncio.create_task(home.run())
    await asyncio.sleep(0)
    with pytest.raises(HomeSilent, match="no model file") as silent:
        await home.line()
    assert str(silent.value).count("run pipit doctor") == 1
    running.cancel()
    await asyncio.wait([running])
