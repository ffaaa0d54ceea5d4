"""The pace of a reply: sound a little ahead of its playing, the end of the turn when it was heard."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from daemon.offline.brain import Spoken
from daemon.offline.faults import CompleteLate, Wait
from daemon.offline.options import Delivery
from daemon.offline.scenario import Scenario, Step
from daemon.offline.scripted import ScriptedBrain
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import ManualClock, connected, contents

SECOND = Spoken("a second", np.ones(24_000, np.int16))


class PassingClock(ManualClock):
    """Time passes while anyone sleeps, and only then."""

    async def sleep(self, seconds: float) -> None:
        if seconds < 100:  # the end of the connection may stay away
            self.advance(max(0.0, seconds))
        else:
            await super().sleep(seconds)


async def moments(serve: Serve, delivery: Delivery, steps: Sequence[Step]) -> dict[str, list[float]]:
    """When each kind of message was sent."""
    clock = PassingClock()
    options: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": delivery}
    async with serve(ScriptedBrain(Scenario([steps])), **options) as server, connected(server) as client:
        await client.set_up()
        await client.write("Well?")
        await client.until()
    sent: dict[str, list[float]] = {}
    for item in server.sessions[0].sent:
        sent.setdefault(next(iter(item.message.get("serverContent", item.message))), []).append(round(item.at_s, 6))
    return sent


@pytest.mark.parametrize(
    ("delivery", "sound", "generated", "complete"),
    [
        (Delivery(500), [0, 0], 0, 0),
        (Delivery(500, realtime=True), [0, 0.5], 0.5, 1),
        (Delivery(500, realtime=True, lead_ms=400), [0, 0.1], 0.1, 1),
        (Delivery(500, realtime=True, lead_ms=60_000), [0, 0], 0, 1),
    ],
)
async def test_generation_is_complete_before_the_turn(
    serve: Serve, delivery: Delivery, sound: list[float], generated: float, complete: float
) -> None:
    sent = await moments(serve, delivery, [SECOND])
    assert sent["modelTurn"] == sound
    assert sent["generationComplete"] == [generated]
    assert sent["turnComplete"] == [complete]


async def test_sound_plays_while_the_brain_thinks(serve: Serve) -> None:
    delivery = Delivery(1_000, realtime=True, lead_ms=60_000)
    sent = await moments(serve, delivery, [SECOND, Wait(700), SECOND, Wait(3_000), SECOND])
    assert sent["modelTurn"] == [0, 0.7, 3.7]
    assert sent["turnComplete"] == [4.7]


async def test_an_end_that_is_later_than_that(serve: Serve) -> None:
    sent = await moments(serve, Delivery(1_000, realtime=True), [SECOND, CompleteLate(2_000)])
    assert (sent["generationComplete"], sent["turnComplete"]) == ([0], [3])


async def test_it_can_be_interrupted_while_it_plays_out(serve: Serve) -> None:
    clock = ManualClock()
    delivery = Delivery(1_000, realtime=True, lead_ms=60_000)
    options: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": delivery}
    async with serve(ScriptedBrain(Scenario([[SECOND]])), **options) as server, connected(server) as client:
        await client.set_up()
        await client.write("Well?")
        await client.until("generationComplete")
        await client.send({"realtimeInput": {"activityStart": {}}})
        assert contents(await client.until(), "interrupted") == [True]
