"""Listening sockets that let so many in at a time: whoever comes then is turned away before anything is spent on him.

asyncio makes TLS's part of a connection, some 300 kB with its buffers, as soon as it is accepted and before a byte
has come. So the bound is kept where connections are accepted.
"""

import asyncio
import logging
import socket
from contextlib import ExitStack
from typing import Any

log = logging.getLogger(__name__)


class Guests:
    """How many connections there are, over all the sockets of a server."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.present = 0
        self.turned_away = 0

    def enter(self) -> bool:
        """Whether there is room for one more."""
        if self.present >= self.limit:
            self.turned_away += 1
            if self.turned_away.bit_count() == 1:  # the first, second, fourth, eighth …: they must not fill the journal
                log.warning("more than %d connections: one is turned away (%d so far)", self.limit, self.turned_away)
            return False
        self.present += 1
        return True

    def leave(self) -> None:
        self.present -= 1


class Guest(socket.socket):
    """A connection that is counted until it is closed."""

    def __init__(self, accepted: socket.socket, guests: Guests) -> None:
        super().__init__(fileno=accepted.detach())
        self._guests: Guests | None = guests

    def close(self) -> None:
        if self._guests:
            self._guests.leave()
            self._guests = None
        super().close()


class Doorway(socket.socket):
    """A socket to listen on, for asyncio."""

    def __init__(self, family: int, guests: Guests) -> None:
        super().__init__(family, socket.SOCK_STREAM)
        self._guests = guests

    def accept(self) -> tuple[socket.socket, Any]:
        """Raises ConnectionAbortedError, for which asyncio waits for the next one, if there is no room."""
        connection, address = super().accept()
        if self._guests.enter():
            return Guest(connection, self._guests), address
        connection.close()
        raise ConnectionAbortedError("there is no room")


async def doorways(host: str, port: int, guests: Guests) -> list[Doorway]:
    """A bound socket for each address of `host`; a `port` of 0 is chosen by the system. Raises OSError, OverflowError.

    As `loop.create_server` makes them; all addresses of this machine if `host` is empty.
    """
    found = await asyncio.get_running_loop().getaddrinfo(
        host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    with ExitStack() as stack:
        doors = []
        for family, _, _, _, address in dict.fromkeys(found):
            door = stack.enter_context(Doorway(family, guests))
            _bind(door, (address[0], port, *address[2:]))
            doors.append(door)
        stack.pop_all()
    return doors


def _bind(door: Doorway, address: tuple[Any, ...]) -> None:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if door.family == socket.AF_INET6:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    door.bind(address)
