"""The pace of a reply: sound a little ahead of its playing, the end of the turn when it was heard."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import numpy as np
import pytest

from daemon.brain.brain import CallTool, Heard, Spoken, UserTurn
from daemon.offline.rehearsal.scenario import Scenario, Step
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.service.faults import CompleteLate, Wait
from daemon.offline.service.server_options import Delivery
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import Client, ManualClock, audio_of, connected, contents

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
        (Delivery(500).as_the_service(), [0, 0], 0, 1),
        (Delivery(500, realtime=False).as_the_service(), [0, 0], 0, 0),
        (Delivery(500, lead_ms=400).as_the_service(), [0, 0.1], 0.1, 1),
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


class Storyteller:
    """Says three sentences of a second each, whatever it is asked, and keeps what it was told."""

    def __init__(self) -> None:
        self.turns: list[UserTurn] = []

    async def reply(self, turn: UserTurn, _call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        self.turns.append(turn)
        for sentence in ("One.", "Two.", "Three."):
            yield Spoken(f"{len(self.turns)} {sentence}", SECOND.audio)


SPEECH = np.random.default_rng(7).integers(-8_000, 8_000, 8_000).astype(np.int16)


async def speak(client: Client) -> None:
    await client.send_audio(np.zeros(8_000, np.int16))
    await client.send_audio(SPEECH)


async def mark(client: Client) -> None:
    await client.send({"realtimeInput": {"activityStart": {}}})


async def write(client: Client) -> None:
    await client.write("Wait!")


async def type_in(client: Client) -> None:
    await client.send({"realtimeInput": {"text": "Wait!"}})


class TestInterruptions:
    """All of a reply was sent, and generated; the user breaks in while it is heard."""

    @pytest.mark.parametrize(
        ("break_in", "detection"),
        [(speak, {}), (mark, {"disabled": True}), (write, {}), (write, {"disabled": True}), (type_in, {})],
    )
    @pytest.mark.parametrize(("after_s", "heard"), [(0, ""), (0.5, "1 One."), (1.5, "1 One. 1 Two."), (2.9, None)])
    async def test_the_reply_ends_at_once_and_what_was_heard_is_remembered(
        self,
        serve: Serve,
        break_in: Callable[[Client], Awaitable[None]],
        detection: dict[str, Any],
        after_s: float,
        heard: str | None,
    ) -> None:
        clock, brain = ManualClock(), Storyteller()
        pace: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": Delivery().as_the_service()}
        async with serve(brain, **pace) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig={"automaticActivityDetection": detection})
            await client.write("Tell me a story")
            first = await client.until("generationComplete")
            assert len(audio_of(first)) == 3 * 48_000
            await clock.asleep()
            clock.advance(after_s)
            await break_in(client)
            ending = await client.until()
            assert [next(iter(message["serverContent"])) for message in ending] == ["interrupted", "turnComplete"]
            if break_in is speak:
                await client.send_audio(np.zeros(32_000, np.int16))
            elif break_in is mark:
                await client.send({"realtimeInput": {"activityEnd": {}}})
            second = await client.until("generationComplete")  # nothing is in its way
            assert not contents(second, "interrupted")
            assert len(audio_of(second)) == 3 * 48_000
            await clock.asleep()
            clock.advance(3.1)  # sums of pieces are not exact
            assert not contents(await client.until(), "interrupted")
        told = [remark.text for remark in brain.turns[1].history if remark.role == "model"]
        assert told == ([heard] if heard else ["1 One. 1 Two. 1 Three."] if heard is None else [])

    async def test_where_nothing_may_interrupt_it_is_heard_out(self, serve: Serve) -> None:
        clock, brain = ManualClock(), Storyteller()
        pace: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": Delivery().as_the_service()}
        async with serve(brain, **pace) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig={"activityHandling": "NO_INTERRUPTION"})
            await client.write("Tell me a story")
            await client.until("generationComplete")
            await speak(client)
            await client.send_audio(np.zeros(32_000, np.int16))
            await client.quiet()
            await clock.asleep()
            clock.advance(3.1)  # sums of pieces are not exact
            assert not contents(await client.until(), "interrupted")
            assert len(audio_of(await client.until("generationComplete"))) == 3 * 48_000
        assert [remark.text for remark in brain.turns[1].history][-1] == "1 One. 1 Two. 1 Three."
