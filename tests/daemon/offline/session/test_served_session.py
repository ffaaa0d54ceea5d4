"""What a client sees of a session, over a real socket."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

from daemon.brain.brain import CallTool, Heard, Remark, Spoken, UserTurn
from daemon.offline.service.server_options import Delivery
from daemon.sound.pcm import Samples
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import DEADLINE_S, MANUAL, ManualClock, audio_of, connected, contents

VOICE: Samples = (np.arange(16_000) % 251).astype(np.int16)
SOUND: Samples = (np.arange(12_000) % 127).astype(np.int16)
TRANSCRIBED = {"inputAudioTranscription": {}, "outputAudioTranscription": {}}
LAMP = [{"functionDeclarations": [{"name": "lamp"}]}]
HISTORY_FIRST = {
    "model": "models/gemini-3.8-live",
    "historyConfig": {"initialHistoryInClientContent": True},
    "realtimeInputConfig": MANUAL | {"activityHandling": "NO_INTERRUPTION"},  # every turn reaches the brain
}


class Echo:
    """Repeats what it was told, and keeps it."""

    def __init__(self) -> None:
        self.turns: list[UserTurn] = []

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        self.turns.append(turn)
        yield Heard("hello")
        yield Spoken(f"you said {turn.text}", SOUND)
        if turn.functions:
            answer = await call_tool(turn.functions[0].name, {"snake_case": 1})
            yield Spoken(f"and {sorted(answer.items())}", SOUND[:100])


class Pondering:
    """Says a word, then thinks until it is stopped."""

    def __init__(self) -> None:
        self.stopped = asyncio.Event()

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        try:
            yield Spoken("well", SOUND)
            if turn.functions:
                await call_tool("lamp", {})
            await asyncio.get_running_loop().create_future()
        finally:
            self.stopped.set()


class TestActivity:
    async def test_what_was_said_reaches_the_brain_and_the_record_bit_by_bit(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(systemInstruction={"parts": [{"text": "Be brief"}]})
            await client.send_audio(VOICE[:7])
            await client.say(VOICE)
            await client.until()
            record = await server.session(1)
        np.testing.assert_array_equal(brain.turns[0].audio, VOICE)
        assert brain.turns[0].system_instruction == "Be brief"
        np.testing.assert_array_equal(record.windows[0].samples, VOICE)
        assert record.stray_audio == VOICE[:7].tobytes()

    async def test_a_reply_in_the_order_of_the_service(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up(**TRANSCRIBED)
            await client.say(VOICE)
            messages = await client.until()
        kinds = [next(iter(message["serverContent"])) for message in messages]
        assert kinds == [
            "inputTranscription",
            "outputTranscription",
            *["modelTurn"] * 4,  # 500 ms in pieces of 160
            "generationComplete",
            "turnComplete",
        ]
        assert audio_of(messages) == SOUND.tobytes()

    async def test_transcriptions_only_if_asked_for(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up()
            await client.say(VOICE)
            messages = await client.until()
        assert not contents(messages, "inputTranscription")
        assert not contents(messages, "outputTranscription")

    async def test_later_families_bundle_sound_and_words(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up(model="models/gemini-3.1-flash-live-preview", **TRANSCRIBED)
            await client.say(VOICE)
            messages = await client.until()
        assert messages[0] == {"serverContent": {}}
        assert set(messages[2]["serverContent"]) == {"modelTurn", "outputTranscription"}

    async def test_written_replies(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up(
                model="models/gemini-2.0-flash-live-001", generationConfig={"responseModalities": ["TEXT"]}
            )
            await client.write("hi")
            messages = await client.until()
        assert contents(messages, "modelTurn") == [{"parts": [{"text": "you said hi"}]}]

    async def test_usage(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up()
            await client.say(VOICE)
            usage = (await client.until())[-1]["usageMetadata"]
        assert {"modality": "AUDIO", "tokenCount": 25} in usage["promptTokensDetails"]
        assert {"modality": "AUDIO", "tokenCount": 13} in usage["responseTokensDetails"]
        assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["responseTokenCount"]

    async def test_sound_at_the_pace_it_is_heard(self, serve: Serve) -> None:
        clock = ManualClock()
        options: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": Delivery(250, realtime=True)}
        async with serve(Echo(), **options) as server, connected(server) as client:
            await client.set_up()
            await client.write("hi")
            first = await client.receive()
            record = await server.session(1)
            await clock.asleep()
            assert len(audio_of([first])) == 6_000 * 2
            assert len(record.sent) == 2
            clock.advance(0.25)
            await client.receive()
            await clock.asleep()
            clock.advance(0.25)
            await client.until()
            assert [sent.at_s for sent in record.sent] == [0, 0, 0.25, 0.25, 0.5]


class TestAutomaticDetection:
    async def test_the_server_finds_the_turn(self, serve: Serve) -> None:
        brain = Echo()
        loud = np.tile(np.array([9000, -9000], np.int16), 8_000)
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig={"automaticActivityDetection": {"silenceDurationMs": 500}})
            await client.send_audio(np.zeros(8_000, np.int16))
            await client.send_audio(loud)
            await client.send_audio(np.zeros(12_000, np.int16))
            await client.until()
        assert len(loud) <= len(brain.turns[0].audio) < len(loud) + 16_000
        assert np.count_nonzero(brain.turns[0].audio) == len(loud)

    async def test_the_end_of_the_stream_ends_the_turn(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig={})
            await client.send_audio(np.zeros(8_000, np.int16))
            await client.send_audio(np.tile(np.repeat(np.array([9000, -9000], np.int16), 50), 160), rate_hz=48_000)
            await client.send({"realtimeInput": {"audioStreamEnd": True}})
            await client.until()
        assert len(brain.turns) == 1

    @pytest.mark.parametrize("interrupts", [True, False])
    async def test_speech_during_the_reply(self, serve: Serve, interrupts: bool) -> None:
        handling = "START_OF_ACTIVITY_INTERRUPTS" if interrupts else "NO_INTERRUPTION"
        async with serve(Pondering()) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig={"activityHandling": handling})
            await client.write("think")
            await client.until("modelTurn")
            await client.send_audio(np.zeros(8_000, np.int16))
            await client.send_audio(np.tile(np.array([9000, -9000], np.int16), 4_000))
            if not interrupts:
                await client.send({"clientContent": {}})  # this does, always
            record = await server.session(1)
            messages = await client.until()
            heard_first = len(record.messages())
        assert contents(messages, "interrupted") == [True]
        assert heard_first == (4 if interrupts else 5)


class TestInterruption:
    async def test_interrupted_then_complete_and_nothing_else(self, serve: Serve) -> None:
        brain = Pondering()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up()
            await client.say(VOICE)
            await client.until("modelTurn")
            await client.send({"realtimeInput": {"activityStart": {}}})
            await client.until("interrupted")
            last = await client.receive()
            assert brain.stopped.is_set()
        assert last["serverContent"] == {"turnComplete": True}
        assert not contents([sent.message for sent in server.sessions[0].sent], "generationComplete")

    async def test_pending_calls_are_taken_back(self, serve: Serve) -> None:
        async with serve(Pondering()) as server, connected(server) as client:
            await client.set_up(tools=LAMP)
            await client.write("think")
            [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
            await client.send({"realtimeInput": {"activityStart": {}}})
            messages = await client.until()
        assert {"toolCallCancellation": {"ids": [call["id"]]}} in messages
        assert contents(messages, "interrupted") == [True]

    async def test_a_turn_taken_back_at_once_is_interrupted_too(self, serve: Serve) -> None:
        async with serve(Pondering()) as server, connected(server) as client:
            await client.set_up()
            await client.send({"realtimeInput": {"text": "think"}})
            await client.send({"realtimeInput": {"activityStart": {}}})
            assert contents(await client.until(), "interrupted") == [True]

    async def test_activity_without_a_reply_interrupts_nothing(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up()
            for _ in range(2):
                await client.say(VOICE)
                messages = await client.until()
                assert not contents(messages, "interrupted")

    async def test_without_interruption_the_next_turn_waits(self, serve: Serve) -> None:
        brain = Echo()
        config = MANUAL | {"activityHandling": "NO_INTERRUPTION"}
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig=config, tools=LAMP)
            await client.say(VOICE[:10])
            [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
            await client.say(VOICE[:20])
            await client.send({"toolResponse": {"functionResponses": [{"id": call["id"], "response": {}}]}})
            assert not contents(await client.until(), "interrupted")
            await client.until("toolCall")
        assert [len(turn.audio) for turn in brain.turns] == [10, 20]

    async def test_an_interruption_takes_waiting_turns_along(self, serve: Serve) -> None:
        brain = Echo()
        config = MANUAL | {"activityHandling": "NO_INTERRUPTION"}
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig=config, tools=LAMP)
            await client.say(VOICE[:10])
            await client.until("toolCall")
            await client.say(VOICE[:20])
            await client.write("stop that")
            await client.until("interrupted")
            await client.until("toolCall")
        assert [len(turn.audio) or turn.text for turn in brain.turns] == [10, "stop that"]

    async def test_a_brain_is_stopped_between_its_pieces_too(self, serve: Serve) -> None:
        clock, brain = ManualClock(), Pondering()
        options: dict[str, Any] = {"clock": clock, "sleep": clock.sleep, "delivery": Delivery(realtime=True)}
        async with serve(brain, **options) as server, connected(server) as client:
            await client.set_up()
            await client.write("think")
            await clock.asleep()  # the first piece of sound plays
            await client.send({"realtimeInput": {"activityStart": {}}})
            await client.until("interrupted")
            assert brain.stopped.is_set()


class TestText:
    async def test_a_realtime_text_is_a_turn_and_a_blank_one_is_not(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up()
            await client.send({"realtimeInput": {"text": " "}})
            await client.send({"realtimeInput": {"text": "hi"}})
            await client.until()
        assert [turn.text for turn in brain.turns] == ["hi"]

    async def test_history(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up()
            turns = [{"role": "user", "parts": [{"text": "I am Ann"}]}, {"role": "model", "parts": [{"text": "Hello"}]}]
            await client.send({"clientContent": {"turns": turns}})
            await client.send({"clientContent": {"turns": [{"role": "user", "parts": [{"text": "Who"}]}]}})
            await client.send(
                {"clientContent": {"turns": [{"role": "user", "parts": [{"text": "am I?"}]}], "turnComplete": True}}
            )
            await client.until()
            await client.say(VOICE)
            await client.until()
        assert brain.turns[0].text == "Who\nam I?"
        assert brain.turns[0].history == (Remark("user", "I am Ann"), Remark("model", "Hello"))
        assert brain.turns[1].history[2:] == (Remark("user", "Who\nam I?"), Remark("model", "you said Who\nam I?"))

    async def test_history_given_first_asks_for_no_answer(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(**HISTORY_FIRST)
            await client.write("long ago")
            await client.write("now")
            await client.until()
        assert [(turn.text, turn.history) for turn in brain.turns] == [("now", (Remark("user", "long ago"),))]

    @pytest.mark.parametrize("nudge", [" ", "."])  # pipecat's, google-adk's
    async def test_a_history_that_ends_with_the_user_is_answered_at_a_nudge(self, serve: Serve, nudge: str) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(**HISTORY_FIRST)
            await client.write("hello")
            await client.send({"realtimeInput": {"text": nudge}})
            await client.until()
            await client.send({"realtimeInput": {"text": " "}})
            await client.send({"realtimeInput": {"text": "and now"}})
            await client.until()
        assert [turn.text for turn in brain.turns] == ["hello", "and now"]

    @pytest.mark.parametrize("model", ["models/gemini-3.8-live", "models/gemini-2.5-flash-native-audio-latest"])
    async def test_a_history_that_ends_with_the_model_is_not_answered(self, serve: Serve, model: str) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(**HISTORY_FIRST | {"model": model})
            turns = [{"role": "model", "parts": [{"text": "Hello"}]}]
            await client.send({"clientContent": {"turns": turns, "turnComplete": True}})
            await client.send({"realtimeInput": {"text": " "}})
            await client.send({"realtimeInput": {"text": "and now"}})
            await client.until()
        assert [turn.text for turn in brain.turns] == ["and now"]

    async def test_2_5_models_answer_the_history_at_once(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            history = {"initialHistoryInClientContent": True}
            await client.set_up(model="models/gemini-2.5-flash-native-audio-latest", historyConfig=history)
            await client.write("hello")
            await client.until()
        assert [turn.text for turn in brain.turns] == ["hello"]

    async def test_content_without_a_remark_is_no_turn_after_a_spoken_one(self, serve: Serve) -> None:
        """livekit's plugin ends a spoken turn twice: by `activityEnd`, and by this."""
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig=MANUAL)
            for _ in range(2):
                await client.say(VOICE)
                await client.send({"clientContent": {"turnComplete": True}})
                messages = await client.until()
                assert audio_of(messages) == SOUND.tobytes()
        assert [len(turn.audio) for turn in brain.turns] == [len(VOICE), len(VOICE)]

    async def test_content_without_a_remark_asks_for_a_reply_to_what_was_written(self, serve: Serve) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(realtimeInputConfig=MANUAL)
            await client.say(VOICE)
            await client.until()
            await client.send({"clientContent": {"turns": [{"role": "user", "parts": [{"text": "and now"}]}]}})
            await client.send({"clientContent": {"turnComplete": True}})
            await client.until()
        assert [turn.text for turn in brain.turns] == ["", "and now"]

    @pytest.mark.parametrize("empty", [{"tools": []}, {}])
    async def test_context_update(self, serve: Serve, empty: dict[str, Any]) -> None:
        brain = Echo()
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(tools=LAMP, systemInstruction={"parts": [{"text": "old"}]})
            await client.send({"contextUpdate": {"tools": empty}})
            await client.write("a")
            await client.until()
            await client.send({"contextUpdate": {"systemInstruction": {"parts": [{"text": "new"}]}}})
            await client.write("b")
            await client.until()
        assert [(turn.system_instruction, turn.functions) for turn in brain.turns] == [("old", ()), ("new", ())]


class TestTools:
    async def test_the_answer_with_the_right_id_counts(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up(tools=LAMP, **TRANSCRIBED)
            await client.write("on")
            before = await client.until("toolCall")
            [call] = before[-1]["toolCall"]["functionCalls"]
            assert call == {"id": call["id"], "name": "lamp", "args": {"snake_case": 1}}
            answers = [
                {"id": "unknown", "response": {"wrong": 1}},
                {"id": call["id"], "response": {"early": 1}, "willContinue": True},
                {"id": call["id"], "response": {"on_off": True}},
                {"id": call["id"], "response": {"late": 1}},
            ]
            await client.send({"toolResponse": {"functionResponses": answers}})
            after = await client.until()
            await client.send({"toolResponse": {"functionResponses": answers}})
            await client.write("still there?")
            await client.until("toolCall")
        assert not contents(before, "turnComplete")
        assert contents(after, "outputTranscription") == [{"text": " and [('early', 1), ('on_off', True)]"}]

    @pytest.mark.parametrize(
        ("model", "pattern"), [("gemini-2.5-x", r"function-call-\d{19}"), ("gemini-3.8-live", r"fc_\d+")]
    )
    async def test_ids_look_like_those_of_the_family(self, serve: Serve, model: str, pattern: str) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up(model=f"models/{model}", tools=LAMP)
            await client.write("on")
            [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
        assert re.fullmatch(pattern, call["id"])


class TestResumption:
    async def test_a_handle_brings_the_conversation_back(self, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)
        brain = Echo()
        async with serve(brain) as server:
            async with connected(server) as client:
                await client.set_up(sessionResumption={})
                await client.write("one")
                messages = await client.until()
                assert messages[0] == {"sessionResumptionUpdate": {"resumable": False}}
                update = (await client.receive())["sessionResumptionUpdate"]
                assert update["resumable"]
            async with connected(server) as client:
                await client.set_up(sessionResumption={"handle": update["newHandle"]})
                await client.write("two")
                await client.until()
        assert brain.turns[1].history == (Remark("user", "one"), Remark("model", "you said one"))
        assert "session 2 resumes a conversation of 2 remarks" in caplog.text  # ./install.sh test-clients looks for it

    async def test_unknown_handle(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.send({"setup": {"model": "m", "sessionResumption": {"handle": "x"}}})
            assert await client.closed() == (1008, "Requested entity was not found.")

    async def test_the_old_socket_must_be_closed_first(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as old, connected(server) as new:
            await old.set_up(sessionResumption={})
            await old.write("one")
            await old.until()
            handle = (await old.receive())["sessionResumptionUpdate"]["newHandle"]
            await new.send({"setup": {"model": "m", "sessionResumption": {"handle": handle}}})
            assert await new.closed() == (1011, "Internal error encountered.")

    async def test_no_handles_unless_asked_for(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up()
            await client.write("one")
            await client.until()
            await client.write("two")
            assert not [m for m in await client.until() if "sessionResumptionUpdate" in m]


class TestEnds:
    async def test_go_away(self, serve: Serve) -> None:
        clock = ManualClock()
        async with serve(Echo(), clock=clock, sleep=clock.sleep) as server, connected(server) as client:
            await client.set_up()
            await server.go_away(9.5)
            assert await client.receive() == {"goAway": {"timeLeft": "9.500s"}}
            await client.write("quickly")
            await client.until()
            await clock.asleep()
            clock.advance(9.5)
            assert await client.closed() == (1011, "Deadline expired before operation could complete.")

    async def test_a_client_that_leaves_stops_the_brain(self, serve: Serve) -> None:
        brain = Pondering()
        async with serve(brain) as server:
            async with connected(server) as client:
                await client.set_up()
                await client.write("think")
                await client.until("modelTurn")
            async with asyncio.timeout(DEADLINE_S):
                await brain.stopped.wait()
            record = await server.session(1)
            await record.until(lambda session: not session.open)
        assert (record.close_code, record.close_reason) == (1000, "")

    async def test_a_brain_that_fails_ends_the_session_alone(
        self, serve: Serve, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Broken:
            async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
                if turn.text == "fail":
                    await call_tool("lamp", {})
                    raise RuntimeError("no idea")
                yield Spoken("fine")

        async with serve(Broken()) as server:
            async with connected(server) as client:
                await client.set_up()
                await client.write("fail")
                [call] = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
                await client.send({"toolResponse": {"functionResponses": [{"id": call["id"]}]}})
                assert await client.closed() == (1011, "Internal error encountered.")
            async with connected(server) as client:
                await client.set_up()
                await client.write("work")
                await client.until()
        assert "no idea" in caplog.text

    async def test_malformed_messages_are_refused_in_words(self, serve: Serve) -> None:
        async with serve(Echo()) as server, connected(server) as client:
            await client.set_up()
            await client.send({"realtimeInput": {"sound": 1}})
            assert await client.closed() == (
                1007,
                "Invalid JSON payload received. Unknown name \"sound\" at 'realtime_input': Cannot find field.",
            )
