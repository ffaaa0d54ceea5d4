"""Setups that a family refuses, as a client is told."""

from typing import Any

import pytest

from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.service.server_options import ServerOptions
from tests.daemon.offline.conftest import Serve
from tests.daemon.offline.live_client import PATH, connected

ALPHA = PATH.replace("v1beta", "v1alpha") + "?key=k"
BETA = PATH + "?key=k"
INVALID = "Request contains an invalid argument."
NATIVE, FLASH = "gemini-2.5-flash-native-audio-latest", "gemini-3.1-flash-live-preview"
LIVE, EXTENDED, CASCADE = "gemini-3.8-live", "gemini-3.8-live-extended-thinking", "gemini-live-2.5-flash-preview"
TEXT: dict[str, Any] = {"generationConfig": {"responseModalities": ["TEXT"]}}
AFFECTIVE: dict[str, Any] = {"generationConfig": {"enableAffectiveDialog": True}}
HIGH: dict[str, Any] = {"generationConfig": {"thinkingConfig": {"thinkingLevel": "HIGH"}}}


def unknown(name: str, where: str) -> str:
    return f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}': Cannot find field."


def proactive(wanted: bool) -> dict[str, Any]:
    return {"proactivity": {"proactiveAudio": wanted}}


def behaving(behavior: str) -> dict[str, Any]:
    return {"tools": [{"functionDeclarations": [{"name": "lamp", "behavior": behavior}]}]}


def speaking(voice: str) -> dict[str, Any]:
    return {"generationConfig": {"speechConfig": {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": voice}}}}}


REFUSED = [
    (NATIVE, BETA, TEXT, "Cannot extract voices from a non-audio request."),
    (LIVE, BETA, TEXT, "The requested combination of response modalities (TEXT) is not supported by the model."),
    (EXTENDED, BETA, {}, "Thinking level must be specified."),
    (LIVE, BETA, HIGH, "Thinking level is not supported for this model."),
    (LIVE, ALPHA, proactive(False), INVALID),
    (LIVE, BETA, proactive(True), unknown("proactivity", "setup")),
    (NATIVE, BETA, proactive(True), unknown("proactivity", "setup")),
    (NATIVE, BETA, AFFECTIVE, unknown("enableAffectiveDialog", "setup.generation_config")),
    (LIVE, ALPHA, AFFECTIVE, INVALID),
    (FLASH, BETA, behaving("NON_BLOCKING"), INVALID),
    (EXTENDED, BETA, HIGH | behaving("BLOCKING"), INVALID),
    (LIVE, BETA, speaking("Nobody"), INVALID),
    (LIVE, BETA, {"tools": [{"codeExecution": {}}]}, INVALID),
    (LIVE, BETA, {"tools": [{"googleSearch": {}}, {"url_context": {}}]}, INVALID),
    (NATIVE, BETA, {"tools": [{"codeExecution": {}}]}, INVALID),
    (FLASH, BETA, {"tools": [{"urlContext": {}}]}, INVALID),
    (EXTENDED, BETA, HIGH | {"tools": [{"code_execution": {}}]}, INVALID),
]
TAKEN = [
    (CASCADE, BETA, TEXT),
    (CASCADE, BETA, TEXT | {"tools": [{"codeExecution": {}}, {"urlContext": {}}]}),
    (LIVE, BETA, {"tools": [{"googleSearch": {}}]}),
    (EXTENDED, BETA, HIGH | behaving("NON_BLOCKING")),
    (FLASH, BETA, HIGH | behaving("BLOCKING")),
    (NATIVE, BETA, HIGH),
    (LIVE, BETA, behaving("BLOCKING")),
    (LIVE, BETA, behaving("UNSPECIFIED") | speaking("kore")),
    (LIVE, ALPHA, proactive(True)),
    (NATIVE, ALPHA, proactive(False) | AFFECTIVE),
    ("something-new", BETA, TEXT | behaving("NON_BLOCKING")),
    ("something-new", BETA, speaking("Nobody")),
]


@pytest.mark.parametrize(("model", "target", "fields", "reason"), REFUSED)
async def test_refused(serve: Serve, model: str, target: str, fields: dict[str, Any], reason: str) -> None:
    async with serve(ScriptedBrain(Scenario())) as server, connected(server, target) as client:
        await client.send({"setup": {"model": f"models/{model}"} | fields})
        assert await client.closed() == (1007, reason)


@pytest.mark.parametrize(("model", "target", "fields"), TAKEN)
async def test_taken(serve: Serve, model: str, target: str, fields: dict[str, Any]) -> None:
    async with serve(ScriptedBrain(Scenario())) as server, connected(server, target) as client:
        await client.set_up(model=f"models/{model}", **fields)


@pytest.mark.parametrize(("model", "target", "fields", "_reason"), REFUSED)
async def test_a_lenient_server_takes_everything(
    serve: Serve, model: str, target: str, fields: dict[str, Any], _reason: str
) -> None:
    options = ServerOptions(lenient=True)
    async with serve(ScriptedBrain(Scenario()), options=options) as server, connected(server, target) as client:
        await client.set_up(model=f"models/{model}", **fields)


async def test_functions_of_a_later_update_are_looked_at_too(serve: Serve) -> None:
    async with serve(ScriptedBrain(Scenario())) as server, connected(server) as client:
        await client.set_up(model=f"models/{FLASH}")
        await client.send({"contextUpdate": {"tools": behaving("NON_BLOCKING")}})
        assert await client.closed() == (1007, INVALID)
