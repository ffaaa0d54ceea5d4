"""The unmodified SDK asks: the offline Live server, and a server that refuses as the service is known to."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from daemon.live.lookup import Answer, look_up
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.http11 import Request, Response

    from daemon.live.lookup import Lookup
    from daemon.web.certificate import CertificateFiles

KEY = "AIza-a-key-of-a-test"
TIMEOUT_S = 10.0


async def asked(**options: Any) -> Lookup:
    return await asyncio.to_thread(look_up, options_with(**({"api_key": KEY} | options)), TIMEOUT_S)


@asynccontextmanager
async def answering(
    files: CertificateFiles, status: int, body: dict[str, Any] | str, key: str = KEY
) -> AsyncIterator[dict[str, str]]:
    """A server that gives this answer to every plain request; how to reach it. It keeps what was asked for."""
    text = body if isinstance(body, str) else json.dumps(body)
    paths: list[str] = []

    def refuse(connection: ServerConnection, request: Request) -> Response:
        paths.append(f"{request.path} {request.headers.get('x-goog-api-key')}")
        return connection.respond(HTTPStatus(status), text)

    async def never(_: ServerConnection) -> None: ...

    async with serve(never, "127.0.0.1", 0, ssl=files.server_context(), process_request=refuse) as server:
        port = server.sockets[0].getsockname()[1]
        yield {"endpoint": f"https://127.0.0.1:{port}", "ca_file": str(files.ca_file)}
    assert paths == [f"/v1beta/models/gemini-3.8-live {key}"], "asked once, and never again by itself"


def error(code: int, status: str, message: str, reason: str = "") -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return {"error": {"code": code, "status": status, "message": message, "details": details}}


REFUSALS = [
    (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID", Answer.KEY_WRONG),
    (400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "API_KEY_INVALID", Answer.KEY_EXPIRED),
    (
        403,
        "PERMISSION_DENIED",
        "Your API key was reported as leaked. Please use another API key.",
        "",
        Answer.KEY_LEAKED,
    ),
    (
        403,
        "PERMISSION_DENIED",
        "Requests to this API generativelanguage.googleapis.com method google.ai.GetModel are blocked.",
        "API_KEY_SERVICE_BLOCKED",
        Answer.KEY_RESTRICTED,
    ),
    (
        403,
        "PERMISSION_DENIED",
        "The provided API key has an IP address restriction. The originating IP address violates this restriction.",
        "API_KEY_IP_ADDRESS_BLOCKED",
        Answer.KEY_RESTRICTED,
    ),
    (
        403,
        "PERMISSION_DENIED",
        "Generative Language API has not been used in project 123 before or it is disabled.",
        "SERVICE_DISABLED",
        Answer.API_DISABLED,
    ),
    (401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "", Answer.KEY_WRONG),
    (403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.", "", Answer.KEY_WRONG),
    (400, "FAILED_PRECONDITION", "User location is not supported for the API use.", "", Answer.REGION),
    (404, "NOT_FOUND", "Model is not found: models/gemini-3.8-live for api version v1beta", "", Answer.MODEL_UNKNOWN),
    (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", "", Answer.QUOTA),
    (503, "UNAVAILABLE", "The model is overloaded. Please try again later.", "", Answer.OVERLOADED),
    (500, "INTERNAL", "An internal error has occurred.", "", Answer.OVERLOADED),
    (400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "", Answer.STRANGE),
]


@pytest.mark.parametrize(("code", "status", "message", "reason", "answer"), REFUSALS)
async def test_each_refusal_is_told_from_the_others(
    certificate: CertificateFiles, code: int, status: str, message: str, reason: str, answer: Answer
) -> None:
    async with answering(certificate, code, error(code, status, message, reason)) as place:
        told = await asked(**place)
    assert told.answer is answer
    assert told.detail == f"{code} {message}"


async def test_a_model_without_live_sessions(certificate: CertificateFiles) -> None:
    about = {"name": "models/gemini-3.8-live", "supportedGenerationMethods": ["generateContent", "countTokens"]}
    async with answering(certificate, 200, about) as place:
        told = await asked(**place)
    assert (told.answer, told.detail) == (Answer.NOT_LIVE, "generateContent, countTokens")


@pytest.mark.parametrize(("status", "answer"), [(502, Answer.OVERLOADED), (404, Answer.MODEL_UNKNOWN)])
async def test_an_answer_that_is_no_json(certificate: CertificateFiles, status: int, answer: Answer) -> None:
    async with answering(certificate, status, "<html>something in between</html>") as place:
        assert (await asked(**place)).answer is answer


async def test_the_key_is_never_in_the_detail(certificate: CertificateFiles) -> None:
    key = "one that does not look like a key of Google's".replace(" ", "-")
    refusal = error(403, "PERMISSION_DENIED", f"Key {key} is no good")
    async with answering(certificate, 403, refusal, key) as place:
        told = await asked(api_key=key, **place)
    assert told.detail == "403 Key [key] is no good"


@pytest.mark.parametrize(
    ("key", "model", "answer"),
    [
        (KEY, "gemini-3.8-live", Answer.AVAILABLE),
        ("AIza-another-key", "gemini-3.8-live", Answer.KEY_WRONG),
        (KEY, "gemini-9-live", Answer.MODEL_UNKNOWN),
    ],
)
async def test_our_own_server_answers_as_the_service_does(
    certificate: CertificateFiles, key: str, model: str, answer: Answer
) -> None:
    brain, folder = ScriptedBrain(Scenario()), certificate.ca_file.parent
    async with LiveServer(brain, certificate_dir=folder, keys={KEY}, models={"gemini-3.8-live"}) as server:
        told = await asked(api_key=key, model=model, endpoint=server.url, ca_file=str(server.ca_file))
    assert told.answer is answer
    assert not server.sessions


class TestTheWayThere:
    async def test_nobody_listens(self) -> None:
        assert (await asked(endpoint="https://127.0.0.1:1")).answer is Answer.UNREACHABLE

    async def test_a_name_that_does_not_exist(self) -> None:
        assert (await asked(endpoint="https://pipit.invalid")).answer is Answer.UNREACHABLE

    async def test_an_authority_that_is_not_trusted(self, certificate: CertificateFiles) -> None:
        async with LiveServer(ScriptedBrain(Scenario()), certificate_dir=certificate.ca_file.parent) as server:
            assert (await asked(endpoint=server.url)).answer is Answer.CERTIFICATE

    async def test_an_authority_that_is_not_there(self) -> None:
        assert (await asked(ca_file="/nowhere/ca.pem")).answer is Answer.CERTIFICATE

    async def test_a_proxy_of_the_environment_is_no_way_to_this_machine(
        self, certificate: CertificateFiles, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        async with LiveServer(ScriptedBrain(Scenario()), certificate_dir=certificate.ca_file.parent) as server:
            assert (await asked(endpoint=server.url, ca_file=str(server.ca_file))).answer is Answer.AVAILABLE
