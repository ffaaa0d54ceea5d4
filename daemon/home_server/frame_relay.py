"""Passes frames between a client and the service as they come, until one of them ends it. Nothing is read or kept.

Nothing is queued here either: a frame is taken when the one before it has been sent. What waits is what websockets has
read ahead (`max_queue` frames) and what the kernel holds, then the sender has to wait. Who lets others wait too long
loses the session.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

from daemon.home_server.goodbye import ABNORMAL, Ended, say_goodbye

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.connection import Connection

NOBODY_LEFT: Final = 1000
"""What a client that has gone would be told."""


async def relayed(
    client: Connection,
    service: Connection,
    *,
    first: str | bytes,
    patience_s: float,
    look: Callable[[str | bytes], None],
) -> Ended:
    """Pass frames both ways, `first` to the client before all others; how it ended.

    `patience_s` is the longest that either side may let a frame wait. `look` is shown each frame of the service, once
    it was passed on or cannot be, and may raise Ended. The service's session is closed when this returns.
    """
    up = _Way(client, service, patience_s, Ended(1011, f"the service took nothing for {patience_s:g} s"))
    down = _Way(service, client, patience_s, Ended(1008, f"dropped: the client took nothing for {patience_s:g} s"))
    end = Ended(NOBODY_LEFT)
    try:
        async with asyncio.TaskGroup() as ways:
            ways.create_task(up.walk(lambda: Ended(NOBODY_LEFT)))
            ways.create_task(down.walk(lambda: _end_of(service), look, first))
    except* Ended as group:
        end = next(error for error in group.exceptions if isinstance(error, Ended))
    await _take_leave(service, look)
    return end


async def _take_leave(service: Connection, look: Callable[[str | bytes], None]) -> None:
    """Close the service's session, and look at what it still says: what that reports is paid for, whoever has gone."""
    async with asyncio.TaskGroup() as group:
        group.create_task(say_goodbye(service, Ended(1000)))
        with suppress(ConnectionClosed):
            while True:
                frame = await service.recv()
                with suppress(Ended):
                    look(frame)


@dataclass(frozen=True)
class _Way:
    """One of the two directions."""

    source: Connection
    sink: Connection
    patience_s: float
    too_slow: Ended

    async def walk(
        self,
        at_end: Callable[[], Ended],
        look: Callable[[str | bytes], None] = lambda _: None,
        first: str | bytes | None = None,
    ) -> None:
        """Raises Ended with the source. If the sink ends first the other way tells, after its last words."""
        frame = first
        while True:
            try:
                frame = frame if frame is not None else await self.source.recv()
            except ConnectionClosed:
                raise at_end() from None
            try:
                sent = await self._sent(frame)
            finally:
                look(frame)
            if not sent:
                return
            frame = None

    async def _sent(self, frame: str | bytes) -> bool:
        """Whether the sink still takes frames. Raises Ended if it takes too long."""
        try:
            async with asyncio.timeout(self.patience_s):
                await self.sink.send(frame)
        except TimeoutError:
            raise self.too_slow from None
        except ConnectionClosed:
            return False
        return True


def _end_of(service: Connection) -> Ended:
    return Ended(service.close_code or ABNORMAL, service.close_reason or "")
