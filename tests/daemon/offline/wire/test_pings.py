"""Pings that are answered late, or never."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from google import genai
from google.genai import errors

from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.service.faults import ConnectionFaults
from daemon.offline.wire.pings import WAITING_PINGS
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import DEADLINE_S, Client, ManualClock, connected
from tests.daemon.offline.test_server import CONFIG, client_of


@asynccontextmanager
async def slow(serve: Serve, delay_s: float, clock: ManualClock) -> AsyncIterator[Client]:
    plan = Scenario(connections=[ConnectionFaults(pong_delay_s=delay_s)]).faults
    brain = ScriptedBrain(Scenario())
    async with serve(brain, faults=plan, clock=clock, sleep=clock.sleep) as server, connected(server) as client:
        await client.set_up()
        yield client


async def served(client: Client) -> None:
    """Whatever was sent before has been dealt with."""
    await client.write("Well?")
    await client.until()


async def test_late(serve: Serve) -> None:
    clock = ManualClock()
    async with slow(serve, 8, clock) as client:
        first = await client.socket.ping()
        await clock.asleep(8)
        clock.advance(5)
        second = await client.socket.ping()
        await served(client)
        clock.advance(3)
        async with asyncio.timeout(DEADLINE_S):
            await first
        await served(client)
        assert not second.done()
        clock.advance(5)
        async with asyncio.timeout(DEADLINE_S):
            await second


async def test_never(serve: Serve) -> None:
    clock = ManualClock()
    async with slow(serve, math.inf, clock) as client:
        pongs = [await client.socket.ping() for _ in range(WAITING_PINGS + 1)]
        await served(client)
        clock.advance(500)
        await served(client)
        assert not any(pong.done() for pong in pongs)


async def test_a_client_that_goes_first_is_no_error(serve: Serve) -> None:
    clock = ManualClock()
    async with slow(serve, 8, clock) as client:
        await client.socket.ping()
        await clock.asleep(8)
        client.socket.transport.abort()


async def test_an_sdk_with_little_patience_gives_the_session_up(serve: Serve) -> None:
    """sip-to-ai PR#14: the reason why our own client waits a minute for a pong."""

    async def listen(client: genai.Client) -> None:
        async with client.aio.live.connect(model="gemini-3.8-live", config=CONFIG) as session:
            async for _ in session.receive():
                pass

    plan = Scenario(connections=[ConnectionFaults(pong_delay_s=math.inf)]).faults
    async with serve(ScriptedBrain(Scenario()), faults=plan) as server, asyncio.timeout(DEADLINE_S):
        with pytest.raises(errors.APIError, match="1006"):
            await listen(client_of(server, ping_interval=0.05, ping_timeout=0.05))
