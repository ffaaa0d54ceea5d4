"""A bare line to the service: by the key, to the path of a version, over TLS that is checked; never redirected."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from websockets.asyncio.server import ServerConnection, serve

from daemon.live.service_line import service_line
from daemon.live.transport import Redirected
from daemon.web.certificate import ensure_certificate
from tests.daemon.live.peer import Peer, serving
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.http11 import Request, Response


async def listen(peer: Peer) -> None:
    await peer.socket.send(await peer.socket.recv())
    await peer.socket.wait_closed()


@pytest.mark.parametrize(("below", "version"), [("", "v1beta"), ("/some/proxy", "v1alpha"), ("/", "v1")])
async def test_it_is_opened_at_the_path_of_the_version_with_the_key(tmp_path: Path, below: str, version: str) -> None:
    async with serving(ensure_certificate(tmp_path), listen) as service:
        options = service.options(endpoint=f"https://127.0.0.1:{service.port}{below}")
        async with service_line(options, version) as line:
            await line.send(b"\x00 not JSON")
            assert await line.recv() == b"\x00 not JSON"
        request = service.peers[0].socket.request
        assert service.peers[0].socket.close_code == 1000
    assert request
    name = f"google.ai.generativelanguage.{version}.GenerativeService.BidiGenerateContent"
    assert request.path == f"{below.rstrip('/')}/ws/{name}"
    assert request.headers["x-goog-api-key"] == "test-key"
    assert "User-Agent" not in request.headers


async def test_a_service_that_is_not_trusted_gets_no_key(tmp_path: Path) -> None:
    async with serving(ensure_certificate(tmp_path), listen) as service:
        other = ensure_certificate(tmp_path / "other")
        with pytest.raises(ssl.SSLCertVerificationError):
            async with service_line(service.options(ca_file=str(other.ca_file)), "v1beta"):
                pass
        assert not service.peers


async def test_it_is_redirected_nowhere(tmp_path: Path) -> None:
    files = ensure_certificate(tmp_path)

    async def never(_: ServerConnection) -> None:
        raise AssertionError

    def away(connection: ServerConnection, _: Request) -> Response:
        response = connection.respond(HTTPStatus.FOUND, "")
        response.headers["Location"] = "https://elsewhere.example/"
        return response

    async with serve(never, "127.0.0.1", 0, ssl=files.server_context(), process_request=away) as server:
        endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(Redirected, match=r"elsewhere\.example"):
            async with service_line(options_with(endpoint=endpoint, ca_file=str(files.ca_file)), "v1beta"):
                pass
