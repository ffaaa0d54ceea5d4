"""Each way a connection can fail, made to happen on a real socket, and what the household is told of it."""

import asyncio
import http
import socket
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost, SessionOpened
from daemon.conversation.messages import ReplyAudio
from daemon.live.connection import UNREADABLE_LIMIT
from daemon.live.options import LiveOptions
from daemon.live.transport import LONGEST_MESSAGE_BYTES
from daemon.web.certificate import CertificateFiles, ensure_certificate
from tests.daemon.live.line import PATIENCE_S, Line, calling, outcome
from tests.daemon.live.peer import Peer, hold, serving, silent
from tests.daemon.live.telling import options_with


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
        lost = await only_report(options_with(api_key="k", endpoint=f"https://127.0.0.1:{unused_tcp_port}"))
        assert lost.cause is Cause.NO_NETWORK

    async def test_unknown_host(self) -> None:
        lost = await only_report(options_with(api_key="k", endpoint="https://pipit.invalid"))
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
            lost = await only_report(options_with(api_key="k", endpoint=f"https://127.0.0.1:{port}"))
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

    @pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
    async def test_the_key_goes_to_the_host_that_was_named_or_nowhere(
        self, certificate: CertificateFiles, status: int
    ) -> None:
        async with serving(certificate, hold) as elsewhere:

            def redirect(connection: ServerConnection, _: Request) -> Response:
                response = connection.respond(http.HTTPStatus(status), "")
                response.headers["Location"] = f"wss://localhost:{elsewhere.port}/key"
                return response

            async with serving(certificate, hold, process_request=redirect) as service:
                lost = await only_report(service.options())
        assert elsewhere.peers == []
        assert lost.cause is Cause.SETUP_REFUSED
        assert f"127.0.0.1 answered with a redirect ({status}) to localhost, where no key is sent" in lost.detail

    @pytest.mark.parametrize("location", ["", "/elsewhere", "https://[::1", "http://other.example/?key=hunter2"])
    async def test_nor_anywhere_else_on_it(self, certificate: CertificateFiles, location: str) -> None:
        asked: list[str] = []

        def redirect(connection: ServerConnection, request: Request) -> Response:
            asked.append(request.path)
            response = connection.respond(http.HTTPStatus(302), "")
            response.headers["Location"] = location
            return response

        async with serving(certificate, hold, process_request=redirect) as service:
            lost = await only_report(service.options())
        assert len(asked) == 1
        assert lost.cause is Cause.SETUP_REFUSED
        assert "hunter2" not in lost.detail

    @pytest.mark.parametrize(
        ("changes", "cause"),
        [
            ({"endpoint": "https://[::1"}, Cause.SETUP_REFUSED),
            ({"endpoint": "nonsense"}, Cause.NO_NETWORK),
            ({"endpoint": "https://" + "a" * 70}, Cause.SETUP_REFUSED),
            ({"endpoint": "https://a..b"}, Cause.SETUP_REFUSED),
            ({"endpoint": "https://host:port"}, Cause.SETUP_REFUSED),
            ({"ca_file": "a\0b"}, Cause.CERTIFICATE),
            ({"ca_file": "/"}, Cause.CERTIFICATE),
            ({"ca_file": __file__}, Cause.CERTIFICATE),
            ({"ca_file": "x" * 300}, Cause.CERTIFICATE),
            ({"tools": [{"name": "nothing else"}]}, Cause.SETUP_REFUSED),
            ({"api_key": ""}, Cause.SETUP_REFUSED),
        ],
        ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
    )
    async def test_whatever_cannot_be_made_is_an_error_of_the_session(
        self, certificate: CertificateFiles, changes: dict[str, Any], cause: Cause
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await hold(peer)

        async with serving(certificate, script) as service:
            lost = await only_report(service.options(**changes))
        assert lost.cause is cause


class TestSetup:
    async def test_never_answered(self, certificate: CertificateFiles) -> None:
        async with serving(certificate, hold) as service:
            lost = await only_report(service.options(connect_timeout_s=0.5))
        assert lost.cause is Cause.TIMEOUT

    @pytest.mark.parametrize(
        "first",
        [
            b'{"serverContent": {}}',
            b'{"error": {"code": 400, "message": "no"}}',
            b"garbage",
            b"{}",
            b"[]",
            b"null",
            b"",
            b"\xff",
            b"[" * 100_000,
            b'{"setupComplete": "SAID"}',
            b'{"setupComplete": {"sessionId": ' + b"9" * 5_000 + b"}}",
        ],
    )
    async def test_answered_with_something_else(
        self, certificate: CertificateFiles, first: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.receive()
            await peer.socket.send(first)
            await hold(peer)

        async with serving(certificate, script) as service:
            lost = await only_report(service.options())
        assert lost.cause is Cause.SETUP_REFUSED
        assert "SAID" not in caplog.text

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

    @pytest.mark.parametrize(
        "strange",
        [
            b"[" * 100_000,
            b'{"code": 500, "message": "SAID"}',
            b'{"error": {"code": 500, "message": "SAID"}}',
            b'{"serverContent": {"outputTranscription": {"text": ["SAID"]}}}',
            b'{"serverContent": {"turnCompleteReason": 7, "SAID": "SAID"}}',
            b'{"usageMetadata": {"totalTokenCount": ' + b"9" * 5_000 + b"}}",
        ],
        ids=lambda frame: frame[:30].decode(),
    )
    async def test_one_strange_message_is_skipped_counted_and_not_shown(
        self, certificate: CertificateFiles, strange: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.socket.send(strange)
            await peer.say(b"\1\2")
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            assert (await line.until(ReplyAudio)).data == b"\1\2"
        assert caplog.text.count("skipped a message") == 1
        assert "SAID" not in caplog.text

    async def test_strange_messages_among_others_do_not_end_it(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            for _ in range(2 * UNREADABLE_LIMIT):
                await peer.socket.send(b"gibberish")
                await peer.send({"goAway": {}})
            await peer.say(b"\1\2")
            await hold(peer)

        async with serving(certificate, script) as service, calling(service.options()) as line:
            await line.until(ReplyAudio)

    async def test_a_message_beyond_all_measure_ends_it(self, certificate: CertificateFiles) -> None:
        async def script(peer: Peer) -> None:
            await peer.accept()
            await peer.socket.send(b" " * (LONGEST_MESSAGE_BYTES + 1))
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
