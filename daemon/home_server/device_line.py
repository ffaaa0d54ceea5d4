"""A device's connection, asked whether the device is still there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from websockets.asyncio.connection import Connection

ALIVE_S: Final = 2.0
"""A device in the house answers a ping in a tenth of this, and whoever speaks to the new session waits so long."""


@dataclass(frozen=True, eq=False)
class DeviceLine:
    """As `daemon.home_server.places.Line`."""

    connection: Connection

    async def is_alive(self) -> bool:
        """Whether a ping is answered within `ALIVE_S`."""
        try:
            async with asyncio.timeout(ALIVE_S):
                await (await self.connection.ping())
        except (TimeoutError, ConnectionClosed):
            return False
        return True

    def cut(self) -> None:
        self.connection.transport.abort()
