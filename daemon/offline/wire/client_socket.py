"""One client's WebSocket, as the session sees it; with `server` and `pings`, all that knows websockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from math import isfinite

from websockets.exceptions import ConnectionClosed

from daemon.offline.wire.client_messages import ClientMessage, Setup
from daemon.offline.wire.mapping import cut, encode
from daemon.offline.wire.pings import PatientConnection
from daemon.offline.wire.records import Received, Sent, SessionRecord
from daemon.offline.wire.server_messages import ServerMessage

Clock = Callable[[], float]
"""Seconds since some moment."""

Sleep = Callable[[float], Awaitable[None]]
"""Waits that many seconds."""


class Link:
    """Sends messages, ends the connection, and keeps the record."""

    def __init__(
        self,
        connection: PatientConnection,
        record: SessionRecord,
        clock: Clock,
        sleep: Sleep,
        *,
        keep: bool,
        taken: Sequence[str | bytes] = (),
    ) -> None:
        """With `keep`, every message goes into the record. `taken` are frames that somebody took before."""
        self.record = record
        self.sleep = sleep
        self._connection = connection
        self._clock = clock
        self._keep = keep
        self._taken = taken
        self._silent = False
        self._ended = False

    def now(self) -> float:
        """Seconds, by the server's clock."""
        return self._clock()

    async def frames(self) -> AsyncIterator[str | bytes]:
        """What the client sends, until either side ends the connection, however it is done."""
        try:
            async for frame in self._all_frames():
                if self._ended:
                    return
                self.record.first_frame = self.record.first_frame or frame
                yield frame
        except ConnectionClosed:
            return

    async def _all_frames(self) -> AsyncIterator[str | bytes]:
        for frame in self._taken:
            yield frame
        async for frame in self._connection:
            yield frame

    def note(self, message: ClientMessage) -> None:
        """Put a received message on record."""
        if isinstance(message, Setup):
            self.record.setup = message
        if self._keep:
            self.record.received.append(Received(self._clock(), message))
        self.record.touch()

    async def send(self, message: ServerMessage) -> None:
        """Send one message; into the void if the client has gone, which `frames` will tell."""
        await self._send(message, encode(message))

    async def send_frame(self, frame: str | bytes) -> None:
        """Send what may be no message at all; on record it is a message with the field `frame`."""
        await self._send({"frame": frame}, frame)

    async def _send(self, message: ServerMessage, frame: str | bytes) -> None:
        if self._silent or self._ended:
            return
        if self._keep:
            self.record.sent.append(Sent(self._clock(), message))
            self.record.touch()
        with suppress(ConnectionClosed):
            await self._connection.send(frame)

    async def answer_pings(self, delay_s: float) -> None:
        """Answer each ping so much later; at once for 0, never if it is infinite. Until cancelled."""
        if delay_s == 0:
            return
        self._connection.leave_pings()
        async with asyncio.TaskGroup() as tasks:
            while isfinite(delay_s):
                tasks.create_task(self._answer_ping(await self._connection.pings.get(), delay_s))

    async def _answer_ping(self, data: bytes, delay_s: float) -> None:
        await self.sleep(delay_s)
        with suppress(ConnectionClosed):
            await self._connection.pong(data)

    def fall_silent(self) -> None:
        """Send nothing more, but leave the connection open."""
        self._silent = True

    async def close(self, code: int, reason: str) -> None:
        """Close with a code and a reason, cut to what a close frame holds."""
        self._ended = True
        await self._connection.close(code, cut(reason))

    def abort(self) -> None:
        """Cut the TCP connection."""
        self._ended = True
        self._connection.transport.abort()

    @property
    def usable(self) -> bool:
        """Whether the connection is neither closed nor closing."""
        return not self._ended and self._connection.state.name == "OPEN"
