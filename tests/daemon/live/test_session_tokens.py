"""Sessions that are opened with tokens: asked for when needed, ended before they expire, given up when refused."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from daemon.broker.device import NoToken
from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionEnding, SessionLost, SessionOpened
from daemon.conversation.messages import HandleRefused
from daemon.live.tokens import Token
from tests.daemon.live.line import Line, calling, outcome
from tests.daemon.live.peer import Peer, hold, serving

if TYPE_CHECKING:
    from daemon.live.options import LiveOptions
    from daemon.web.certificate import CertificateFiles


@dataclass
class Purse:
    """Tokens with numbers; what was asked for, and what was refused."""

    lasts_s: float = 1800.0
    fault: Exception | None = None
    asked: list[bool] = field(default_factory=list)
    refusals: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def token(self, *, resuming: bool) -> Token:
        self.asked.append(resuming)
        self.waiting.set()
        await self.gate.wait()
        if self.fault:
            raise self.fault
        return Token(f"auth_tokens/number-{len(self.asked)}", self.lasts_s)

    def refused(self) -> None:
        self.refusals += 1


def with_tokens(options: LiveOptions, purse: Purse, handle: str = "") -> LiveOptions:
    return replace(options, api_key="", tokens=purse, handle=handle)


async def accepting(peer: Peer) -> None:
    await peer.accept()
    await hold(peer)


async def test_the_token_opens_the_session_where_tokens_do(certificate: CertificateFiles) -> None:
    purse = Purse()
    async with serving(certificate, accepting) as service, calling(with_tokens(service.options(), purse)) as line:
        await line.until(SessionOpened)
        request = service.peers[0].socket.request
        assert request is not None
        assert request.path.endswith("v1alpha.GenerativeService.BidiGenerateContentConstrained")
        assert request.headers["Authorization"] == "Token auth_tokens/number-1"
        assert purse.asked == [False]


async def test_a_broker_that_takes_its_time_costs_no_word(certificate: CertificateFiles) -> None:
    purse, heard = Purse(), asyncio.Event()
    purse.gate.clear()

    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.receive_until("activityEnd")
        heard.set()
        await hold(peer)

    async with serving(certificate, script) as service, calling(with_tokens(service.options(), purse)) as line:
        spoken = line.say(1, 5_000)
        assert not service.peers
        purse.gate.set()
        await heard.wait()
    assert b"".join(m for m in service.peers[0].realtime() if isinstance(m, bytes)) == spoken


async def test_no_token_is_a_session_that_is_lost_for_its_cause(certificate: CertificateFiles) -> None:
    purse = Purse(fault=NoToken(Cause.BROKER, "nobody is there", "look"))
    async with serving(certificate, accepting) as service:
        [lost] = await outcome(with_tokens(service.options(), purse))
        assert isinstance(lost, SessionLost)
        assert lost.cause is Cause.BROKER
        assert "nobody is there" in lost.detail
        assert not service.peers


@pytest.mark.parametrize("fault", [UnicodeError("hunter2"), ValueError("hunter2"), RuntimeError("hunter2")])
async def test_a_fault_of_the_source_is_an_error_of_the_session_without_its_words(
    certificate: CertificateFiles, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(certificate, accepting) as service:
        [lost] = await outcome(with_tokens(service.options(), Purse(fault=fault)))
    assert isinstance(lost, SessionLost)
    assert lost.cause is Cause.SETUP_REFUSED
    assert f"no token can be had ({type(fault).__name__} at test_session_tokens.py:" in lost.detail
    assert "hunter2" not in caplog.text


async def test_closing_does_not_wait_for_the_broker(certificate: CertificateFiles) -> None:
    purse = Purse()
    purse.gate.clear()
    async with serving(certificate, accepting) as service, calling(with_tokens(service.options(), purse)) as line:
        await purse.waiting.wait()
        line.session.close()
    assert line.reports == []


async def test_before_the_token_expires_the_session_is_said_to_end(certificate: CertificateFiles) -> None:
    purse = Purse(lasts_s=0.2)
    async with serving(certificate, accepting) as service, calling(with_tokens(service.options(), purse)) as line:
        await line.until(SessionOpened)
        assert await line.until(SessionEnding) == SessionEnding(0.1)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1011, "Token has been used too many times"),
        (1011, "Token has expired"),
        (1008, "Request had invalid authentication credentials. Expected OAuth 2 access token"),
    ],
)
async def test_a_token_that_is_refused_is_given_up(
    certificate: CertificateFiles, code: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(peer: Peer) -> None:
        await peer.socket.recv()
        await peer.socket.close(code, reason)

    caplog.set_level(logging.DEBUG)
    purse = Purse()
    async with serving(certificate, script) as service:
        [lost] = await outcome(with_tokens(service.options(), purse))
    assert isinstance(lost, SessionLost)
    assert lost.cause is Cause.TOKEN_REFUSED
    assert lost.cause.passing, "another may do"
    assert purse.refusals == 1
    ours = [record.getMessage() for record in caplog.records if record.name != "websockets.server"]
    assert ours
    assert "number-1" not in "".join(ours)


async def test_a_token_that_expires_in_mid_session_is_a_lost_line(certificate: CertificateFiles) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        await peer.socket.close(1011, "auth token has expired")

    async with serving(certificate, script) as service:
        line = Line(with_tokens(service.options(), Purse()))
        await line.session.run()
        assert [type(report) for report in line.reports] == [SessionOpened, SessionLost]
        assert line.reports[-1] == SessionLost(Cause.LOST, "1011 auth token has expired")


async def test_a_handle_that_is_refused_takes_a_token_for_a_new_session(certificate: CertificateFiles) -> None:
    async def script(peer: Peer) -> None:
        if len(service.peers) == 1:
            await peer.socket.recv()
            await peer.socket.close(1008, "Requested entity was not found.")
            return
        await accepting(peer)

    purse = Purse()
    async with (
        serving(certificate, script) as service,
        calling(with_tokens(service.options(), purse, "old")) as line,
    ):
        await line.until(HandleRefused)
        await line.until(SessionOpened)
        assert purse.asked == [True, False]
