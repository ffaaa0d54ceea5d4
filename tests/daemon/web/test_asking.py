"""One request over TLS to a real server, as the other side of `http11` reads it."""

from __future__ import annotations

import asyncio
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest

from daemon.trust import NoAuthority
from daemon.web.asking import ask, trust
from daemon.web.certificate import ensure_certificate
from daemon.web.http11 import Answer, Exchange, Request

if TYPE_CHECKING:
    from pathlib import Path


async def test_what_is_asked_arrives_and_what_is_answered_returns(tmp_path: Path) -> None:
    seen: list[Request] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        exchange = Exchange()
        while not (request := exchange.feed(await reader.read(7))):
            pass
        seen.append(request)
        writer.write(exchange.answer(Answer(HTTPStatus.CONFLICT, {"so": "it is"}, {"X-More": "yes"})))
        writer.close()

    files = ensure_certificate(tmp_path)
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=files.server_context()) as server:
        port = server.sockets[0].getsockname()[1]
        url, context = f"https://127.0.0.1:{port}/v1/thing", trust(str(files.ca_file))
        reply = await ask("POST", url, context, headers={"X-Who": "me"}, body={"a": 1}, deadline_s=10)
    assert (reply.status, reply.body, reply.headers["x-more"]) == (409, {"so": "it is"}, "yes")
    [request] = seen
    assert (request.method, request.target, request.body) == ("POST", "/v1/thing", b'{"a": 1}')
    assert (request.headers["x-who"], request.headers["host"]) == ("me", f"127.0.0.1:{port}")


def test_trust_is_strict(tmp_path: Path) -> None:
    context = trust(str(ensure_certificate(tmp_path).ca_file))
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    with pytest.raises(NoAuthority, match=r"/nowhere/ca\.pem does not exist"):
        trust("/nowhere/ca.pem")
