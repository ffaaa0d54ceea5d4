"""How a session of the home server ends, and goodbyes that nobody can hold up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from daemon.offline.wire.mapping import cut

if TYPE_CHECKING:
    from websockets.asyncio.connection import Connection

GOODBYE_S: Final = 2.0
"""For the other side's part of the closing handshake; then its socket is cut."""
ABNORMAL: Final = 1006
NO_STATUS: Final = 1005
"""RFC 6455 §7.4.1: codes that stand for the lack of a close frame, or of a code in it, and are never sent."""


class Ended(Exception):
    """The session is over; the client is told `code` and `reason`."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code}")  # the reason may quote what was said
        self.code = code
        self.reason = reason


async def say_goodbye(connection: Connection, end: Ended) -> None:
    """Close as `end` says, in `GOODBYE_S` at most: a peer that does not read holds up no close frame for ever.

    Of an end without a goodbye (1006) the client gets none either.
    """
    if end.code == ABNORMAL:
        connection.transport.abort()
        return
    timer = asyncio.get_running_loop().call_later(GOODBYE_S, connection.transport.abort)
    try:
        await connection.close(1000 if end.code == NO_STATUS else end.code, cut(end.reason))
    finally:
        timer.cancel()
