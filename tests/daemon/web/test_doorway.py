"""Who is let in is counted from the accept on; the rest costs nothing, and there is room again for who leaves."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from daemon.web.doorway import Guests, doorways

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE_S = 15.0

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class House(asyncio.Protocol):
    """A server that greets whoever comes in."""

    def __init__(self, limit: int) -> None:
        self.guests = Guests(limit)
        self.port = 0
        self.greeted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.greeted += 1
        transport.write(b"welcome\n")

    async def visit(self) -> Peer:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def until_present(self, count: int) -> None:
        while self.guests.present != count:  # noqa: ASYNC110 - a handful of turns of the loop
            await asyncio.sleep(0)


@asynccontextmanager
async def house(limit: int) -> AsyncIterator[House]:
    home = House(limit)
    (door,) = await doorways("127.0.0.1", 0, home.guests)
    home.port = door.getsockname()[1]
    server = await asyncio.get_running_loop().create_server(lambda: home, sock=door)
    async with asyncio.timeout(PATIENCE_S), server:
        yield home


async def said_to(peer: Peer) -> bytes:
    with contextlib.suppress(ConnectionError):
        return await peer[0].readline()
    return b""


async def test_so_many_are_let_in_and_the_rest_is_closed_unheard(caplog: pytest.LogCaptureFixture) -> None:
    async with house(3) as home:
        inside = [await home.visit() for _ in range(3)]
        assert [await said_to(peer) for peer in inside] == [b"welcome\n"] * 3
        outside = [await home.visit() for _ in range(50)]
        assert [await said_to(peer) for peer in outside] == [b""] * 50
        assert (home.guests.present, home.guests.turned_away, home.greeted) == (3, 50, 3)
        for _, writer in inside + outside:
            writer.transport.abort()
        await home.until_present(0)
    told = [record.getMessage() for record in caplog.records if "turned away" in record.getMessage()]
    assert told == [f"more than 3 connections: one is turned away ({n} so far)" for n in (1, 2, 4, 8, 16, 32)]


async def test_there_is_room_again_for_who_leaves_however_they_leave() -> None:
    async with house(1) as home:
        for leave in ("close", "abort", "write_eof"):
            peer = await home.visit()
            assert await said_to(peer) == b"welcome\n"
            getattr(peer[1].transport, leave)()
            await home.until_present(0)
            peer[1].transport.abort()


async def test_a_guest_that_is_closed_twice_leaves_once() -> None:
    guests = Guests(2)
    (door,) = await doorways("127.0.0.1", 0, guests)
    door.listen()
    with door, socket.create_connection(door.getsockname()):
        guest, _ = door.accept()
        guests.enter()
        guest.close()
        guest.close()
        assert guests.present == 1


async def test_every_address_of_a_host_has_a_door_and_all_share_one_count() -> None:
    guests = Guests(5)
    doors = await doorways("", 0, guests)
    try:
        assert {door.family for door in doors} <= {socket.AF_INET, socket.AF_INET6}
        assert len({door.family for door in doors}) == len(doors)
        assert {door._guests for door in doors} == {guests}
    finally:
        for door in doors:
            door.close()


async def test_a_port_that_is_taken_and_one_that_cannot_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="Address already in use"):
        await doorways("127.0.0.1", taken.getsockname()[1], Guests(1))
    with pytest.raises(OverflowError):
        await doorways("127.0.0.1", 70_000, Guests(1))
