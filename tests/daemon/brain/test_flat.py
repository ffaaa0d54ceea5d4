"""A whole flat by the local brain: what is said reaches the tools, and the reply is what was read back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.brain import FunctionDeclaration, Remark, Spoken, UserTurn
from daemon.brain.intents import task_of
from daemon.brain.local import LocalBrain
from daemon.brain.understanding import against, typed_sentence
from daemon.conversation.events import ToolCall
from daemon.conversation.messages import Transcribed
from daemon.house.settings import Settings
from daemon.house.wiring import gpio_pins, wired
from tests.daemon.abilities.devices.together.test_members import FLAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.brain.recognition.recogniser import Recogniser
    from daemon.house.wiring import Wiring
    from daemon.tools.tool import Answer, Toolbox

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


async def said(toolbox: Toolbox, text: str) -> str:
    declared = toolbox.declarations()
    able = abilities([FunctionDeclaration(d["name"], d["description"], d["parameters_json_schema"]) for d in declared])
    sentence = typed_sentence(text, able)
    assert sentence is not None, text
    assert against(sentence, text, able) == ""
    task = task_of(sentence, able, NOW)
    return task.reply([await toolbox.call(ToolCall("1", call.name, call.arguments)) for call in task.calls])


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("turn on the kitchen light", "The kitchen light is on."),
        ("turn on the Küchenlampe", "The Küchenlampe is on."),
        ("set the reading lamp to 40 percent", "The reading lamp is on at 40 percent."),
        ("set the extractor to fifty percent", "The extractor is on at 50 percent."),
        ("make the mood light orange", "The mood light is on orange at 100 percent."),
        ("move the blind to 20 degrees", "The blind is on at 20 degrees."),
        (
            "open the front door",
            "I can't: the front door must stay off for at least 5 seconds. Try again in 5 seconds.",
        ),
        (
            "run the curtain backward",
            "I can't: the curtain must stay off for at least 0.5 seconds. Try again in 1 second.",
        ),
        ("stop the curtain", "The curtain is off."),
        ("which devices are on", "The fridge is on."),
        ("is the Deckenlampe on", "No, the Deckenlampe is off."),
    ],
)
async def test_each_kind_is_worked_and_told(text: str, reply: str) -> None:
    with wired(FLAT, gpio_pins) as wiring:
        assert await said(wiring.toolbox, text) == reply


async def test_rooms_scenes_and_everything() -> None:
    with wired(FLAT, gpio_pins) as wiring:
        reply = await said(wiring.toolbox, "turn on the kitchen")
        assert reply.startswith("The kitchen light")
        assert wiring.outputs[4].read().on
        await said(wiring.toolbox, "activate movie night")
        assert wiring.outputs[2].read().mode == "purple"
        await said(wiring.toolbox, "turn everything off")
        assert [view.name for view in wiring.outputs if view.read().on] == ["fridge"]


class Agreeing:
    """A conversation with the local brain, typed, whose words the gate hears as the service would write them down."""

    def __init__(self, wiring: Wiring, recogniser: Recogniser) -> None:
        self.toolbox, self.witnesses = wiring.toolbox, wiring.witnesses
        self.brain = LocalBrain(Path(), lambda: NOW, recogniser=recogniser)
        self.history: list[Remark] = []
        self.turn = 0

    async def says(self, text: str) -> str:
        self.turn += 1
        for witness in self.witnesses:
            witness.received(Transcribed(self.turn, "user", text))
        declared = self.toolbox.declarations()
        functions = [FunctionDeclaration(d["name"], "", d["parameters_json_schema"]) for d in declared]
        turn = UserTurn(text=text, functions=functions, history=tuple(self.history))
        pieces = [piece async for piece in self.brain.reply(turn, self._call)]
        said = "".join(piece.text for piece in pieces if isinstance(piece, Spoken))
        self.history += [Remark("user", text), Remark("model", said)]
        return said

    async def _call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        return await self.toolbox.call(ToolCall("1", name, dict(arguments)))


LAMP = {"name": "oven", "kind": "relay", "pin": 17, "confirm": True}
ASKS = "The oven is turned on only when you have agreed. Shall I?"


async def test_what_wants_a_word_is_asked_for_and_done_after_a_yes(recogniser: Recogniser) -> None:
    house = Settings.model_validate({"gpio": {"factory": "mock"}, "device": [LAMP]})
    with wired(house, gpio_pins) as wiring:
        talk = Agreeing(wiring, recogniser)
        assert await talk.says("turn on the oven") == ASKS
        assert await talk.says("yes, please") == "The oven is on."
        assert await talk.says("turn off the oven") == "The oven is off."
        assert await talk.says("turn on the oven") == ASKS
        assert "on" not in (await talk.says("no")).split()
        assert await talk.says("yes") != "The oven is on."
        assert await talk.says("is the oven on") == "No, the oven is off."
