"""The proxy on the way to the service, and what is said of one that is none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost, SessionOpened
from daemon.live.lookup import Answer, look_up
from daemon.live.minting import NotMinted, Terms, mint
from daemon.live.proxies import Proxy, ProxyUnusable, is_loopback, proxy_to, reached
from tests.daemon.live.line import calling, outcome
from tests.daemon.live.peer import Peer, hold, serving
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.web.certificate import CertificateFiles

ELSEWHERE = "https://pipit.invalid"
VARIABLES = [
    name for way in ("wss", "https", "all", "socks", "no") for name in (f"{way}_proxy", f"{way.upper()}_PROXY")
]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "http://p:1"}, Proxy("HTTPS_PROXY", "http://p:1")),
        ({"HTTPS_PROXY": "p:1"}, Proxy("HTTPS_PROXY", "http://p:1")),
        ({"ALL_PROXY": "http://p:1"}, Proxy("ALL_PROXY", "http://p:1")),
        ({"all_proxy": "http://q:1", "HTTPS_PROXY": "https://p:1"}, Proxy("HTTPS_PROXY", "https://p:1")),
        ({"https_proxy": "http://q:1", "HTTPS_PROXY": "http://p:1"}, Proxy("https_proxy", "http://q:1")),
        ({"HTTPS_PROXY": " "}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "pipit.invalid"}, None),
        ({"HTTPS_PROXY": "ftp://p:1", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other.invalid"}, Proxy("HTTPS_PROXY", "http://p:1")),
        ({"HTTPS_PROXY": "http://user:word@p:1"}, Proxy("HTTPS_PROXY", "http://user:word@p:1")),
    ],
)
def test_the_one_that_is_used(environ: dict[str, str], expected: Proxy | None) -> None:
    assert proxy_to(ELSEWHERE, environ) == expected


UNUSABLE = [
    "ftp://p:1",
    "socks5://p:1",
    "socks5h://p:1",
    "nonsense://",
    "http://",
    "http://p:0",
    "http://p:99999",
    "http://p:port",
    "http://user@p:1",
    "http://p:1/path",
    "http://p:1?query",
    "http://[::1",
    "http://" + "a" * 70 + ":1",
    "http://a..b:1",
    "://",
]


@pytest.mark.parametrize("url", UNUSABLE)
@pytest.mark.parametrize("variable", ["ALL_PROXY", "https_proxy"])
def test_one_that_cannot_be_used_is_one_sentence_that_names_the_variable(variable: str, url: str) -> None:
    with pytest.raises(ProxyUnusable) as raised:
        proxy_to(ELSEWHERE, {variable: url})
    assert raised.value.cause is Cause.NO_NETWORK
    assert raised.value.message.startswith(f"the proxy in {variable} cannot be used: ")
    assert variable in raised.value.fix


def test_a_password_is_never_shown() -> None:
    with pytest.raises(ProxyUnusable) as raised:
        proxy_to(ELSEWHERE, {"ALL_PROXY": "http://anna:hunter2@p:port"})
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(proxy_to(ELSEWHERE, {"ALL_PROXY": "http://anna:hunter2@p:1"}))


@pytest.mark.parametrize(
    "endpoint",
    ["https://127.0.0.1:1", "https://127.8.9.1", "https://[::1]", "https://localhost", "https://LOCALHOST.:8443",
     "https://pipit.localhost", "https://[::ffff:127.0.0.1]:8443"],
)  # fmt: skip
def test_loopback_never_goes_by_a_proxy(endpoint: str) -> None:
    assert is_loopback(endpoint)
    assert proxy_to(endpoint, dict.fromkeys(VARIABLES, "ftp://nowhere:0")) is None


def test_what_fails_without_a_proxy_fails_as_it_is() -> None:
    with pytest.raises(ConnectionRefusedError), reached(ELSEWHERE, {}):
        raise ConnectionRefusedError
    proxied = {"HTTPS_PROXY": "http://p:1"}
    with pytest.raises(ProxyUnusable, match=r"HTTPS_PROXY.*ConnectionRefusedError"), reached(ELSEWHERE, proxied):
        raise ConnectionRefusedError
    with pytest.raises(TimeoutError), reached(ELSEWHERE, proxied):
        raise TimeoutError


@pytest.mark.parametrize("url", UNUSABLE)
async def test_a_session_is_lost_by_it_and_nothing_else(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", url)
    (lost,) = await outcome(options_with(api_key="k", endpoint=ELSEWHERE))
    assert isinstance(lost, SessionLost)
    assert lost.cause is Cause.NO_NETWORK
    assert "the proxy in ALL_PROXY cannot be used" in lost.detail


async def test_a_session_on_loopback_does_not_care(
    certificate: CertificateFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "nonsense://p:port")

    async def script(peer: Peer) -> None:
        await peer.accept()
        await hold(peer)

    async with serving(certificate, script) as service, calling(service.options()) as line:
        await line.until(SessionOpened)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
async def test_a_proxy_is_asked_for_the_host_and_blamed_if_it_refuses(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        (lost,) = await outcome(options_with(api_key="k", endpoint=ELSEWHERE))
    assert asked == [b"CONNECT pipit.invalid:443 HTTP/1.1\r\n"]
    assert isinstance(lost, SessionLost)
    assert lost.cause is Cause.NO_NETWORK
    assert f"the proxy in {variable} cannot be used" in lost.detail


async def test_a_proxy_that_is_not_there_is_blamed(unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_tcp_port}")
    (lost,) = await outcome(options_with(api_key="k", endpoint=ELSEWHERE))
    assert isinstance(lost, SessionLost)
    assert "the proxy in HTTPS_PROXY cannot be used: it cannot be reached" in lost.detail


async def test_plain_requests_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://p:port")
    options = options_with(api_key="k", endpoint=ELSEWHERE)
    told: Any = await asyncio.to_thread(look_up, options, 1.0)
    assert told.answer is Answer.UNREACHABLE
    assert "the proxy in ALL_PROXY cannot be used" in told.detail
    with pytest.raises(NotMinted, match="the proxy in ALL_PROXY cannot be used") as raised:
        await mint(options, Terms(locks=[], lasts_s=60, opens_s=60))
    assert raised.value.cause is Cause.NO_NETWORK
