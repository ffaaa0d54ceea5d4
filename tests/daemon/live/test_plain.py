"""Plain requests: where the key goes, and where it does not."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from daemon.conversation.causes import Cause
from daemon.live.lookup import Answer, look_up
from daemon.live.minting import NotMinted, Terms, mint
from tests.daemon.live.telling import options_with

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.web.certificate import CertificateFiles

KEY = "AIza-a-key-of-a-test"


@asynccontextmanager
async def answering(files: CertificateFiles, head: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that answers every request with `head`: its port, and the first line of each request."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=files.server_context()) as server:
        yield server.sockets[0].getsockname()[1], asked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_key_goes_to_the_host_that_was_named_or_nowhere(certificate: CertificateFiles, status: int) -> None:
    async with answering(certificate, "404 Not Found") as (elsewhere, misled):
        redirect = f"{status} Elsewhere\r\nLocation: https://localhost:{elsewhere}/key"
        async with answering(certificate, redirect) as (port, asked):
            options = options_with(api_key=KEY, endpoint=f"https://127.0.0.1:{port}", ca_file=str(certificate.ca_file))
            told = await asyncio.to_thread(look_up, options, 10.0)
            with pytest.raises(NotMinted) as raised:
                await mint(options, Terms(locks=[], lasts_s=60, opens_s=60))
    assert misled == []
    assert [line.split()[0] for line in asked] == [b"GET", b"POST"]
    assert told.answer is Answer.STRANGE
    assert raised.value.cause is Cause.SETUP_REFUSED


@pytest.mark.parametrize("file", ["/nonexistent", "/", __file__, "a\0b"])
async def test_a_file_without_certificates_is_named(file: str) -> None:
    options = options_with(api_key=KEY, endpoint="https://127.0.0.1:1", ca_file=file)
    told = await asyncio.to_thread(look_up, options, 1.0)
    assert told.answer is Answer.CERTIFICATE
    assert "the certificate authority " in told.detail
