"""The broker's sockets: nobody who dawdles, crowds, or speaks no TLS keeps others out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from typing import TYPE_CHECKING

import pytest

from daemon.broker.sockets import BrokerServer
from daemon.errors import PortInUse, UsageError
from tests.daemon.broker.house import House, broker

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60.0


async def connect(house: House) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    trust = ssl.create_default_context(cafile=house.files.ca_file)
    return await asyncio.open_connection("127.0.0.1", house.server.port, ssl=trust, server_hostname="127.0.0.1")


async def spoken(house: House, request: bytes) -> bytes:
    """All that is answered to `request`."""
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await connect(house)
        writer.write(request)
        answer = await reader.read()
        writer.transport.abort()
    return answer


async def works(house: House) -> bool:
    return bool((await house.device().token(resuming=False)).name)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"POST /v1/token HTTP/1.1\r\nHost: b\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000, 413),
        (b"GET /" + b"x" * 9000, 431),
        (b"GET / HTTP/1.1\r\nHost: b\r\n\r\n", 404),
    ],
    ids=["nonsense", "long body", "long head", "elsewhere"],
)
async def test_what_is_no_request_is_told_so_in_json(tmp_path: Path, request_: bytes, status: int) -> None:
    async with broker(tmp_path) as house:
        head, _, body = (await spoken(house, request_)).partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status}".encode())
        assert b"Cache-Control: no-store" in head
        assert json.loads(body)["error"]["code"] in {"bad_request", "not_found"}


async def test_without_tls_there_is_no_answer(tmp_path: Path) -> None:
    async with broker(tmp_path) as house, asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
        writer.write(b"POST /v1/token HTTP/1.1\r\nHost: b\r\n\r\n")
        try:
            said = await reader.read()
        except ConnectionError:
            said = b""
        writer.transport.abort()
        assert b"HTTP" not in said
        assert await works(house)


async def test_who_dawdles_is_cut_off(tmp_path: Path) -> None:
    async with broker(tmp_path, request_s=0.05) as house, asyncio.timeout(PATIENCE_S):
        reader, writer = await connect(house)
        writer.write(b"POST /v1/token HTTP/1.1\r\n")
        try:
            said = await reader.read()
        except ConnectionError:
            said = b""
        writer.transport.abort()
        assert said == b""


async def test_a_crowd_is_turned_away_and_room_is_made_again(tmp_path: Path) -> None:
    async with broker(tmp_path, connections=2) as house, asyncio.timeout(PATIENCE_S):
        crowd = [await connect(house) for _ in range(2)]
        said = b""
        with contextlib.suppress(ConnectionError):
            said = await spoken(house, b"GET / HTTP/1.1\r\nHost: b\r\n\r\n")  # which others are answered
        assert said == b""
        for _, other in crowd:
            other.transport.abort()
        await until_it_works(house)


async def test_who_says_nothing_counts_before_tls_begins(tmp_path: Path) -> None:
    async with broker(tmp_path, connections=2) as house, asyncio.timeout(PATIENCE_S):
        silent = [await asyncio.open_connection("127.0.0.1", house.server.port) for _ in range(40)]
        ends = await asyncio.gather(*(ended(reader) for reader, _ in silent[2:]))
        assert ends == [b""] * 38
        assert not any(reader.at_eof() for reader, _ in silent[:2])
        assert (house.server.guests.present, house.server.guests.turned_away) == (2, 38)
        for _, writer in silent:
            writer.transport.abort()
        await until_it_works(house)


async def test_who_does_not_begin_tls_in_time_leaves_his_place(tmp_path: Path) -> None:
    async with broker(tmp_path, connections=1, handshake_s=0.05) as house, asyncio.timeout(PATIENCE_S):
        for first in (b"", b"\x16\x03\x01"):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
            writer.write(first)
            assert await ended(reader) == b""
            writer.transport.abort()
        await until_it_works(house)


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What comes until the end of the connection."""
    with contextlib.suppress(ConnectionError):
        return await reader.read()
    return b""


async def until_it_works(house: House) -> None:
    from daemon.broker.device import NoToken

    while True:
        try:
            assert await works(house)
        except NoToken:
            await asyncio.sleep(0)
        else:
            return


async def test_who_hangs_up_harms_nobody(tmp_path: Path) -> None:
    async with broker(tmp_path) as house, asyncio.timeout(PATIENCE_S):
        for piece in (b"", b"PO", b"POST /v1/token HTTP/1.1\r\nHost: b\r\nContent-Length: 10\r\n\r\n{"):
            _, writer = await connect(house)
            writer.write(piece)
            writer.transport.abort()
        await until_it_works(house)


async def test_a_port_in_use_and_a_host_that_is_not_ours(tmp_path: Path) -> None:
    async with broker(tmp_path) as house:
        context = house.files.server_context()
        with pytest.raises(PortInUse, match=f"port {house.server.port} on 127.0.0.1 is in use"):
            async with BrokerServer(_never, context, host="127.0.0.1", port=house.server.port, connections=1):
                pass
        with pytest.raises(UsageError, match=r"a\.\.b is no name of a host"):
            async with BrokerServer(_never, context, host="a..b", port=0, connections=1):
                pass
        with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
            async with BrokerServer(_never, context, host="192.0.2.1", port=0, connections=1):
                pass


async def _never(_: object) -> object:  # pragma: no cover
    raise AssertionError
