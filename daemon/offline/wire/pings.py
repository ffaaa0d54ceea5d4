"""The server's end of a WebSocket, which can leave pings unanswered; websockets itself answers each at once."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from websockets.asyncio.server import Server, ServerConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import Event
from websockets.server import ServerProtocol

LARGEST_MESSAGE_BYTES: Final = 16 * 2**20
"""A client may send minutes of sound in one message: the JavaScript SDK's own test sends 129,326 characters."""

WAITING_PINGS: Final = 64
"""Pings that nobody has answered; the newest go first, for the next pong answers them all (RFC 6455 §5.5.3)."""


class PatientProtocol(ServerProtocol):
    """Leaves pings to the connection, if it is told to."""

    leaves_pings = False

    def recv_frame(self, frame: Frame) -> None:
        """As `ServerProtocol`, but for pings."""
        if frame.opcode is Opcode.PING and self.leaves_pings:
            self.events.append(frame)
        else:
            super().recv_frame(frame)


class PatientConnection(ServerConnection):
    """Answers pings at once, as it should, or keeps them in `pings` for someone who answers them late."""

    largest_message_bytes = LARGEST_MESSAGE_BYTES

    def __init__(self, _protocol: ServerProtocol, server: Server, **options: Any) -> None:
        """As websockets makes it, with a protocol of our own."""
        self._patient = PatientProtocol(max_size=self.largest_message_bytes)
        super().__init__(self._patient, server, **options)
        self.pings: asyncio.Queue[bytes] = asyncio.Queue(WAITING_PINGS)

    def leave_pings(self) -> None:
        """Answer no more pings."""
        self._patient.leaves_pings = True

    def process_event(self, event: Event) -> None:
        """As `ServerConnection`; it ignores pings."""
        if self._patient.leaves_pings and isinstance(event, Frame) and event.opcode is Opcode.PING:
            with suppress(asyncio.QueueFull):
                self.pings.put_nowait(bytes(event.data))
        super().process_event(event)
