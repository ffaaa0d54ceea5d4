"""A real llama.cpp behind `brain = "openai"`, where `PIPIT_THINKER` names one (docs/testing.md has how to run it).

A model that fits into such a test is not clever: what it calls is not asserted, but that it called, was answered and
the turn came to its end, and that no other brain stepped in.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

import pytest

from daemon.home_server.completions import Completions
from daemon.home_server.endpoint_brain import EndpointBrain
from daemon.home_server.settings import ThinkerSettings
from tests.daemon.home_server.home import HERE, here, home
from tests.daemon.home_server.test_guest_session import SETUP
from tests.daemon.offline.live_client import contents

if TYPE_CHECKING:
    from pathlib import Path

THINKER: Final = os.environ.get("PIPIT_THINKER", "")

DEVICES, STATES = ["fan", "heater", "lamp"], ["off", "on"]

pytestmark = pytest.mark.skipif(not THINKER, reason="PIPIT_THINKER names no llama.cpp")


def called(device: str, state: str) -> str:
    """A call as the model writes it; a base model does what it was shown."""
    arguments = json.dumps({"name": "set_device", "arguments": {"device": device, "state": state}})
    return f"<tool_call>\n{arguments}\n</tool_call>"


TALK: Final = (
    ("user", "switch on the fan"),
    ("model", called("fan", "on")),
    ("user", "switch off the heater"),
    ("model", called("heater", "off")),
    ("user", "switch on the lamp"),
)

TOOL: Final[dict[str, Any]] = {
    "name": "set_device",
    "description": "Switches a device",
    "parameters": {
        "type": "OBJECT",
        "properties": {"device": {"type": "STRING", "enum": DEVICES}, "state": {"type": "STRING", "enum": STATES}},
        "required": ["device", "state"],
    },
}


async def test_it_calls_a_tool_of_the_device_and_the_turn_ends(tmp_path: Path) -> None:
    settings = ThinkerSettings(url=THINKER, patience_s=120, max_tokens=32, rounds=1)
    brain = EndpointBrain(Completions(settings), settings.rounds, lambda _: "", here)
    turns = [{"role": role, "parts": [{"text": text}]} for role, text in TALK]
    async with home(tmp_path, None, local=brain, deadline_s=300) as house, house.client() as client:
        await client.set_up(**SETUP, tools=[{"functionDeclarations": [TOOL]}])
        await client.send({"clientContent": {"turns": turns, "turnComplete": True}})
        calls = (await client.until("toolCall"))[-1]["toolCall"]["functionCalls"]
        answers = [{"id": call["id"], "name": call["name"], "response": {"ok": True}} for call in calls]
        await client.send({"toolResponse": {"functionResponses": answers}})
        messages = await client.until("turnComplete")
    print(calls, contents(messages, "outputTranscription"))
    assert {call["name"] for call in calls} == {"set_device"}
    assert all(call["args"]["device"] in DEVICES and call["args"]["state"] in STATES for call in calls)
    assert HERE not in str(contents(messages, "outputTranscription"))
