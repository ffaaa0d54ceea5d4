"""Notices a line that is dead while the user speaks: sound goes up all the time, and nothing of it is acknowledged.

Nothing else would tell for a minute: a ping may be answered late. It is the network that acknowledges, not the service,
so one that is slow to think is not taken for dead.
"""

import socket
from contextlib import suppress
from typing import Final

USER_TIMEOUT: Final[int] = socket.TCP_USER_TIMEOUT
"""tcp(7); with 700 ms a line that was cut is noticed after 1.15 s, for the kernel looks when it sends again."""


class Unacknowledged:
    """The limit of one socket; with `limit_ms` of 0 it is the kernel's own, some fifteen minutes."""

    def __init__(self, limit_ms: int) -> None:
        self._limit_ms = limit_ms
        self._socket: socket.socket | None = None
        self._watched = False

    def attach(self, of_connection: socket.socket | None) -> None:
        """The socket below the connection; with a proxy, the one to that."""
        self._socket = of_connection

    def watch(self) -> None:
        """From now on, sound goes up."""
        self._set(watched=True)

    def rest(self) -> None:
        """Something was heard of the service: what goes up now may wait for its acknowledgement as it ever may."""
        self._set(watched=False)

    def _set(self, *, watched: bool) -> None:
        if not self._limit_ms or self._socket is None or watched == self._watched:
            return
        self._watched = watched
        with suppress(OSError):  # it is closed already, or no socket of TCP
            self._socket.setsockopt(socket.IPPROTO_TCP, USER_TIMEOUT, self._limit_ms if watched else 0)
