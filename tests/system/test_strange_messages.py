"""A whole appliance and a service that says strange things in mid-reply: the rest of the reply is heard all the same.

The fuzzer of `tests/daemon/live/test_any_message.py` tries thousands; these are the ones that ended something once.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.events import PlayoutDrained, ToolFinished
from daemon.conversation.exchange import State
from daemon.offline.rehearsal.scenario import Call
from daemon.offline.service.faults import SendRaw
from tests.system.quick_home import REPLY, quick_home

if TYPE_CHECKING:
    from pathlib import Path

HALF = "\ud800"


def sound(mime_type: str, data: bytes = b"\1\0" * 100) -> dict[str, Any]:
    blob = {"mimeType": mime_type, "data": base64.b64encode(data).decode()}
    return {"serverContent": {"modelTurn": {"parts": [{"inlineData": blob}]}}}


def nested(depth: int) -> Any:
    value: Any = "SAID"
    for _ in range(depth):
        value = [value]
    return value


def calling(*arguments: Any) -> dict[str, Any]:
    calls = [{"id": f"fc-{number}", "name": "dawdle", "args": args} for number, args in enumerate(arguments)]
    return {"toolCall": {"functionCalls": calls}}


STRANGE = {
    "a rate of nothing": sound("audio/pcm;rate=0"),
    "a rate of 1": sound("audio/pcm;rate=1"),
    "a rate of many digits": sound("audio/pcm;rate=" + "9" * 400),
    "half a sample": sound("audio/pcm;rate=24000", b"\1"),
    "half a character said": {"serverContent": {"outputTranscription": {"text": f"SAID {HALF}\0"}}},
    "half a character heard": {"serverContent": {"inputTranscription": {"text": f"SAID {HALF}\0"}}},
    "a text of objects": {"serverContent": {"outputTranscription": {"text": [{"SAID": "SAID"}]}}},
    "a count of many digits": {"usageMetadata": {"totalTokenCount": 10**300, "promptTokenCount": -1}},
    "a handle without end": {"sessionResumptionUpdate": {"resumable": True, "newHandle": "SAID" * 100_000}},
    "a handle of half a character": {"sessionResumptionUpdate": {"resumable": True, "newHandle": f"SAID{HALF}"}},
    "an address of half a character": {
        "serverContent": {"groundingMetadata": {"groundingChunks": [{"web": {"title": "SAID", "uri": f"SAID{HALF}"}}]}}
    },
    "a word that nobody knows": {"serverContent": {"turnCompleteReason": "SAID", "interactionStatus": "SAID"}},
    "an error of the service": {"code": 500, "message": "SAID", "error": {"code": 500, "message": "SAID"}},
    "deep arguments": calling({"a": nested(200)}),
    "arguments of half a character": calling({"a": f"SAID{HALF}"}),
    "a number that is none": calling({"a": float("nan")}),
    "arguments that are none": {"toolCall": {"functionCalls": [{"id": "fc", "name": "dawdle", "args": "SAID"}]}},
}


@pytest.mark.parametrize("message", STRANGE.values(), ids=STRANGE)
async def test_it_is_skipped(message: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon")
    async with quick_home(([SendRaw(message), REPLY],), certificates=tmp_path) as home:
        await home.ask()
        await home.diary.until_happened(PlayoutDrained)
        await home.until_state(State.IDLE)
        assert home.told == []
        assert home.dialled == 1
        assert home.tool.begun == 0
    assert "SAID" not in caplog.text


async def test_forty_calls_at_once_are_answered_forty_times(tmp_path: Path) -> None:
    async with quick_home(([SendRaw(calling(*[{}] * 40)), Call("dawdle"), REPLY],), certificates=tmp_path) as home:
        home.tool.may_end.set()
        await home.ask()
        await home.diary.until_happened(PlayoutDrained)
        assert home.tool.begun == 33
        assert len(home.diary.all(ToolFinished)) == 33
