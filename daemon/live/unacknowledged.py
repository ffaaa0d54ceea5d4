"""Notices a line that is dead while the user speaks: sound goes up all the time, and nothing of it is acknowledged.

Nothing else would tell for a minute: a ping may be answered late. It is the network that acknowledges, not the service,
so one that is slow to think is not taken for dead.
"""

import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

USER_TIMEOUT: Final[int] = socket.TCP_USER_TIMEOUT
"""tcp(7); with 700 ms a line that was cut is noticed after 1.15 s, for the kernel looks when it sends again."""

SILENT_MS: Final = 400
"""While a piece goes up every 40 ms a network that is there acknowledges sooner, after a Wi-Fi that roams too."""

_UNACKED, _LAST_ACK_MS = slice(24, 28), slice(56, 60)
"""Of `struct tcp_info` in linux/tcp.h: segments that are not acknowledged, and how long ago anything was."""


class Unacknowledged:
    """The limit of one socket; with `limit_ms` of 0 it is the kernel's own, some fifteen minutes."""

    def __init__(self, limit_ms: int, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock that only goes forward, in seconds."""
        self._limit_ms, self._now = limit_ms, now
        self._socket: socket.socket | None = None
        self._watched = False
        self._since_s = 0.0

    def attach(self, of_connection: socket.socket | None) -> None:
        """The socket below the connection; with a proxy, the one to that."""
        self._socket = of_connection

    def watch(self) -> None:
        """From now on, sound goes up."""
        self._since_s = self._now()
        self._set(watched=True)

    @property
    def silent(self) -> bool:
        """Whether sound has gone up for some time, and nothing of it is acknowledged: sooner than the limit ends it."""
        if not self._watched or self._socket is None or 1000 * (self._now() - self._since_s) < SILENT_MS:
            return False
        try:
            told = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_ACK_MS.stop)
        except OSError:
            return False
        unacked, last_ack_ms = (int.from_bytes(told[part], sys.byteorder) for part in (_UNACKED, _LAST_ACK_MS))
        return unacked > 0 and last_ack_ms >= SILENT_MS

    def rest(self) -> None:
        """Something was heard of the service: what goes up now may wait for its acknowledgement as it ever may."""
        self._set(watched=False)

    def _set(self, *, watched: bool) -> None:
        if not self._limit_ms or self._socket is None or watched == self._watched:
            return
        self._watched = watched
        with suppress(OSError):  # it is closed already, or no socket of TCP
            self._socket.setsockopt(socket.IPPROTO_TCP, USER_TIMEOUT, self._limit_ms if watched else 0)
