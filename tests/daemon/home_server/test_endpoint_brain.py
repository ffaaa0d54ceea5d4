"""A brain that thinks elsewhere, against a scripted endpoint: tools, limits, and what happens when it fails."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.brain.brain import Heard, Remark, Spoken, UserTurn
from daemon.home_server.completions import Completions
from daemon.home_server.endpoint_brain import NOT_MANAGED, NOT_NOW, EndpointBrain
from daemon.home_server.settings import ThinkerSettings
from tests.daemon.home_server.home import HERE, here, home
from tests.daemon.home_server.scripted_endpoint import END, ScriptedEndpoint, call, endpoint, event, text
from tests.daemon.home_server.test_guest_session import SETUP, said
from tests.daemon.offline.offline_house import FUNCTIONS, House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from daemon.brain.brain import CallTool
    from daemon.sound.pcm import Samples

LONG_LINE = b"data:" + bytes(300_000)
ON = '{"device": "lamp", "state": "on"}'
WORDS = "switch on the lamp"
TURN = UserTurn(
    text=WORDS,
    functions=FUNCTIONS,
    system_instruction="Be brief.",
    history=[Remark("user", "hi"), Remark("model", "ho")],
)


class Voice:
    """A voice without sound."""

    async def speak(self, _text: str, _rate_hz: int) -> Samples:
        return np.zeros(10, np.int16)


class Local:
    """A local brain that says so."""

    async def reply(self, turn: UserTurn, _call_tool: CallTool) -> AsyncIterator[Spoken]:
        yield Spoken(f"{HERE} {turn.text}")


def brain_of(thinker: ScriptedEndpoint, *, rounds: int = 2, patience_s: float = 5.0, heard: str = "") -> EndpointBrain:
    settings = ThinkerSettings(url=thinker.url, model="small", patience_s=patience_s)
    return EndpointBrain(Completions(settings), rounds, lambda _: heard, Local, lambda _: Voice())


async def answered(brain: EndpointBrain, turn: UserTurn, house: House) -> list[str]:
    return [f"{type(piece).__name__}: {piece.text}" async for piece in brain.reply(turn, house.call)]


async def test_what_was_said_before_the_instruction_and_the_tools_are_told() -> None:
    async with endpoint(text("It is ", "on. An", "d bright.")) as thinker:
        assert await answered(brain_of(thinker), TURN, House()) == ["Spoken: It is on.", "Spoken: And bright."]
    [asked] = thinker.asked
    assert [message["content"] for message in asked["messages"]] == ["Be brief.", "hi", "ho", WORDS]
    assert [message["role"] for message in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert asked["tools"][0]["function"]["name"] == "set_device"
    assert asked["tools"][0]["function"]["parameters"]["properties"]["state"]["enum"] == ["on", "off", "toggle"]
    assert (asked["model"], asked["stream"], asked["max_tokens"]) == ("small", True, 400)


async def test_a_tool_is_called_once_and_its_answer_told() -> None:
    house = House()
    async with endpoint(call("set_device", ON) + text(), text("Done.")) as thinker:
        assert await answered(brain_of(thinker), TURN, house) == ["Spoken: Done."]
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]
    called, result = thinker.asked[1]["messages"][-2:]
    assert called["tool_calls"][0]["function"] == {"name": "set_device", "arguments": ON}
    assert (result["role"], result["tool_call_id"], '"state": "on"' in result["content"]) == ("tool", "call_1", True)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("open_vault", "{}", "no such tool"),
        ("set_device", "[1]", "no JSON object"),
        ("set_device", '{"device": ', "no JSON object"),
    ],
)
async def test_a_call_that_is_none_reaches_no_device(name: str, arguments: str, error: str) -> None:
    house = House()
    async with endpoint(call(name, arguments) + text(), text("Sorry.")) as thinker:
        assert await answered(brain_of(thinker), TURN, house) == ["Spoken: Sorry."]
    assert house.calls == []
    assert error in thinker.asked[1]["messages"][-1]["content"]


async def test_what_is_sent_back_is_json_and_each_call_has_an_id_of_its_own() -> None:
    bad, same = call("set_device", '{"device": '), call("set_device", ON, "call_1", 1)
    nameless = call("open_vault", "", "", 2)
    async with endpoint(bad + same + nameless + text(), text("Done.")) as thinker:
        assert await answered(brain_of(thinker), TURN, house := House()) == ["Spoken: Done."]
    assert len(house.calls) == 1
    called, *results = thinker.asked[1]["messages"][-4:]
    assert [each["function"]["arguments"] for each in called["tool_calls"]] == ["{}", ON, "{}"]
    ids = [each["id"] for each in called["tool_calls"]]
    assert ids == [result["tool_call_id"] for result in results]
    assert len({*ids, ""}) == 4


async def test_the_local_brain_is_made_once_for_all_that_need_it() -> None:
    made: list[Local] = []

    def make() -> Local:
        made.append(Local())
        time.sleep(0.05)  # as if there were models to read: a thread of its own, which others do not wait for
        return made[-1]

    async with endpoint(500, 500) as thinker:
        brain = EndpointBrain(Completions(ThinkerSettings(url=thinker.url)), 2, lambda _: "", make, lambda _: Voice())
        await asyncio.gather(answered(brain, TURN, House()), answered(brain, TURN, House()))
    assert len(made) == 1


async def test_it_calls_no_more_often_than_it_may() -> None:
    house, again = House(), call("set_device", ON) + text()
    async with endpoint(again, again, again, again) as thinker:
        await answered(brain_of(thinker, rounds=2), TURN, house)
    assert len(house.calls) == 2
    assert ["tools" in asked for asked in thinker.asked] == [True, True, False]


WRITTEN = f'{{"name": "set_device", "arguments": {ON}}}'


@pytest.mark.parametrize("size", [1, 7, 1_000])
async def test_a_call_that_is_written_into_the_text_is_carried_out_and_not_said(size: int) -> None:
    house, answer = House(), f"One moment.\n<tool_call>\n{WRITTEN}\n</tool_call>\nThe lamp is on. "
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    async with endpoint(text(*pieces), text("Done.")) as thinker:
        said = await answered(brain_of(thinker), TURN, house)
    assert [sentence for sentence in said if sentence != "Spoken: "] == ["Spoken: One moment.", "Spoken: Done."]
    assert house.calls == [("set_device", {"device": "lamp", "state": "on"})]
    called, result = thinker.asked[1]["messages"][-2:]
    assert (called["content"], called["tool_calls"][0]["function"]["name"]) == (None, "set_device")
    assert result["tool_call_id"] == called["tool_calls"][0]["id"]


@pytest.mark.parametrize(
    "written", ['{"name": "open_vault", "arguments": {}}', '{"name": "set_device", "arg', "set_device('lamp')", ON]
)
async def test_a_written_call_that_is_none_is_owned_to(written: str) -> None:
    house = House()
    async with endpoint(text("Sure. ", written)) as thinker:
        assert await answered(brain_of(thinker), TURN, house) == ["Spoken: Sure.", f"Spoken: {NOT_MANAGED}"]
    assert house.calls == []


async def test_a_call_that_is_made_and_written_is_made_once() -> None:
    house = House()
    async with endpoint(event(content=WRITTEN) + call("set_device", ON) + text(), text("Done.")) as thinker:
        assert await answered(brain_of(thinker), TURN, house) == ["Spoken: Done."]
    assert len(house.calls) == 1


async def test_written_calls_have_the_same_limit() -> None:
    house, again = House(), text(WRITTEN)
    async with endpoint(again, again, again, again) as thinker:
        said = await answered(brain_of(thinker, rounds=2), TURN, house)
    assert len(house.calls) == 2
    assert said[-1] == f"Spoken: {NOT_MANAGED}"


@pytest.mark.parametrize(
    "trouble",
    [
        500,
        401,
        b"garbage",
        b"",
        b"data: {nonsense\n\n",
        b'data: {"error": {"message": "no"}}\n\n',
        b"data:" + b"x" * 300_000,
        text(),
        text("<think>He wants the lamp, or ", "perhaps not, or"),
    ],
)
async def test_where_it_fails_before_anything_came_of_it_the_local_brain_answers(trouble: Any) -> None:
    async with endpoint(trouble) as thinker:
        assert await answered(brain_of(thinker), TURN, House()) == [f"Spoken: {HERE} {WORDS}"]


async def test_where_nobody_listens_the_local_brain_answers() -> None:
    async with endpoint() as thinker:
        pass
    assert await answered(brain_of(thinker), TURN, House()) == [f"Spoken: {HERE} {WORDS}"]


async def test_where_it_hangs_the_local_brain_answers() -> None:
    async with endpoint(None) as thinker:
        assert await answered(brain_of(thinker, patience_s=1), TURN, House()) == [f"Spoken: {HERE} {WORDS}"]


async def test_where_it_fails_after_something_was_done_nothing_is_done_again() -> None:
    house = House()
    async with endpoint(call("set_device", ON) + text(), 500) as thinker:
        assert await answered(brain_of(thinker), TURN, house) == [f"Spoken: {NOT_NOW}"]
    assert len(house.calls) == 1


async def test_where_it_breaks_off_in_its_answer_it_says_so() -> None:
    async with endpoint(text("Yes."), event(content="It is on. And ")) as thinker:
        brain = brain_of(thinker)
        await answered(brain, TURN, House())
        assert await answered(brain, TURN, House()) == ["Spoken: It is on.", f"Spoken: {NOT_NOW}"]


THOUGHTS = ("He means the lamp. ", "Or not?\n")
"""Of a model whose template opens them itself, so that its answers begin in the midst of them."""


async def test_thoughts_that_the_template_opened_are_not_spoken() -> None:
    answer = text(*THOUGHTS, "</think>\n\nIt is on. ", "Yes.")
    async with endpoint(answer, answer) as thinker:
        brain = brain_of(thinker)
        for _request in range(2):
            assert await answered(brain, TURN, House()) == ["Spoken: It is on.", "Spoken: Yes."]


async def test_thoughts_that_never_ended_are_not_spoken_either() -> None:
    cut_off = text(*THOUGHTS).removesuffix(END)
    cut_off += b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}\n\n' + END
    async with endpoint(cut_off, cut_off) as thinker:
        brain = brain_of(thinker)
        for _request in range(2):
            assert await answered(brain, TURN, House()) == [f"Spoken: {HERE} {WORDS}"]


async def test_of_a_model_that_does_not_think_sentences_are_spoken_as_they_come() -> None:
    async with endpoint(text("Yes."), event(content="It is on. And ")) as thinker:
        brain = brain_of(thinker)
        await answered(brain, TURN, House())
        thinker.stays = True  # the rest never comes
        async with aclosing(brain.reply(TURN, House().call)) as reply:
            assert isinstance(piece := await anext(reply), Spoken)
            assert piece.text == "It is on."


async def test_speech_is_heard_here() -> None:
    spoken = UserTurn(audio=np.zeros(16_000, np.int16))
    async with endpoint(text("Yes.")) as thinker:
        brain = brain_of(thinker, heard="are you there")
        assert await answered(brain, spoken, House()) == ["Heard: are you there", "Spoken: Yes."]
    assert thinker.asked[0]["messages"] == [{"role": "user", "content": "are you there"}]


async def test_where_nothing_was_heard_nobody_is_asked() -> None:
    async with endpoint() as thinker:
        assert await answered(brain_of(thinker), UserTurn(audio=np.zeros(16_000, np.int16)), House()) == [
            "Heard: ",
            "Spoken: I did not hear anything.",
        ]


async def test_who_is_interrupted_stops_thinking() -> None:
    async with endpoint(None) as thinker:
        reply = brain_of(thinker).reply(TURN, House().call)

        async def first() -> Heard | Spoken:
            return await anext(reply)

        task = asyncio.ensure_future(first())
        await thinker.silent.wait()
        task.cancel()
        async with asyncio.timeout(20):
            await thinker.closed.wait()


async def test_a_device_of_the_house_is_answered_by_it(tmp_path: Path) -> None:
    async with endpoint(text("From the cellar.")) as thinker:
        async with home(tmp_path, None, local=brain_of(thinker)) as house, house.client() as client:
            await client.set_up(**SETUP)
            assert await said(client, "who is there") == "From the cellar."
        assert thinker.asked[0]["messages"][-1] == {"role": "user", "content": "who is there"}


async def test_its_key_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("house-key\n")
    (tmp_path / "key").chmod(0o600)
    async with endpoint(text("Yes."), text("Yes.")) as thinker:
        settings = ThinkerSettings(url=thinker.url, key_file=str(tmp_path / "key"))
        brain = EndpointBrain(Completions(settings), 1, lambda _: "", here, lambda _: Voice())
        await answered(brain, TURN, House())
        (tmp_path / "key").chmod(0o644)
        assert len(await answered(brain, UserTurn(text="x"), House())) == 1
    assert thinker.keys == ["Bearer house-key"]
