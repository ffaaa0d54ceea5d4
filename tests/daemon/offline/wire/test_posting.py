"""One port for WebSockets and for posts: however the bytes come, and whatever they are."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from typing import TYPE_CHECKING, Any

import pytest
from google import genai
from google.genai import errors, types
from websockets.exceptions import InvalidStatus

from daemon.offline.rehearsal.scenario import Say, Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from tests.daemon.offline.live_client import DEADLINE_S, PATH, connected

if TYPE_CHECKING:
    from daemon.offline.server import LiveServer
    from tests.daemon.offline.conftest import Serve

BODY = b'{"uses": 2}'
HEAD = b"POST /v1alpha/auth_tokens?key=right HTTP/1.1\r\nHost: here\r\nContent-Length: 11\r\n\r\n"
MODEL = "gemini-3.8-live"


def brain() -> ScriptedBrain:
    return ScriptedBrain(Scenario(turns=[[Say("Yes.", tone_s=0.1)]] * 3))


async def posted(server: LiveServer, *pieces: bytes) -> tuple[int, Any]:
    """Status and JSON of what is answered to `pieces`, sent one by one without TLS."""
    async with asyncio.timeout(DEADLINE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.plain_port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        raw = await reader.read()
        writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


class TestBytes:
    async def test_in_one_piece(self, serve: Serve) -> None:
        async with serve(brain()) as server:
            status, body = await posted(server, HEAD + BODY)
            assert status == 200
            assert body["name"].startswith("auth_tokens/")

    async def test_byte_by_byte(self, serve: Serve) -> None:
        async with serve(brain()) as server:
            status, _ = await posted(server, *(bytes([byte]) for byte in HEAD + BODY))
            assert status == 200

    @pytest.mark.parametrize(
        ("request_", "status"),
        [
            (b"POST /elsewhere HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n", 404),
            (b"\x16\x03\x01 no TLS here\r\n\r\n", 400),
            (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 70_000, 413),
            (b"POST / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 20_000, 431),
            (HEAD.replace(b"right", b"wrong") + BODY, 400),
        ],
        ids=["path", "garbage", "body", "header", "key"],
    )
    async def test_what_is_refused(self, serve: Serve, request_: bytes, status: int) -> None:
        async with serve(brain(), keys={"right"}) as server:
            assert (await posted(server, request_))[0] == status

    async def test_a_websocket_is_what_it_was(self, serve: Serve) -> None:
        async with serve(brain()) as server, connected(server) as client:
            await client.set_up()

    async def test_a_client_that_hangs_up_in_mid_request_harms_nobody(self, serve: Serve) -> None:
        async with serve(brain()) as server:
            for piece in (b"PO", HEAD, HEAD + b"{"):
                _, writer = await asyncio.open_connection("127.0.0.1", server.plain_port)
                writer.write(piece)
                await writer.drain()
                writer.close()
            assert (await posted(server, HEAD + BODY))[0] == 200


PREFLIGHT = (
    b"OPTIONS /v1alpha/auth_tokens HTTP/1.1\r\nHost: here\r\nOrigin: https://example.org\r\n"
    b"Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type,x-goog-api-key\r\n\r\n"
)
PAGE = b"Origin: https://example.org\r\n"


async def headers_of(server: LiveServer, request: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to `request`, with lower-case names."""
    async with asyncio.timeout(DEADLINE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.plain_port)
        writer.write(request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        writer.close()
    pairs = (line.split(": ", 1) for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, value in pairs}


class TestPages:
    """What a browser asks for a page, and is told."""

    @pytest.mark.parametrize("path", [b"/v1alpha/auth_tokens", b"//v1beta/auth_tokens?key=k", b"/v1beta/models/m"])
    async def test_a_browser_that_asks_beforehand(self, serve: Serve, path: bytes) -> None:
        async with serve(brain(), keys={"right"}) as server:
            status, headers = await headers_of(server, PREFLIGHT.replace(b"/v1alpha/auth_tokens", path))
        assert status == 200
        assert headers["access-control-allow-origin"] == "https://example.org"
        assert headers["access-control-allow-headers"] == "content-type,x-goog-api-key"
        assert "POST" in headers["access-control-allow-methods"].split(",")
        assert headers["vary"].startswith("Origin")

    @pytest.mark.parametrize(
        ("request_", "status"),
        [
            (HEAD.replace(b"Host", PAGE + b"Host") + BODY, 200),
            (HEAD.replace(b"right", b"wrong").replace(b"Host", PAGE + b"Host") + BODY, 400),
            (HEAD.replace(b"Host", PAGE + b"Host") + b'{"uses": -1', 400),
            (PREFLIGHT.replace(b"/v1alpha/auth_tokens", b"/elsewhere"), 404),
            (b"POST / HTTP/1.1\r\nHost: h\r\n" + PAGE + b"Content-Length: 99999999\r\n\r\n" + b"x" * 70_000, 413),
            (b"GET /v1beta/models/m?key=right HTTP/1.1\r\nHost: h\r\n" + PAGE + b"\r\n", 200),
            (b"GET /v1beta/models/m HTTP/1.1\r\nHost: h\r\n" + PAGE + b"\r\n", 403),
            (b"GET /elsewhere HTTP/1.1\r\nHost: h\r\n" + PAGE + b"\r\n", 404),
            (b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\n" + PAGE + b"\r\n", 403),
        ],
        ids=["token", "key", "body", "preflight", "size", "model", "no key", "path", "session"],
    )
    async def test_a_page_can_read_whatever_it_is_answered(self, serve: Serve, request_: bytes, status: int) -> None:
        async with serve(brain(), keys={"right"}) as server:
            answered, headers = await headers_of(server, request_)
        assert (answered, headers["access-control-allow-origin"]) == (status, "https://example.org")

    @pytest.mark.parametrize("odd", [b"Origin: a\r\nOrigin: b\r\n", b"Origin: \xe4\xff\r\n", b"Origin: a b\r\n"])
    async def test_an_odd_origin_is_none(self, serve: Serve, caplog: pytest.LogCaptureFixture, odd: bytes) -> None:
        async with serve(brain()) as server:
            for request in (HEAD.replace(b"Host", odd + b"Host") + BODY, PREFLIGHT.replace(PAGE, odd)):
                status, headers = await headers_of(server, request)
                assert status == 200
                assert "access-control-allow-origin" not in headers
            session = b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: h\r\n" + odd + b"\r\n"
            assert (await headers_of(server, session))[0] in (400, 403)
            whole = b"GET http://[::1 HTTP/1.1\r\nHost: h\r\n\r\n"
            assert (await headers_of(server, whole))[0] == 404
        assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


class TestPagesThatTalk:
    @pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1", "file://"])
    async def test_those_of_this_machine(self, serve: Serve, origin: str) -> None:
        async with serve(brain()) as server, connected(server, headers={"Origin": origin}) as client:
            await client.set_up()

    @pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1.example.org"])
    async def test_not_those_of_any_site(self, serve: Serve, origin: str) -> None:
        async with serve(brain()) as server:
            with pytest.raises(InvalidStatus) as refusal:
                async with connected(server, headers={"Origin": origin}):
                    pass
        assert refusal.value.response.status_code == 403
        assert b"--allow-origin" in refusal.value.response.body
        assert not server.sessions

    @pytest.mark.parametrize("allowed", ["https://example.org", "*"])
    async def test_unless_it_was_named(self, serve: Serve, allowed: str) -> None:
        headers = {"Origin": "https://example.org"}
        async with serve(brain(), origins=[allowed]) as server, connected(server, headers=headers) as client:
            await client.set_up()


def client_of(server: LiveServer, key: str) -> genai.Client:
    trust = ssl.create_default_context(cafile=server.ca_file)
    arguments = {"ssl": trust, "verify": trust, "proxy": None}
    options = types.HttpOptions(base_url=server.url, api_version="v1alpha", async_client_args=arguments)
    return genai.Client(api_key=key, http_options=options)


@pytest.mark.filterwarnings("ignore:The SDK's")
class TestUnmodifiedSdk:
    """`client.aio.auth_tokens.create`, and the session that its token opens."""

    async def create(self, server: LiveServer, **config: Any) -> str:
        async with client_of(server, "right").aio as client:
            token = await client.auth_tokens.create(config=types.CreateAuthTokenConfig(**config))
        assert token.name
        return token.name

    async def setup_with(self, server: LiveServer, token: str, model: str = MODEL, **config: Any) -> Any:
        """What counts as the setup of a session that asks for `model` and `config`."""
        config = {"response_modalities": ["AUDIO"], **config}
        async with client_of(server, token).aio as client, client.live.connect(model=model, config=config) as session:
            await session.send_realtime_input(text="hi")
            assert (await anext(session.receive())).server_content
        return server.sessions[-1].setup

    async def test_a_token_opens_one_session(self, serve: Serve) -> None:
        async with serve(brain(), keys={"right"}) as server:
            token = await self.create(server, uses=1)
            await self.setup_with(server, token)
            with pytest.raises(errors.APIError, match=r"1011 None\. Token has been used too many times"):
                await self.setup_with(server, token)

    async def test_what_is_set_is_locked(self, serve: Serve) -> None:
        locked = {"response_modalities": ["AUDIO"], "system_instruction": "Be kind."}
        async with serve(brain(), keys={"right"}) as server:
            token = await self.create(
                server,
                live_connect_constraints={"model": MODEL, "config": locked},
                lock_additional_fields=["tools"],
            )
            tools = [{"function_declarations": [{"name": "open_door", "description": "d"}]}]
            setup = await self.setup_with(
                server, token, "gemini-dear", system_instruction="Be rude.", tools=tools, output_audio_transcription={}
            )
            assert (setup.model, setup.system_instruction, setup.functions) == (MODEL, "Be kind.", ())
            assert setup.output_transcription

    async def test_the_whole_setup_is_locked_unless_something_else_is_said(self, serve: Serve) -> None:
        async with serve(brain(), keys={"right"}) as server:
            constraints = {"model": MODEL, "config": {"response_modalities": ["AUDIO"]}}
            token = await self.create(server, live_connect_constraints=constraints)
            setup = await self.setup_with(server, token, "gemini-dear", output_audio_transcription={})
            assert setup.model == MODEL
            assert not setup.output_transcription

    async def test_a_session_ends_with_its_token(self, serve: Serve) -> None:
        async def hasty(seconds: float) -> None:
            await asyncio.sleep(0 if seconds > 60 else seconds)

        async with serve(brain(), keys={"right"}, sleep=hasty) as server:
            token = await self.create(server)
            config = types.LiveConnectConfig(response_modalities=[types.Modality.AUDIO])
            async with client_of(server, token).aio as client, client.live.connect(model=MODEL, config=config) as live:
                with pytest.raises(errors.APIError, match=r"1011 None\. auth token has expired"):
                    async for _ in live.receive():
                        pass
