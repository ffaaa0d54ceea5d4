"""What the socket beneath the SDK is told; its close under stress is in `test_connection`."""

import json
import ssl
from typing import Any

import pytest

from daemon.conversation.events import ReplyComplete, SessionOpened
from daemon.live.proxies import is_loopback
from daemon.live.transport import LONGEST_MESSAGE_BYTES, PromptConnection, socket_arguments
from daemon.web.certificate import CertificateFiles
from tests.daemon.live.line import calling
from tests.daemon.live.peer import Peer, serving
from tests.daemon.live.telling import options_with

TRUST = ssl.create_default_context()


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://127.0.0.1:8443", True),
        ("https://[::1]:8443", True),
        ("https://localhost", True),
        ("https://192.168.1.2", False),
        ("https://generativelanguage.googleapis.com", False),
        ("", False),
    ],
)
def test_proxies_are_for_other_machines(endpoint: str, monkeypatch: pytest.MonkeyPatch, *, expected: bool) -> None:
    assert is_loopback(endpoint) is expected
    monkeypatch.setenv("wss_proxy", "http://p:1")
    told = socket_arguments(options_with(api_key="k"), endpoint, TRUST)["proxy"]
    assert told == (None if expected else "http://p:1")


def test_websockets_never_looks_for_a_proxy_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would, unless it is told that there is none; and what it looks with is not imported."""
    monkeypatch.setenv("wss_proxy", "http://p:1")
    monkeypatch.setenv("no_proxy", "*")
    assert socket_arguments(options_with(api_key="k"), "https://pipit.example", TRUST)["proxy"] is None


def test_deadlines_and_bounds() -> None:
    options = options_with(api_key="k", connect_timeout_s=3, close_timeout_s=0.5)
    arguments = socket_arguments(options, "https://pipit.example", TRUST)
    assert arguments["ssl"] is TRUST
    assert (arguments["open_timeout"], arguments["close_timeout"]) == (3, 0.5)
    assert arguments["max_size"] == LONGEST_MESSAGE_BYTES
    assert arguments["max_queue"] is None
    assert arguments["ping_timeout"] > 30


async def test_a_tap_is_shown_every_message_both_ways(certificate: CertificateFiles) -> None:
    seen: list[tuple[str, Any]] = []

    async def answer(peer: Peer) -> None:
        await peer.accept()
        await peer.receive()
        await peer.content(generationComplete=True)

    async with serving(certificate, answer) as service:
        options = service.options(tap=lambda direction, frame: seen.append((direction, json.loads(frame))))
        async with calling(options) as line:
            await line.until(SessionOpened)
            line.session.send_text(1, "hello")
            await line.until(ReplyComplete)
    assert [direction for direction, _ in seen] == ["sent", "received", "sent", "received"]
    assert "setup" in seen[0][1]
    assert seen[1][1] == {"setupComplete": {}}
    assert "hello" in str(seen[2][1])
    assert seen[3][1] == {"serverContent": {"generationComplete": True}}


def test_a_tap_is_no_part_of_what_a_session_is() -> None:
    tapped = options_with(api_key="k", tap=lambda *_: None)
    assert tapped == options_with(api_key="k")
    assert "tap" not in repr(tapped)
    arguments = socket_arguments(options_with(api_key="k"), "https://pipit.example", TRUST)
    assert arguments["create_connection"] is PromptConnection
