"""Each way a connection can fail, made to happen on a real socket, and what the household is told of it."""

import asyncio
import http
import socket
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from daemon.events import Cause, SessionLost, SessionOpened
from daemon.live.connection import UNREADABLE_LIMIT
from daemon.live.messages import ReplyAudio
from daemon.live.options import LiveOptions
from daemon.web.certificate import CertificateFiles, ensure_certificate
from tests.daemon.live.line import PATIENCE_S, Line, calling, outcome
from tests.daemon.live.peer import Peer, hold, serving, silent


def flood(line: Line) -> None:
    """More than the kernel buffers for a peer that does not read; asyncio's TLS waits from the second message on."""
    line.session.send_text(1, "x" * 16_000_000)
    line.session.send_text(2, "x" * 100_000)


async def only_report(options: LiveOptions) -> SessionLost:
    (lost,) = await outcome(options)
    assert isinstance(lost, SessionLost)
    return lost


class TestConnecting:
    async def test_nobody_there(self, unused_tcp_port: int) -> None:
        lost = await only_report(LiveOptions(api_key="k", endpoint=f"https://127.0.0.1:{unused_tcp_port}"))
        assert lost.cause is Cause.NO_NETWORK

    async def test_unknown_host(self) -> None:
        lost = await only_report(LiveOptions(api_key="k", endpoint="https://pipit.invalid"))
        assert lost.cause is Cause.NO_NETWORK

    async def test_certificate_of_a_stranger(self, certificate: CertificateFiles, tmp_path: Path) -> None:
        stranger = ensure_certificate(tmp_path)
        async with serving(certificate, hold) as service:
            lost = await only_report(service.options(ca_file=str(stranger.ca_file)))
        assert lost.cause is Cause.CERTIFICATE

    async def test_clock_in_the_past(self, tmp_path: Path) -> None:
        ahead = ensure_certificate(tmp_path, datetime.now(UTC) + timedelta(days=30))
        async with serving(ahead, hold) as service:
            lost = await only_report(service.options())
        assert lost.cause is Cause.CLOCK

    async def test_no_authority_file(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, hold) as service:
            lost = await only_report(service.options(ca_file="/nonexistent/ca.pem"))
        assert lost.cause is Cause.CERTIFICATE

    async def test_not_a_secure_server(self) -> None:
        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            lost = await only_report(LiveOptions(api_key="k", endpoint=f"https://127.0.0.1:{port}"))
        assert lost.cause is Cause.CERTIFICATE

    @pytest.mark.parametrize(
        ("status", "body", "cause"),
        [
            (400, "API key not valid. Please pass a valid API key.", Cause.KEY_REFUSED),
            (401, "", Cause.KEY_REFUSED),
            (403, "", Cause.KEY_REFUSED),
            (404, "", Cause.SETUP_REFUSED),
            (429, "", Cause.QUOTA),
            (503, "", Cause.OVERLOADED),
        ],
    )
    async def test_http_refusal(self, certificate: CertificateFiles, status: int, body: str, cause: Cause) -> None:
        def refuse(connection: ServerConnection, _: Request) -> Response:
            return connection.respond(http.HTTPStatus(status), body)

        async with serving(certificate, hold, process_request=refuse) as service:
            lost = await only_report(service.options())
        assert lost.cause is cause
        assert lost.detail.startswith(str(status))


class TestSetup:
    async def test_never_answered(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, hold) as service:
            lost = await only_report(service.options(connect_timeout_s=0.5))
        assert lost.cause is Cause.TIMEOUT

    @pytest.mark.parametrize(
        "first",
        [b'{"serverContent": {}}', b'{"error": {"code": 400, "message": "no"}}', b"garbage", b"{}", b"[]"],
    )
    async def test_answered_with_something_else(self, certificate: CertificateFiles, first: bytes) -> None:
        async def script(peer: Peer) -> None:
            await peer.receive()
            await peer.socket.send(first)
            await hold(peer)

        async with serving(certificate, script) as service:
            lost = await only_report(service.options())
        assert lost.cause is Cause.SETUP_REFUSED

    @pytest.mark.parametrize(
        ("code", "reason", "cause"),
        [
            (1007, "Request contains an invalid argument.", Cause.SETUP_REFUSED),
            (1007, "API key not valid. Please pass a valid API key.", Cause.KEY_REFUSED),
            (1008, "models/gemini-9 is not found for API version v1beta", Cause.MODEL_UNKNOWN),
            (1011, "The service is currently unavailable.", Cause.OVERLOADED),
            (1011, "You exceeded your current quota", Cause.QUOTA),
        ],
    )
    async def test_refused(self, certificate: CertificateFiles, code: int, reason: str, cause: Cause) -> None:
        async def script(peer: Peer) -> None:
            await peer.receive()
            await peer.socket.close(code, reason)

        async with serving(certificate, script) as service:
            lost = await only_report(service.options())
        assert lost == SessionLost(cause, f"{code} {reason}")

    async def test_detail_never_holds_the_key(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.receive()
            await peer.socket.close(1008, "the key hunter2 is bad")

        async with serving(certificate, script) as service:
            lost = await only_report(service.options(api_key="hunter2"))
        assert lost.detail == "1008 the key [key] is bad"


class TestOpenSession:
    @pytest.mark.parametrize(
        ("code", "reason", "cause"),
        [
            (1000, "", Cause.LOST),
            (1001, "", Cause.LOST),
            (1007, "Request contains an invalid argument.", Cause.SETUP_REFUSED),
            (1008, "The operation was aborted.", Cause.LOST),
            (1011, "Deadline expired before operation could complete.", Cause.LOST),
            (1011, "Internal error encountered.", Cause.OVERLOADED),
        ],
    )
    async def test_closed_by_the_service(
        self, certificate: CertificateFiles, code: int, reason: str, cause: Cause
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.socket.close(code, reason)

        async with serving(certificate, script) as service:
            reports = await outcome(service.options())
        assert reports == [SessionOpened(), SessionLost(cause, f"{code} {reason}".strip())]

    async def test_closed_while_sending(self, certificate: CertificateFiles) -> None:
        """Reader and sender fail together; it is one loss."""

        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.receive_until("activityStart")
            await peer.socket.close(1011, "Internal error encountered.")

        async with serving(certificate, script) as service, asyncio.timeout(PATIENCE_S):
            line = Line(service.options())
            line.say(1, 160_000)
            await line.session.run()
        assert line.reports == [SessionOpened(), SessionLost(Cause.OVERLOADED, "1011 Internal error encountered.")]

    async def test_reset(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            linger_for_nothing = struct.pack("ii", 1, 0)
            raw = peer.socket.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_nothing)
            peer.socket.transport.abort()

        async with serving(certificate, script) as service:
            opened, lost = await outcome(service.options())
        assert opened == SessionOpened()
        assert isinstance(lost, SessionLost)
        assert lost.cause is Cause.LOST

    async def test_peer_that_does_not_read(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await silent(peer)

        async with serving(certificate, script, compression=None) as service, asyncio.timeout(PATIENCE_S):
            line = Line(service.options(send_timeout_s=0.5))
            flood(line)
            await line.session.run()
        opened, lost = line.reports
        assert opened == SessionOpened()
        assert isinstance(lost, SessionLost)
        assert lost.cause is Cause.LOST

    async def test_peer_that_does_not_read_cannot_keep_us_from_closing(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.say(b"\0\0")
            await silent(peer)

        async with (
            serving(certificate, script, compression=None) as service,
            calling(service.options(send_timeout_s=60)) as line,
        ):
            await line.until(ReplyAudio)
            flood(line)
            for _ in range(10):  # until the sender is stuck in it
                await asyncio.sleep(0)

    async def test_only_gibberish(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            for _ in range(UNREADABLE_LIMIT):
                await peer.socket.send(b"gibberish")
            await hold(peer)

        async with serving(certificate, script) as service:
            opened, lost = await outcome(service.options())
        assert opened == SessionOpened()
        assert isinstance(lost, SessionLost)
        assert lost.cause is Cause.LOST

    async def test_audio_that_was_overwritten(self, certificate: CertificateFiles) -> None:
        """Better no session than a sentence with a hole in it."""
        async with serving(certificate, silent_after_setup) as service, asyncio.timeout(PATIENCE_S):
            line = Line(service.options(), capacity_samples=1_000)
            line.say(1, 2_000)
            await line.session.run()
        opened, lost = line.reports
        assert opened == SessionOpened()
        assert isinstance(lost, SessionLost)
        assert lost.cause is Cause.LOST
        assert "overwritten" in lost.detail


async def silent_after_setup(peer: Peer) -> None:
    await peer.accept()
    await hold(peer)
