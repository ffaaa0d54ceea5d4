"""The device's side against a real broker: every way to get no token has its cause, its sentence and its fix."""

from __future__ import annotations

import asyncio
import json
import ssl
from typing import TYPE_CHECKING

import pytest

from daemon.broker.device import BrokerTokens, NoToken, Welcome
from daemon.conversation.causes import Cause
from daemon.conversation.no_session import SecretMissing
from daemon.live.minting import NotMinted
from daemon.web.asking import Reply
from daemon.web.certificate import ensure_certificate
from tests.daemon.broker.house import MODEL, NOON, broker

if TYPE_CHECKING:
    from pathlib import Path


async def refused(device: BrokerTokens) -> NoToken:
    with pytest.raises(NoToken) as caught:
        await device.token(resuming=False)
    return caught.value


class TestTokens:
    async def test_one_for_each_session(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            device = house.device()
            tokens = [await device.token(resuming=False) for _ in range(2)]
            assert [token.name for token in tokens] == ["auth_tokens/1", "auth_tokens/2"]
            assert tokens[0].lasts_s == 1800

    async def test_the_same_one_resumes_while_it_has_time_left(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            device = house.device()
            await device.token(resuming=False)
            house.clocks.passed = 1000
            again = await device.token(resuming=True)
            assert (again.name, again.lasts_s) == ("auth_tokens/1", 800)
            house.clocks.passed = 1501  # less is left than a session should have
            assert (await device.token(resuming=True)).name == "auth_tokens/2"

    async def test_one_that_was_refused_resumes_nothing(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            device = house.device()
            await device.token(resuming=False)
            device.refused()
            assert (await device.token(resuming=True)).name == "auth_tokens/2"

    async def test_who_are_we(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            assert await house.device().welcome() == Welcome("kitchen", MODEL)
            assert house.mint.count == 0


class TestRefusals:
    async def test_a_secret_that_is_not_known(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            error = await refused(house.device(secret=lambda: "kitchen:wrong"))
            assert error.cause is Cause.BROKER_REFUSED
            assert "wrong" not in str(error)

    async def test_no_secret(self, tmp_path: Path) -> None:
        def none() -> str:
            raise SecretMissing("there is none", fix="get one")

        async with broker(tmp_path) as house:
            with pytest.raises(SecretMissing) as caught:
                await house.device(secret=none).token(resuming=False)
            assert caught.value.cause is Cause.BROKER_REFUSED

    async def test_too_often_and_the_broker_is_left_alone_for_so_long(self, tmp_path: Path) -> None:
        async with broker(tmp_path, device_per_minute=1) as house:
            device = house.device()
            await device.token(resuming=False)
            house.clocks.passed = 20
            assert (await refused(device)).cause is Cause.OVERLOADED
            house.devices.remove("kitchen")  # which the broker would say, if it were asked
            error = await refused(device)
            assert (error.cause, "no more tokens for 40 s" in error.message) == (Cause.OVERLOADED, True)
            house.clocks.passed = 61
            assert (await refused(device)).cause is Cause.BROKER_REFUSED

    @pytest.mark.parametrize(
        ("device_s", "said"),
        [(7200, "2 h ahead of"), (-600, "10 min behind"), (-50 * 365 * 86_400, "days behind"), (400, "7 min ahead of")],
    )
    async def test_clocks_that_differ(self, tmp_path: Path, device_s: float, said: str) -> None:
        async with broker(tmp_path) as house:
            house.clocks.device = NOON + device_s
            error = await refused(house.device())
            assert error.cause is Cause.CLOCK
            assert said in error.message
            assert "2027-01-15 08:00 UTC" in error.message

    @pytest.mark.parametrize("cause", [Cause.KEY_REFUSED, Cause.QUOTA, Cause.OVERLOADED])
    async def test_what_the_service_said_to_the_broker(self, tmp_path: Path, cause: Cause) -> None:
        async with broker(tmp_path) as house:
            house.mint.fault = NotMinted(cause, "so it is")
            assert (await refused(house.device())).cause is cause

    async def test_another_model(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            error = await refused(house.device(model="gemini-9-live"))
            assert error.cause is Cause.SETUP_REFUSED
            assert f"tokens are for {MODEL}" in error.message

    @pytest.mark.parametrize("theirs", ["-1", "1e300", "1e999", '"noon"', "1" + "0" * 400, "null"])
    def test_a_broker_that_lies_about_the_time(self, theirs: str) -> None:
        reply = Reply(409, {}, json.loads(f'{{"error": {{"code": "clock_skew"}}, "time": {theirs}}}'))
        told = BrokerTokens("https://b", "", lambda: "s", MODEL)._refusal(reply)
        assert told.cause is Cause.CLOCK
        assert "1970" in told.message


class TestTheWayThere:
    async def test_nobody_there(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            error = await refused(house.device(url="https://127.0.0.1:1"))
            assert error.cause is Cause.BROKER
            assert "cannot be reached" in error.message

    async def test_no_such_host(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            assert (await refused(house.device(url="https://nowhere.invalid"))).cause is Cause.BROKER

    @pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".local", "a:99999", "[::1"])
    async def test_a_host_that_cannot_be(self, host: str) -> None:
        """The settings refuse it; should one come another way, it ends a session and nothing else."""
        error = await refused(BrokerTokens(f"https://{host}", "", lambda: "s", MODEL))
        assert (error.cause, "names no host that there can be" in error.message) == (Cause.BROKER, True)

    async def test_a_certificate_of_another_authority(self, tmp_path: Path) -> None:
        stranger = ensure_certificate(tmp_path / "stranger").ca_file
        async with broker(tmp_path) as house:
            error = await refused(house.device(ca_file=str(stranger)))
            assert error.cause is Cause.CERTIFICATE
            assert "is not trusted" in error.message

    async def test_a_name_that_the_certificate_has_not(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            url = house.url.replace("127.0.0.1", "127.0.0.2")
            server = await asyncio.start_server(
                lambda _, writer: writer.transport.abort(),
                "127.0.0.2",
                house.server.port,
                ssl=house.files.server_context(),
            )
            async with server:
                assert (await refused(house.device(url=url))).cause is Cause.CERTIFICATE

    async def test_no_authority(self, tmp_path: Path) -> None:
        async with broker(tmp_path) as house:
            error = await refused(house.device(ca_file="/nowhere/ca.pem"))
            assert (error.cause, "/nowhere/ca.pem" in error.message) == (Cause.CERTIFICATE, True)

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "not JSON"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "no JSON object"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "its token is none"),
            (b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 2\r\n\r\n{}", "it said 302"),
            (b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}", "it said 500"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b'{"token": "t", "lasts_s": 1e999}', "its token is none"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b'{"token": "t", "lasts_s": 1' + b"0" * 400 + b"}", "its token is none"),
            (b"SSH-2.0-OpenSSH\r\n", "no answer in HTTP"),
            (b"", "no answer in HTTP"),
            (b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n{}", "no answer in HTTP"),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", "it said 404"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000, "more than 65536 bytes"),
        ],
    )
    async def test_another_server(self, tmp_path: Path, answer: bytes, said: str) -> None:
        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"}")
            writer.write(answer)
            await writer.drain()
            writer.close()

        files = ensure_certificate(tmp_path)
        async with await asyncio.start_server(speak, "127.0.0.1", 0, ssl=files.server_context()) as server:
            device = _device(server, files.ca_file)
            error = await refused(device)
            assert error.cause is Cause.BROKER
            assert said in error.message

    async def test_one_that_never_answers(self, tmp_path: Path) -> None:
        silence = asyncio.Event()

        async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await silence.wait()
            writer.transport.abort()

        files = ensure_certificate(tmp_path)
        async with await asyncio.start_server(hold, "127.0.0.1", 0, ssl=files.server_context()) as server:
            async with asyncio.timeout(60):
                error = await refused(_device(server, files.ca_file, deadline_s=0.2))
            silence.set()
            assert error.cause is Cause.BROKER
            assert "did not answer within 0.2 s" in error.message

    async def test_the_environments_proxy_is_not_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        async with broker(tmp_path) as house:
            assert (await house.device().token(resuming=False)).name


def _device(server: asyncio.Server, ca_file: Path, deadline_s: float = 10.0) -> BrokerTokens:
    port = server.sockets[0].getsockname()[1]
    url = f"https://127.0.0.1:{port}"
    return BrokerTokens(url, str(ca_file), lambda: "kitchen:x", MODEL, deadline_s=deadline_s)


def test_a_certificate_from_the_future_is_a_clock_in_the_past() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = 9, "certificate is not yet valid"
    device = BrokerTokens("https://b", "", lambda: "s", MODEL, wall=lambda: 0.0)
    told = device._unreachable(error)
    assert told.cause is Cause.CLOCK
    assert "this clock says 1970-01-01 00:00 UTC" in told.message
