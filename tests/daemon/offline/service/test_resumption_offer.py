"""Handles: when they are offered, how long they hold, and how a scenario spoils them."""

from collections.abc import Sequence
from typing import Any

import pytest

from daemon.brain.brain import Remark
from daemon.offline.rehearsal.scenario import Call, Say, Scenario, Step, WhenAnswered
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import ConnectionFaults
from daemon.offline.service.server_options import Limits, ServerOptions
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import Client, ManualClock, connected
from tests.daemon.offline.session.test_dialogue import answer, called

NOT_NOW = {"sessionResumptionUpdate": {"resumable": False}}
REFUSED = (1008, "Requested entity was not found.")


async def handle_of(client: Client) -> str:
    update = (await client.until("newHandle"))[-1]["sessionResumptionUpdate"]
    assert update["resumable"]
    handle: str = update["newHandle"]
    return handle


def updates(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if "sessionResumptionUpdate" in message]


async def a_handle(server: LiveServer) -> str:
    """Of a session with one turn, closed by now."""
    async with connected(server) as client:
        await client.set_up(sessionResumption={})
        await client.write("one")
        handle = await handle_of(client)
    record = await server.session(len(server.sessions))
    await record.until(lambda session: not session.open)
    return handle


async def resume(client: Client, handle: str) -> None:
    await client.send({"setup": {"model": "m", "sessionResumption": {"handle": handle}}})


@pytest.mark.parametrize(("waited_s", "known"), [(99, True), (100, False)])
async def test_a_handle_expires(serve: Serve, waited_s: float, known: bool) -> None:
    clock = ManualClock()
    options = ServerOptions(limits=Limits(handle_s=100))
    brain = ScriptedBrain(Scenario())
    async with serve(brain, options=options, clock=clock, sleep=clock.sleep) as server:
        handle = await a_handle(server)
        clock.advance(waited_s)
        async with connected(server) as client:
            await resume(client, handle)
            if known:
                assert await client.receive() == {"setupComplete": {}}
            else:
                assert await client.closed() == REFUSED


async def test_a_handle_that_is_refused_for_no_reason(serve: Serve) -> None:
    plan = Scenario(connections=[ConnectionFaults(), ConnectionFaults(refuse_handle=True)])
    async with serve(ScriptedBrain(Scenario()), faults=plan.faults) as server:
        handle = await a_handle(server)
        async with connected(server) as client:
            await resume(client, handle)
            assert await client.closed() == REFUSED
        async with connected(server) as client:
            await resume(client, handle)
            assert await client.receive() == {"setupComplete": {}}


async def test_what_the_session_had_cost_is_billed_again(serve: Serve) -> None:
    brain = ScriptedBrain(Scenario([[Say("ok", 0)]]))
    async with serve(brain) as server:
        handle = await a_handle(server)
        async with connected(server) as client:
            await client.set_up(sessionResumption={"handle": handle})
            await client.write("two")
            assert (await client.until())[-1]["usageMetadata"]["promptTokenCount"] == 3
    assert brain.turns[1].history == (Remark("user", "one"), Remark("model", "ok"))


async def test_not_while_a_tool_is_waited_for(serve: Serve) -> None:
    brain = ScriptedBrain(Scenario([[Call("lamp")]]))
    async with serve(brain) as server, connected(server) as client:
        await client.set_up(sessionResumption={})
        await client.write("Lamp on")
        messages = await client.until("toolCall")
        assert updates(messages) == [NOT_NOW]
        await client.quiet()
        await answer(client, called(messages)[0], {})
        await handle_of(client)


async def test_not_before_the_last_tool_in_the_background_has_answered(serve: Serve) -> None:
    steps: list[Step] = [Call("one", blocking=False), Call("two", blocking=False), WhenAnswered("one"), Say("1", 0)]
    async with serve(ScriptedBrain(Scenario([steps]))) as server, connected(server) as client:
        await client.set_up(sessionResumption={})
        await client.write("Both")
        messages = await client.until()
        one, two = called(messages)
        await answer(client, one, {})
        messages += await client.until()
        await client.quiet()
        assert updates(messages) == [NOT_NOW, NOT_NOW]
        await answer(client, two, {}, scheduling="SILENT")
        await handle_of(client)


@pytest.mark.parametrize(("model", "offered"), [("gemini-3.1-flash-live-preview", True), ("gemini-3.8-live", False)])
async def test_unasked_after_a_tools_answer_in_one_family(serve: Serve, model: str, offered: bool) -> None:
    async with serve(ScriptedBrain(Scenario([[Call("lamp")]]))) as server, connected(server) as client:
        await client.set_up(model=f"models/{model}")
        await client.write("Lamp on")
        await answer(client, called(await client.until("toolCall"))[0], {})
        assert len(updates(await client.until())) == (1 if offered else 0)


async def test_late_it_may_come_in_the_next_turn(serve: Serve) -> None:
    clock = ManualClock()
    scenario = Scenario(connections=[ConnectionFaults(handle_delay_ms=3_000)])
    brain = ScriptedBrain(scenario)
    async with (
        serve(brain, faults=scenario.faults, clock=clock, sleep=clock.sleep) as server,
        connected(server) as client,
    ):
        await client.set_up(sessionResumption={})
        await client.write("one")
        await client.until()
        await clock.asleep(3)
        await client.write("two")
        assert updates(await client.until()) == [NOT_NOW]
        clock.advance(3)
        await handle_of(client)


async def test_twice(serve: Serve) -> None:
    scenario = Scenario(connections=[ConnectionFaults(repeat_handle=True)])
    async with serve(ScriptedBrain(scenario), faults=scenario.faults) as server, connected(server) as client:
        await client.set_up(sessionResumption={})
        await client.write("one")
        assert await handle_of(client) == await handle_of(client)
