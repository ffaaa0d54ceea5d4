"""Tools that the model does not wait for, and who speaks when; `test_session` has turns and interruptions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from daemon.brain.brain import Remark
from daemon.offline.rehearsal.scenario import Call, Say, Scenario, Step, WhenAnswered
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.offline.service.faults import ConnectionFaults, EndUtterance, Wait
from daemon.offline.service.server_options import Limits, ServerOptions
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import Client, ManualClock, connected, contents

VOICE = np.arange(160, dtype=np.int16)
NATIVE, FLASH = "models/gemini-2.5-flash-native-audio-latest", "models/gemini-3.1-flash-live-preview"
LIVE, EXTENDED = "models/gemini-3.8-live", "models/gemini-3.8-live-extended-thinking"
CASCADE, VERTEX = "models/gemini-live-2.5-flash-preview", "models/gemini-live-2.5-flash"
THINKING = {"generationConfig": {"thinkingConfig": {"thinkingLevel": "LOW"}}}
WEATHER: list[Step] = [
    Call("weather", expect={"rain": True}, blocking=False),
    Say("One moment.", 0),
    WhenAnswered("weather"),
    Say("It rains.", 0),
]


@asynccontextmanager
async def talking(
    serve: Serve, *turns: Sequence[Step], model: str = LIVE, faults: ConnectionFaults | None = None, **options: Any
) -> AsyncIterator[tuple[ScriptedBrain, LiveServer, Client]]:
    """A client that has set up a session with its speech and the model's transcribed."""
    brain = ScriptedBrain(Scenario(turns))
    plan = Scenario(connections=[faults] if faults else []).faults
    async with serve(brain, faults=plan, **options) as server, connected(server) as client:
        thinking = THINKING if model == EXTENDED else {}
        await client.set_up(model=model, outputAudioTranscription={}, **thinking)
        yield brain, server, client


def called(messages: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of the functions that were called."""
    calls = [call for message in messages for call in message.get("toolCall", {}).get("functionCalls", [])]
    return [call["id"] for call in calls]


async def answer(client: Client, call_id: str, response: dict[str, Any], **fields: Any) -> None:
    await client.send({"toolResponse": {"functionResponses": [{"id": call_id, "response": response} | fields]}})


def words(messages: Sequence[dict[str, Any]]) -> str:
    return "".join(piece["text"] for piece in contents(messages, "outputTranscription"))


class TestBackgroundCalls:
    async def test_the_turn_goes_on_and_ends_and_the_result_is_told_when_it_comes(self, serve: Serve) -> None:
        async with talking(serve, WEATHER) as (brain, _, client):
            await client.write("How is the weather?")
            first = await client.until()
            assert words(first) == "One moment."
            await client.quiet()
            await answer(client, called(first)[0], {"rain": True})
            assert words(await client.until()) == "It rains."
            await client.quiet()
        assert not brain.complaints

    async def test_a_conversation_goes_on_meanwhile(self, serve: Serve) -> None:
        async with talking(serve, WEATHER, [Say("Hello.", 0)], [Say("So?", 0)]) as (brain, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            await client.say(VOICE)
            assert words(await client.until()) == "Hello."  # speech cancels no call that nobody waits for
            await answer(client, call_id, {"rain": True})
            assert words(await client.until()) == "It rains."
            await client.write("And?")
            await client.until()
        assert [remark.text for remark in brain.turns[-1].history if remark.role == "model"] == [
            "One moment.",
            "Hello.",
            "It rains.",
        ]

    @pytest.mark.parametrize("where", ["beside", "inside"])
    async def test_silent(self, serve: Serve, where: str) -> None:
        async with talking(serve, WEATHER) as (_, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            if where == "beside":
                await answer(client, call_id, {"rain": True}, scheduling="SILENT")
            else:
                await answer(client, call_id, {"rain": True, "scheduling": "SILENT"})
            await client.quiet()

    @pytest.mark.parametrize("scheduling", ["WHEN_IDLE", "SCHEDULING_UNSPECIFIED"])
    async def test_when_idle_waits_for_the_end_of_what_is_being_said(self, serve: Serve, scheduling: str) -> None:
        clock = ManualClock()
        turns = (WEATHER, [Say("Long", 0), Wait(5_000), Say("story.", 0)])
        async with talking(serve, *turns, clock=clock, sleep=clock.sleep) as (_, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            await client.write("Tell me a story")
            await client.until("outputTranscription")
            await answer(client, call_id, {"rain": True}, scheduling=scheduling)
            await client.quiet()
            clock.advance(5)
            assert words(await client.until()) == " story."
            assert words(await client.until()) == "It rains."

    async def test_interrupt_stops_what_is_being_said(self, serve: Serve) -> None:
        clock = ManualClock()
        turns = (WEATHER, [Say("Long", 0), Wait(5_000), Say("story.", 0)])
        async with talking(serve, *turns, clock=clock, sleep=clock.sleep) as (_, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            await client.write("Tell me a story")
            await client.until("outputTranscription")
            await answer(client, call_id, {"rain": True}, scheduling="INTERRUPT")
            stopped = await client.until()
            assert contents(stopped, "interrupted") == [True]
            assert not contents(stopped, "generationComplete")
            assert words(await client.until()) == "It rains."

    @pytest.mark.parametrize(("model", "at_once"), [(NATIVE, True), (LIVE, False)])
    async def test_interrupt_while_the_user_speaks(self, serve: Serve, model: str, at_once: bool) -> None:
        """2.5 talks over the user, 3.8 waits for the end (Google's migration guide)."""
        async with talking(serve, WEATHER, [Say("Yes?", 0)], model=model) as (_, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            await client.send({"realtimeInput": {"activityStart": {}}})
            await answer(client, call_id, {"rain": True}, scheduling="INTERRUPT")
            if at_once:
                assert words(await client.until()) == "It rains."
            await client.quiet()
            await client.send({"realtimeInput": {"activityEnd": {}}})
            assert words(await client.until()) == "Yes?"
            if not at_once:
                assert words(await client.until()) == "It rains."
            await client.quiet()

    async def test_an_answer_in_parts_is_told_once_as_a_whole(self, serve: Serve) -> None:
        async with talking(serve, WEATHER) as (brain, _, client):
            await client.write("How is the weather?")
            [call_id] = called(await client.until())
            await answer(client, call_id, {"rain": True}, willContinue=True)
            await client.quiet()
            await answer(client, call_id, {})
            assert words(await client.until()) == "It rains."
            await answer(client, call_id, {})
            await client.quiet()
        assert not brain.complaints

    async def test_a_wrong_answer_ends_the_session(self, serve: Serve) -> None:
        async with talking(serve, WEATHER) as (brain, _, client):
            await client.write("How is the weather?")
            await answer(client, called(await client.until())[0], {"rain": False})
            reason = "turn 1, step 1: weather answered {'rain': False} instead of {'rain': True}"
            assert await client.closed() == (1011, f"scenario: {reason}")
        assert brain.complaints == [reason]

    async def test_several_at_once(self, serve: Serve) -> None:
        steps: list[Step] = [
            Call("one", blocking=False),
            Call("two", blocking=False),
            WhenAnswered("one"),
            Say("First.", 0),
            WhenAnswered("two"),
            Say("Second.", 0),
        ]
        async with talking(serve, steps) as (_, _, client):
            await client.write("Both")
            one, two = called(await client.until())
            await answer(client, two, {})
            assert words(await client.until()) == "Second."
            await answer(client, one, {})
            assert words(await client.until()) == "First."


class TestExtendedThinking:
    async def test_each_utterance_is_complete_and_the_last_says_that_all_is(self, serve: Serve) -> None:
        steps: list[Step] = [Say("Hm.", 0), EndUtterance(), *WEATHER]
        async with talking(serve, steps, model=EXTENDED) as (_, _, client):
            await client.write("How is the weather?")
            messages = await client.until() + await client.until()
            assert contents(messages, "interactionStatus") == ["IN_PROGRESS", "IN_PROGRESS"]
            await answer(client, called(messages)[0], {"rain": True})
            last = await client.until()
            assert (words(last), contents(last, "interactionStatus")) == ("It rains.", ["IDLE"])

    async def test_a_silent_result_leaves_it_idle(self, serve: Serve) -> None:
        async with talking(serve, WEATHER, model=EXTENDED) as (_, _, client):
            await client.write("How is the weather?")
            await answer(client, called(await client.until())[0], {"rain": True}, scheduling="SILENT")
            assert await client.receive() == {"serverContent": {"turnComplete": True, "interactionStatus": "IDLE"}}

    async def test_a_silent_result_while_it_speaks_says_nothing(self, serve: Serve) -> None:
        clock = ManualClock()
        steps: list[Step] = [Call("weather", blocking=False), Wait(1_000)]
        async with talking(serve, steps, model=EXTENDED, clock=clock, sleep=clock.sleep) as (_, _, client):
            await client.write("How is the weather?")
            await answer(client, called(await client.until("toolCall"))[0], {}, scheduling="SILENT")
            await client.quiet()
            clock.advance(1)
            assert contents(await client.until(), "interactionStatus") == ["IDLE"]
            await client.quiet()

    async def test_an_interruption_says_what_is_still_to_come(self, serve: Serve) -> None:
        steps: list[Step] = [*WEATHER[:2], Wait(60_000), *WEATHER[2:]]
        clock = ManualClock()
        async with talking(serve, steps, model=EXTENDED, clock=clock, sleep=clock.sleep) as (_, _, client):
            await client.write("How is the weather?")
            await client.until("outputTranscription")
            await client.send({"realtimeInput": {"activityStart": {}}})
            assert contents(await client.until(), "interactionStatus") == ["IN_PROGRESS"]

    async def test_other_families_have_no_status(self, serve: Serve) -> None:
        async with talking(serve, [Say("Hm.", 0), EndUtterance()]) as (_, _, client):
            await client.write("Well?")
            messages = await client.until() + await client.until()
        assert not contents(messages, "interactionStatus")
        assert contents(messages, "turnComplete") == [True, True]


class TestCallsThatAreWaitedFor:
    async def test_turns_around_a_call_on_vertex(self, serve: Serve) -> None:
        async with talking(serve, [Call("lamp"), Say("On.", 0)], model=VERTEX) as (_, _, client):
            await client.write("Lamp on")
            before = await client.until()
            assert [next(iter(m.get("serverContent", m))) for m in before] == [
                "toolCall",
                "generationComplete",
                "turnComplete",
            ]
            await answer(client, called(before)[0], {})
            after = await client.until()
            assert (words(after), contents(after, "generationComplete")) == ("On.", [True])

    async def test_a_call_as_code_in_older_models(self, serve: Serve) -> None:
        async with talking(serve, [Call("lamp", {"on": True, "name": "hall"})], model=CASCADE) as (_, _, client):
            await client.write("Lamp on")
            [code, _] = await client.until("toolCall")
        line = "print(default_api.lamp(on=True, name='hall'))"
        part = {"executableCode": {"language": "PYTHON", "code": line}}
        assert code == {"serverContent": {"modelTurn": {"parts": [part]}}}

    @pytest.mark.parametrize("model", [NATIVE, FLASH, LIVE])
    async def test_others_say_nothing_around_a_call(self, serve: Serve, model: str) -> None:
        async with talking(serve, [Call("lamp"), Say("On.", 0)], model=model) as (_, _, client):
            await client.write("Lamp on")
            before = [message for message in await client.until("toolCall") if message != {"serverContent": {}}]
            await client.quiet()
            await answer(client, called(before)[0], {})
            after = await client.until()
        assert len(before) == 1
        assert len(contents(after, "turnComplete")) == 1

    @pytest.mark.parametrize("model", [LIVE, VERTEX, CASCADE])
    async def test_several_in_one_message(self, serve: Serve, model: str) -> None:
        calls = [Call("a"), Call("b", expect={"ok": 1}, together=True), Call("c", together=True), Call("d")]
        async with talking(serve, [*calls, Say("Done.", 0)], model=model) as (brain, _, client):
            await client.write("All of it")
            messages = await client.until("toolCall")
            a, b, c = called(messages)
            assert len(contents(messages, "modelTurn")) == (3 if model == CASCADE else 0)
            if model == VERTEX:
                messages = await client.until()
                assert len(contents(messages, "generationComplete")) == 1
            await client.quiet()
            await answer(client, c, {})
            await answer(client, b, {"ok": 1})
            await client.quiet()
            await answer(client, a, {})
            [d] = called(await client.until("toolCall"))
            if model == VERTEX:
                await client.until()
            await answer(client, d, {})
            assert words(await client.until()) == "Done."
        assert not brain.complaints

    async def test_several_are_cancelled_together(self, serve: Serve) -> None:
        async with talking(serve, [Call("a"), Call("b", together=True)], [Say("Yes?", 0)]) as (_, _, client):
            await client.write("Both")
            ids = called(await client.until("toolCall"))
            await client.say(VOICE)
            assert (await client.until())[0] == {"toolCallCancellation": {"ids": ids}}
            await answer(client, ids[0], {})
            assert words(await client.until()) == "Yes?"

    @pytest.mark.parametrize("way", ["speech", "text"])
    async def test_new_input_cancels_it(self, serve: Serve, way: str) -> None:
        async with talking(serve, [Call("lamp")], [Say("Yes?", 0)]) as (_, _, client):
            await client.write("Lamp on")
            [call_id] = called(await client.until("toolCall"))
            await (client.say(VOICE) if way == "speech" else client.write("Stop"))
            messages = await client.until()
            assert messages[0] == {"toolCallCancellation": {"ids": [call_id]}}
            assert contents(messages, "interrupted") == [True]
            assert words(await client.until()) == "Yes?"

    async def test_sound_during_it_does_nothing_unless_the_scenario_says_so(self, serve: Serve) -> None:
        async with talking(serve, [Call("lamp"), Say("On.", 0)]) as (_, _, client):
            await client.write("Lamp on")
            [call_id] = called(await client.until("toolCall"))
            await client.send_audio(VOICE)
            await answer(client, call_id, {})
            assert words(await client.until()) == "On."

    async def test_sound_cancels_it(self, serve: Serve) -> None:
        faults = ConnectionFaults(audio_during_call="cancels")
        async with talking(serve, [Call("lamp")], faults=faults) as (_, _, client):
            await client.send_audio(VOICE)  # before any call: harmless
            await client.write("Lamp on")
            [call_id] = called(await client.until("toolCall"))
            await client.send_audio(VOICE)
            assert (await client.until())[0] == {"toolCallCancellation": {"ids": [call_id]}}

    async def test_sound_ends_the_session(self, serve: Serve) -> None:
        faults = ConnectionFaults(audio_during_call="closes")
        async with talking(serve, [Call("lamp")], faults=faults) as (_, _, client):
            await client.write("Lamp on")
            await client.until("toolCall")
            await client.send_audio(VOICE)
            assert await client.closed() == (1008, "The operation was aborted.")


class TestInterruptionsWithoutAReason:
    async def test_every_start_of_an_activity_after_the_first(self, serve: Serve) -> None:
        faults = ConnectionFaults(spurious_interrupted=True)
        async with talking(serve, [Say("One.", 0)], [Say("Two.", 0)], faults=faults) as (_, _, client):
            await client.say(VOICE)
            assert not contents(await client.until(), "interrupted")
            await client.say(VOICE)
            assert contents(await client.until(), "interrupted") == [True]
            assert words(await client.until()) == "Two."

    @pytest.mark.parametrize("first", [[Say("One.", 0)], [Say("One.", 0), Wait(60_000)]])
    async def test_a_turn_that_was_not_begun_has_cost_nothing(self, serve: Serve, first: list[Step]) -> None:
        clock = ManualClock()
        turns = (first, [Say("Three.", 0)])
        async with talking(serve, *turns, clock=clock, sleep=clock.sleep) as (brain, _, client):
            await client.write("one")
            await client.until("outputTranscription")
            await client.send({"realtimeInput": {"activityStart": {}}})
            assert "usageMetadata" in (await client.until())[-1]
            await client.send({"realtimeInput": {"text": "two", "activityEnd": {}}})  # the speech interrupts the text
            interrupted, end = await client.until()
            assert interrupted == {"serverContent": {"interrupted": True}}
            assert end == {"serverContent": {"turnComplete": True}}
            assert words(await client.until()) == "Three."
        assert len(brain.turns) == 2


class TestHistory:
    async def test_it_may_end_with_the_model_and_asks_for_nothing(self, serve: Serve) -> None:
        brain = ScriptedBrain(Scenario([[Say("You are Ann.", 0)]]))
        turns = [{"role": "user", "parts": [{"text": "I am Ann"}]}, {"role": "model", "parts": [{"text": "Hello"}]}]
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(historyConfig={"initialHistoryInClientContent": True})
            await client.send({"clientContent": {"turns": turns[:1]}})
            await client.send({"clientContent": {"turns": turns[1:], "turnComplete": True}})
            await client.quiet()
            await client.write("Who am I?")
            await client.until()
        assert brain.turns[0].text == "Who am I?"
        assert brain.turns[0].history == (Remark("user", "I am Ann"), Remark("model", "Hello"))

    async def test_speech_ends_it(self, serve: Serve) -> None:
        brain = ScriptedBrain(Scenario())
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(historyConfig={"initialHistoryInClientContent": True})
            await client.say(VOICE)
            await client.until()
            await client.write("a question")
            await client.until()
        assert brain.turns[1].text == "a question"

    @pytest.mark.parametrize("part", [{"functionCall": {"name": "f"}}, {"functionResponse": {"name": "f"}}])
    @pytest.mark.parametrize("seeding", [True, False])
    async def test_function_calls_in_it_are_refused(self, serve: Serve, part: dict[str, Any], seeding: bool) -> None:
        async with serve(ScriptedBrain(Scenario())) as server, connected(server) as client:
            await client.set_up(historyConfig={"initialHistoryInClientContent": seeding})
            content = {"turns": [{"role": "model", "parts": [part]}], "turnComplete": seeding}
            await client.send({"clientContent": content})
            assert await client.closed() == (1007, "Request contains an invalid argument.")


class TestContextWindow:
    """A second of speech is 25 tokens, as is a second of the reply."""

    async def test_compression_shortens_what_is_billed_and_what_the_brain_knows(self, serve: Serve) -> None:
        second, turns = np.zeros(16_000, np.int16), [[Say(str(number), 1)] for number in range(4)]
        brain, prompts = ScriptedBrain(Scenario(turns)), []
        async with serve(brain) as server, connected(server) as client:
            await client.set_up(
                systemInstruction={"parts": [{"text": "10 tokens of instruction, forever, here."}]},
                contextWindowCompression={"triggerTokens": 120, "slidingWindow": {"targetTokens": "60"}},
            )
            for _ in turns:
                await client.say(second)
                prompts.append((await client.until())[-1]["usageMetadata"]["promptTokenCount"])
        assert prompts == [35, 86, 35, 86]  # the third would be 137
        assert [[remark.text for remark in turn.history] for turn in brain.turns] == [[], ["0"], [], ["2"]]

    async def test_without_it_a_full_window_ends_the_session(self, serve: Serve) -> None:
        options = ServerOptions(limits=Limits(context_tokens=40))
        async with talking(serve, options=options) as (_, _, client):
            await client.say(np.zeros(16_000, np.int16))
            await client.until()
            await client.say(np.zeros(16_000, np.int16))
            code, reason = await client.closed()
        assert code == 1007
        assert reason == "The input token count (50) exceeds the maximum number of tokens allowed (40)."

    async def test_a_picture_is_part_of_the_next_turn(self, serve: Serve) -> None:
        async with talking(serve) as (_, _, client):
            await client.send({"realtimeInput": {"video": {"data": "AAAA", "mimeType": "image/jpeg"}}})
            await client.write("What is this?")
            details = (await client.until())[-1]["usageMetadata"]["promptTokensDetails"]
            assert {"modality": "IMAGE", "tokenCount": 258} in details

    async def test_a_new_instruction_takes_the_place_of_the_old(self, serve: Serve) -> None:
        async with talking(serve) as (brain, _, client):
            for text, tokens in (("x" * 400, 101), ("", 2)):  # the first question goes on being part of it
                await client.send({"contextUpdate": {"systemInstruction": {"parts": [{"text": text}]}}})
                await client.write("ok")
                assert (await client.until())[-1]["usageMetadata"]["promptTokenCount"] == tokens
        assert [turn.system_instruction for turn in brain.turns] == ["x" * 400, ""]
