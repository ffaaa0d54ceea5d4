"""A whole flat by the local brain: what is said reaches the tools, and the reply is what was read back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daemon.brain.abilities import abilities
from daemon.brain.brain import FunctionDeclaration
from daemon.brain.intents import task_of
from daemon.brain.understanding import against, typed_sentence
from daemon.conversation.events import ToolCall
from daemon.house.wiring import gpio_pins, wired
from tests.daemon.abilities.devices.together.test_members import FLAT

if TYPE_CHECKING:
    from daemon.tools.tool import Toolbox

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
