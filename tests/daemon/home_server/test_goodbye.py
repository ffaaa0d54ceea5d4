"""Goodbyes: with code and reason, without where there was none, and never held up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from daemon.home_server.goodbye import Ended, say_goodbye
from daemon.live.service_line import service_line
from tests.daemon.live.peer import Peer, serving

if TYPE_CHECKING:
    from daemon.web.certificate import CertificateFiles


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [(1008, "why", (1008, "why")), (1005, "", (1000, "")), (1006, "", (1006, "")), (1011, "ü" * 90, (1011, "ü" * 61))],
)
async def test_a_client_is_told(certificate: CertificateFiles, code: int, reason: str, told: tuple[int, str]) -> None:
    async def end(peer: Peer) -> None:
        await say_goodbye(peer.socket, Ended(code, reason))

    async with serving(certificate, end) as service, service_line(service.options(), "v1beta") as line:
        await line.wait_closed()
        assert (line.close_code, line.close_reason) == told


async def test_a_client_that_reads_nothing_holds_up_nobody(certificate: CertificateFiles) -> None:
    done = asyncio.Event()

    async def flood_and_end(peer: Peer) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                await peer.socket.send(bytes(16 * 2**20))
        await say_goodbye(peer.socket, Ended(1008, "slow"))
        done.set()

    async with (
        asyncio.timeout(60),
        serving(certificate, flood_and_end, close_timeout=600) as service,
        service_line(service.options(), "v1beta") as line,
    ):
        line.transport.pause_reading()
        await done.wait()


def test_the_reason_is_not_part_of_the_exceptions_text() -> None:
    assert str(Ended(1007, "quotes what was said")) == "1007"
