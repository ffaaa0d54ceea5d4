"""Frames pass as they came, both ways; who is slow, or ends it, ends it for both. Real WebSockets over TLS."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed

from daemon.home_server.frame_relay import relayed
from daemon.home_server.goodbye import Ended
from tests.daemon.home_server.home import KEY, eventually, home
from tests.daemon.live.peer import Peer, serving

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.web.certificate import CertificateFiles

SETUP = json.dumps({"setup": {"model": "models/gemini-3.8-live", "x": "kept  as it is"}})
ACCEPTED = b'{\n  "setupComplete": {}\n}\n'
ODD: list[str | bytes] = ['{"text":  1}', b"\x00\xff no JSON", "", b"", "ü" * 70_000, b'{"a":"usageMetadata"}']
MOST_BYTES = 64 * 2**20
"""More than any kernel holds for a socket that nobody reads."""


async def opened(peer: Peer) -> None:
    assert await peer.socket.recv() == SETUP
    await peer.socket.send(ACCEPTED)


async def test_every_frame_arrives_as_it_was_sent_both_ways(tmp_path: Path, certificate: CertificateFiles) -> None:
    async def echo(peer: Peer) -> None:
        await opened(peer)
        async for frame in peer.socket:
            await peer.socket.send(frame)

    async with (
        serving(certificate, echo) as service,
        home(tmp_path, service.options(api_key=KEY)) as house,
        house.client() as client,
    ):
        await client.socket.send(SETUP)
        assert await client.socket.recv() == ACCEPTED
        for frame in ODD:
            await client.socket.send(frame)
            assert await client.socket.recv() == frame


async def test_the_service_sees_the_key_of_the_house_and_no_secret(
    tmp_path: Path, certificate: CertificateFiles
) -> None:
    async with (
        serving(certificate, opened) as service,
        home(tmp_path, service.options(api_key=KEY)) as house,
        house.client() as client,
    ):
        await client.socket.send(SETUP)
        await client.closed()
        request = service.peers[0].socket.request
    assert request
    assert request.headers["x-goog-api-key"] == KEY
    assert house.secret.partition(":")[2] not in f"{request.path}{request.headers}"
    assert "kitchen" not in f"{request.path}{request.headers}"


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        (
            1011,
            "Deadline expired before operation could complete.",
            "Deadline expired before operation could complete.",
        ),
        (1007, f"API key {KEY} is wrong", "API key [key] is wrong"),
        (1000, "", ""),
        (4321, "x" * 123, "x" * 123),
    ],
)
async def test_the_end_of_the_service_is_passed_on_after_its_last_words(
    tmp_path: Path, certificate: CertificateFiles, code: int, reason: str, told: str
) -> None:
    async def end(peer: Peer) -> None:
        await opened(peer)
        await peer.receive()
        for number in range(20):
            await peer.send({"number": number})
        await peer.socket.close(code, reason)

    async with (
        serving(certificate, end) as service,
        home(tmp_path, service.options(api_key=KEY)) as house,
        house.client() as client,
    ):
        await client.socket.send(SETUP)
        await client.socket.recv()
        await client.send({"go": "on"})
        assert [(await client.receive())["number"] for _ in range(20)] == [*range(20)]
        assert await client.closed() == (code, told)


async def test_a_service_that_breaks_off_breaks_off_for_the_client(
    tmp_path: Path, certificate: CertificateFiles
) -> None:
    async def cut(peer: Peer) -> None:
        await opened(peer)
        await peer.receive()
        peer.socket.transport.abort()

    async with (
        serving(certificate, cut) as service,
        home(tmp_path, service.options(api_key=KEY)) as house,
        house.client() as client,
    ):
        await client.socket.send(SETUP)
        await client.socket.recv()
        await client.send({"go": "on"})
        assert (await client.closed())[0] == 1006


async def test_a_client_that_goes_ends_the_session_of_the_service_after_its_last_words(
    tmp_path: Path, certificate: CertificateFiles
) -> None:
    ended = asyncio.Event()
    heard: list[Any] = []

    async def listen(peer: Peer) -> None:
        await opened(peer)
        heard.extend([frame async for frame in peer.socket])
        ended.set()

    async with serving(certificate, listen) as service, home(tmp_path, service.options(api_key=KEY)) as house:
        async with house.client() as client:
            await client.socket.send(SETUP)
            await client.socket.recv()
            for number in range(20):
                await client.socket.send(str(number))
        await ended.wait()
        assert heard == [str(number) for number in range(20)]
        assert service.peers[0].socket.close_code == 1000
        await eventually(lambda: house.server.guests.present == 0)


async def test_a_client_that_takes_nothing_is_dropped_with_a_reason(
    tmp_path: Path, certificate: CertificateFiles
) -> None:
    sent = 0

    async def flood(peer: Peer) -> None:
        nonlocal sent
        await opened(peer)
        while sent < MOST_BYTES:
            await peer.socket.send(bytes(2**20))
            sent += 2**20

    async with (
        serving(certificate, flood) as service,
        home(tmp_path, service.options(api_key=KEY), patience_s=1, device_sessions=1) as house,
    ):
        async with house.client(max_queue=1, max_size=None) as client:
            await client.socket.send(SETUP)
            await eventually(lambda: service.peers and service.peers[0].socket.close_code)
            assert sent < MOST_BYTES
            assert await client.closed() == (1008, "dropped: the client took nothing for 1 s")
        await house.empty()
        async with house.client() as next_one:
            await next_one.socket.send(SETUP)
            assert await next_one.socket.recv() == ACCEPTED


class Gone:
    """A client that goes as it is told something."""

    def __init__(self) -> None:
        self.told: list[str | bytes] = []
        self._gone = asyncio.Event()

    async def recv(self) -> str:
        await self._gone.wait()
        raise ConnectionClosed(None, None)

    async def send(self, frame: str | bytes) -> None:
        if self.told:
            self._gone.set()
            raise ConnectionClosed(None, None)
        self.told.append(frame)


class Telling:
    """A service that has said so much when it is closed, and says the rest before it closes."""

    close_code, close_reason = None, None
    transport = asyncio.Transport()

    def __init__(self, frames: list[str | bytes], rest: list[str | bytes]) -> None:
        self._frames, self._rest = frames, rest
        self._news = asyncio.Event()
        self.closed = False

    async def recv(self) -> str | bytes:
        while not self._frames:
            if self.closed:
                raise ConnectionClosed(None, None)
            await self._news.wait()
        return self._frames.pop(0)

    async def close(self, code: int, reason: str) -> None:
        assert (code, reason) == (1000, "")
        self._frames += self._rest
        self.closed = True
        self._news.set()


async def test_what_the_service_still_says_to_one_who_has_gone_is_looked_at_before_it_is_closed() -> None:
    client, service = Gone(), Telling(["sound", "more", "usage"], ["the last of it"])
    seen: list[str | bytes] = []

    def look(frame: str | bytes) -> None:
        seen.append(frame)
        if frame == "usage":
            raise Ended(1011, "all is spent")

    lines: Any = client, service
    assert (await relayed(*lines, first="accepted", patience_s=1, look=look)).code == 1000
    assert client.told == ["accepted"]
    assert seen == ["accepted", "sound", "more", "usage", "the last of it"]
    assert service.closed


async def test_a_client_of_a_service_that_takes_nothing_has_to_wait_and_is_told(
    tmp_path: Path, certificate: CertificateFiles
) -> None:
    async def deaf(peer: Peer) -> None:
        await opened(peer)
        await peer.socket.wait_closed()

    async with (
        serving(certificate, deaf, max_queue=1) as service,
        home(tmp_path, service.options(api_key=KEY), patience_s=1) as house,
        house.client() as client,
    ):
        await client.socket.send(SETUP)
        await client.socket.recv()

        async def talk() -> None:
            with suppress(ConnectionClosed):
                for _ in range(MOST_BYTES // 2**20):
                    await client.socket.send(bytes(2**20))

        async with asyncio.TaskGroup() as group:
            group.create_task(talk())
            assert await client.closed() == (1011, "the service took nothing for 1 s")
