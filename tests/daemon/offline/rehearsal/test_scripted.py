"""The scripted brain and each of its faults, as a client sees them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from daemon.brain.brain import Spoken
from daemon.offline.rehearsal.scenario import Call, Hear, Say, Scenario, Step
from daemon.offline.rehearsal.scripted import ScriptedBrain, tone
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import (
    AbortSocket,
    CancelledCall,
    CloseSocket,
    CompleteLate,
    ConnectionFaults,
    CutSound,
    EndUtterance,
    GoAway,
    Loss,
    Omit,
    PhantomInterrupted,
    SendFrame,
    SendRaw,
    Stall,
    Wait,
)
from daemon.sound.wav import write_wav
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import Client, ManualClock, audio_of, connected, contents

VOICE = np.arange(160, dtype=np.int16)
TRANSCRIBED = {"inputAudioTranscription": {}, "outputAudioTranscription": {}}


@asynccontextmanager
async def playing(serve: Serve, *steps: Step, **options: Any) -> AsyncIterator[tuple[LiveServer, Client]]:
    """A server with a scenario of one turn, and a client that has just taken its turn."""
    scenario = Scenario([steps])
    async with serve(ScriptedBrain(scenario), faults=scenario.faults, **options) as server, connected(server) as client:
        await client.set_up(**TRANSCRIBED)
        await client.say(VOICE)
        yield server, client


def kinds(messages: Sequence[dict[str, Any]]) -> list[str]:
    """The first field of each message, inside `serverContent` if it has one."""
    return [next(iter(message.get("serverContent", message))) for message in messages]


class TestSteps:
    async def test_hearing_and_saying(self, serve: Serve) -> None:
        async with playing(serve, Hear("lamp on"), Say("Done.", 0.1)) as (_, client):
            messages = await client.until()
        assert contents(messages, "inputTranscription") == [{"text": "lamp on"}]
        assert contents(messages, "outputTranscription") == [{"text": "Done."}]
        assert audio_of(messages) == tone(0.1).tobytes()

    async def test_sound_for_words_without_a_length(self, serve: Serve) -> None:
        async with playing(serve, Say("two words"), Say("silent", 0)) as (_, client):
            assert audio_of(await client.until()) == tone(0.6).tobytes()

    async def test_sound_from_a_file(self, serve: Serve, tmp_path: Path) -> None:
        write_wav(tmp_path / "reply.wav", tone(0.5), 24_000)
        async with playing(serve, Say("Hello.", wav=tmp_path / "reply.wav")) as (_, client):
            sound = np.frombuffer(audio_of(await client.until()), np.int16)
        assert len(sound) == 12_000
        assert np.argmax(np.abs(np.fft.rfft(sound))) == 220  # 440 Hz in half a second

    async def test_sound_at_hand(self, serve: Serve) -> None:
        async with playing(serve, Spoken("Hello.", VOICE)) as (_, client):
            assert audio_of(await client.until()) == VOICE.tobytes()

    async def test_the_right_answer_to_a_call(self, serve: Serve) -> None:
        async with playing(serve, Call("lamp", {"on": True}, {"on": True}), Say("Done.")) as (_, client):
            [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
            assert call["args"] == {"on": True}
            answer = {"id": call["id"], "response": {"on": True, "more": 1}}
            await client.send({"toolResponse": {"functionResponses": [answer]}})
            assert contents(await client.until(), "outputTranscription")

    async def test_a_wrong_answer_ends_the_session_and_says_why(self, serve: Serve) -> None:
        brain = ScriptedBrain(Scenario([[Call("lamp", expect={"on": True})]]))
        async with serve(brain) as server, connected(server) as client:
            await client.set_up()
            await client.say(VOICE)
            [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
            await client.send({"toolResponse": {"functionResponses": [{"id": call["id"], "response": {"on": False}}]}})
            reason = "turn 1, step 1: lamp answered {'on': False} instead of {'on': True}"
            assert await client.closed() == (1011, f"scenario: {reason}")
        assert brain.complaints == [reason]

    async def test_turns_in_order_and_then_silence(self, serve: Serve) -> None:
        brain = ScriptedBrain(Scenario([[Say("one", 0)], [Say("two", 0)]]))
        said = []
        async with serve(brain) as server:
            for count in (1, 2):  # over two connections
                async with connected(server) as client:
                    await client.set_up(**TRANSCRIBED)
                    for _ in range(count):
                        await client.say(VOICE)
                        said.append(contents(await client.until(), "outputTranscription"))
        assert said == [[{"text": "one"}], [{"text": "two"}], []]
        assert [len(turn.audio) for turn in brain.turns] == [160] * 3


class TestFaultsOfTurns:
    async def test_wait(self, serve: Serve) -> None:
        clock = ManualClock()
        async with playing(serve, Wait(1500), clock=clock, sleep=clock.sleep) as (server, client):
            await clock.asleep()
            assert len(server.sessions[0].sent) == 1  # setupComplete
            clock.advance(1.5)
            await client.until()

    async def test_raw(self, serve: Serve) -> None:
        async with playing(serve, SendRaw({"serverContent": {"from_the_future": [1]}})) as (_, client):
            assert await client.receive() == {"serverContent": {"from_the_future": [1]}}

    @pytest.mark.parametrize("text", ["not JSON", "[]", '{"server_content": {"turn_complete": true}}', ""])
    @pytest.mark.parametrize("binary", [True, False])
    async def test_a_frame_as_it_is(self, serve: Serve, text: str, binary: bool) -> None:
        async with playing(serve, SendFrame(text, binary), Say("Sorry.", 0)) as (server, client):
            assert await client.socket.recv() == (text.encode() if binary else text)
            assert contents(await client.until(), "outputTranscription") == [{"text": "Sorry."}]
        assert {"frame": text.encode() if binary else text} in [sent.message for sent in server.sessions[0].sent]

    async def test_an_end_too_early(self, serve: Serve) -> None:
        async with playing(serve, EndUtterance(), Say("Hello.", 0)) as (_, client):
            assert kinds(await client.until()) == ["turnComplete"]
            assert kinds(await client.until()) == ["outputTranscription", "generationComplete", "turnComplete"]

    async def test_an_end_too_late(self, serve: Serve) -> None:
        clock = ManualClock()
        async with playing(serve, CompleteLate(4_000), clock=clock, sleep=clock.sleep) as (server, client):
            await client.until("generationComplete")
            await clock.asleep()
            clock.advance(4)
            await client.until()
            assert [sent.at_s for sent in server.sessions[0].sent] == [0, 0, 4]

    async def test_a_message_larger_than_a_mebibyte(self, serve: Serve) -> None:
        async with (
            serve(ScriptedBrain(Scenario([[CutSound(20_000), Say("Long.", 20)]]))) as server,
            connected(server, max_size=None) as client,
        ):
            await client.set_up()
            await client.write("Well?")
            [frame, *_] = [len(json.dumps(message)) for message in await client.until()]
        assert frame > 2**20

    async def test_go_away(self, serve: Serve) -> None:
        clock = ManualClock()
        async with playing(serve, GoAway(50), Say("Bye."), clock=clock, sleep=clock.sleep) as (_, client):
            assert await client.receive() == {"goAway": {"timeLeft": "50s"}}
            await client.until()
            await clock.asleep()
            clock.advance(50)
            assert await client.closed() == (1011, "Deadline expired before operation could complete.")

    async def test_phantom_interrupted(self, serve: Serve) -> None:
        async with playing(serve, PhantomInterrupted(), Say("Still here.", 0.1)) as (_, client):
            assert kinds(await client.until()) == [
                "interrupted",
                "outputTranscription",
                "modelTurn",
                "generationComplete",
                "turnComplete",
            ]

    @pytest.mark.parametrize(
        ("omit", "left"),
        [
            (Omit("generationComplete"), ["turnComplete"]),
            (Omit("turnComplete"), ["generationComplete"]),
            (Omit("both"), []),
        ],
    )
    async def test_omitted_ends(self, serve: Serve, omit: Omit, left: list[str]) -> None:
        async with serve(ScriptedBrain(Scenario([[omit]]))) as server, connected(server) as client:
            await client.set_up(sessionResumption={})
            await client.say(VOICE)
            await client.until("sessionResumptionUpdate")  # sent before the reply, and again after it
            messages = await client.until("sessionResumptionUpdate")
        assert kinds(messages) == [*left, "sessionResumptionUpdate"]

    async def test_cancelled_call(self, serve: Serve) -> None:
        async with playing(serve, CancelledCall("lamp", {"on": 1}), Say("Never mind.", 0)) as (_, client):
            call, cancellation, *rest = await client.until()
        [called] = call["toolCall"]["functionCalls"]
        assert (called["name"], called["args"]) == ("lamp", {"on": 1})
        assert cancellation == {"toolCallCancellation": {"ids": [called["id"]]}}
        assert kinds(rest) == ["outputTranscription", "generationComplete", "turnComplete"]

    async def test_close(self, serve: Serve) -> None:
        async with playing(serve, CloseSocket(1011, "Internal error occurred."), Say("unheard")) as (_, client):
            assert await client.closed() == (1011, "Internal error occurred.")

    @pytest.mark.parametrize("connection", [True, False])
    async def test_a_reason_too_long_is_cut_between_characters(self, serve: Serve, connection: bool) -> None:
        end = CloseSocket(1008, "ü" * 100)
        scenario = Scenario([[end]], [ConnectionFaults(refuse=end)] if connection else [])
        async with (
            serve(ScriptedBrain(scenario), faults=scenario.faults) as server,
            connected(server) as client,
        ):
            await client.send({"setup": {"model": "m"}})
            await client.write("Well?")
            assert await client.closed() == (1008, "ü" * 61)

    async def test_abort(self, serve: Serve) -> None:
        async with playing(serve, Say("Hel", 0.1), AbortSocket()) as (_, client):
            assert (await client.closed())[0] == 1006

    async def test_stall(self, serve: Serve) -> None:
        async with playing(serve, Say("Hm", 0), Stall()) as (server, client):
            await client.until("outputTranscription")
            await client.send({"realtimeInput": {"activityStart": {}}})
            await client.write("Anybody?")
            await server.sessions[0].until(lambda session: len(session.received) == 6)
            async with asyncio.timeout(60):
                await (await client.socket.ping())  # whatever was sent before would have come by now
            assert len(client.socket.recv_messages.frames) == 0
            assert server.sessions[0].open


class TestFaultsOfConnections:
    def suffering(self, serve: Serve, faults: ConnectionFaults, **options: Any) -> Any:
        return serve(ScriptedBrain(Scenario()), faults=Scenario(connections=[faults]).faults, **options)

    async def test_handshake_refused(self, serve: Serve) -> None:
        async with self.suffering(serve, ConnectionFaults(http_status=503)) as server:
            with pytest.raises(InvalidStatus) as refusal:
                async with connected(server):
                    pass
            assert refusal.value.response.status_code == 503
            async with connected(server) as client:
                await client.set_up()

    async def test_setup_delayed(self, serve: Serve) -> None:
        clock = ManualClock()
        faults = ConnectionFaults(setup_delay_ms=2000)
        async with (
            self.suffering(serve, faults, clock=clock, sleep=clock.sleep) as server,
            connected(server) as client,
            asyncio.TaskGroup() as tasks,
        ):
            setting_up = tasks.create_task(client.set_up())
            await clock.asleep()
            clock.advance(1.9)
            assert not server.sessions[0].sent
            clock.advance(0.1)
            await setting_up

    async def test_setup_refused(self, serve: Serve) -> None:
        faults = ConnectionFaults(refuse=CloseSocket(1008, "Your API key was reported as leaked."))
        async with self.suffering(serve, faults) as server, connected(server) as client:
            await client.send({"setup": {"model": "m"}})
            await client.send({"realtimeInput": {"activityStart": {}}})
            assert await client.closed() == (1008, "Your API key was reported as leaked.")

    async def test_setup_never_answered(self, serve: Serve) -> None:
        async with self.suffering(serve, ConnectionFaults(silent=True)) as server, connected(server) as client:
            await client.send({"setup": {"model": "m"}})
            await client.write("Hello?")
            await server.sessions[0].until(lambda session: len(session.received) == 2)
            async with asyncio.timeout(60):
                await (await client.socket.ping())
            assert len(client.socket.recv_messages.frames) == 0

    @pytest.mark.parametrize("how", [{}, {"close": 1011, "reason": "The service is currently unavailable."}])
    async def test_lost_in_setup(self, serve: Serve, how: dict[str, Any]) -> None:
        faults = ConnectionFaults(lose=Loss("setup", **how))
        async with self.suffering(serve, faults) as server, connected(server) as client:
            await client.send({"setup": {"model": "m"}})
            code, reason = await client.closed()
        assert (code, reason) == (how.get("close", 1006), how.get("reason", ""))

    async def test_lost_in_an_activity(self, serve: Serve) -> None:
        faults = ConnectionFaults(lose=Loss("activity", after_audio_bytes=640))
        async with self.suffering(serve, faults) as server, connected(server) as client:
            await client.set_up()
            await client.send({"realtimeInput": {"activityStart": {}}})
            for _ in range(2):
                await client.send_audio(VOICE)
            assert (await client.closed())[0] == 1006
            record = await server.session(1)
            await record.until(lambda session: not session.open)
        assert len(record.windows[0].samples) == 320
        assert record.windows[0].ended_at_s is None

    async def test_lost_while_thinking_the_turn_is_not_used_up(self, serve: Serve) -> None:
        scenario = Scenario([[Say("late", 0)]], [ConnectionFaults(lose=Loss("thinking"))])
        async with serve(ScriptedBrain(scenario), faults=scenario.faults) as server:
            async with connected(server) as client:
                await client.set_up()
                await client.say(VOICE)
                assert (await client.closed())[0] == 1006
            async with connected(server) as client:
                await client.set_up(**TRANSCRIBED)
                await client.say(VOICE)
                assert contents(await client.until(), "outputTranscription") == [{"text": "late"}]

    async def test_lost_in_the_reply(self, serve: Serve) -> None:
        scenario = Scenario([[Say("two pieces", 0.3)]], [ConnectionFaults(lose=Loss("reply", close=1011))])
        async with serve(ScriptedBrain(scenario), faults=scenario.faults) as server, connected(server) as client:
            await client.set_up()
            await client.say(VOICE)
            assert len(audio_of([await client.receive()])) == 2 * 3_840
            assert await client.closed() == (1011, "")
