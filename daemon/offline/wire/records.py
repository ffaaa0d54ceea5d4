"""What one session received and sent, for tests and for whoever wants to see what went over the wire."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from daemon.offline.wire.client_messages import ActivityEnd, ActivityStart, AudioChunk, ClientMessage, Setup
from daemon.offline.wire.server_messages import ServerMessage
from daemon.sound.pcm import Samples, from_bytes


@dataclass(frozen=True)
class Received:
    """A client's message and when it arrived, by the server's clock."""

    at_s: float
    message: ClientMessage


@dataclass(frozen=True)
class Sent:
    """A server's message and when it was handed to the socket."""

    at_s: float
    message: ServerMessage


@dataclass
class ActivityWindow:
    """What arrived between `activityStart` and `activityEnd`."""

    started_at_s: float
    ended_at_s: float | None = None
    """None while it is open, and for ever if a new start or the end of the connection cut it off."""
    audio: bytearray = field(default_factory=bytearray, repr=False)

    @property
    def samples(self) -> Samples:
        """The audio as it came, at the client's rate."""
        return from_bytes(bytes(self.audio[: len(self.audio) // 2 * 2]))


@dataclass
class SessionRecord:
    """One connection, from its handshake on. `received` and `sent` stay empty unless the server was told to record."""

    number: int
    path: str
    setup: Setup | None = None
    first_frame: str | bytes = field(default="", repr=False)
    """The client's first message as it came, which is its setup if all is well."""
    received: list[Received] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    close_code: int | None = None
    """RFC 6455 code, also 1005 and 1006; None while the connection is open."""
    close_reason: str = ""
    _changed: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def open(self) -> bool:
        return self.close_code is None

    @property
    def windows(self) -> list[ActivityWindow]:
        """The activity windows so far, in order."""
        return self._sorted_audio()[0]

    @property
    def stray_audio(self) -> bytes:
        """Audio that arrived outside every activity window; all of it if the client marks no activity."""
        return self._sorted_audio()[1]

    @property
    def audio(self) -> Samples:
        """All audio, wherever it belongs, at the client's rate."""
        chunks = [item.message.data for item in self.received if isinstance(item.message, AudioChunk)]
        return from_bytes(b"".join(chunks)) if chunks else np.zeros(0, np.int16)

    def messages(self, *kinds: type[ClientMessage]) -> list[ClientMessage]:
        """The received messages of these types, or all of them."""
        return [item.message for item in self.received if not kinds or isinstance(item.message, kinds)]

    async def until(self, condition: Callable[["SessionRecord"], bool], timeout_s: float = 60.0) -> None:
        """Wait until `condition` holds of this record; TimeoutError if it does not in time."""
        async with asyncio.timeout(timeout_s):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    def touch(self) -> None:
        """Let those who wait look again."""
        self._changed.set()

    def _sorted_audio(self) -> tuple[list[ActivityWindow], bytes]:
        windows: list[ActivityWindow] = []
        stray = bytearray()
        inside = False
        for item in self.received:
            match item.message:
                case ActivityStart():
                    windows.append(ActivityWindow(item.at_s))
                    inside = True
                case ActivityEnd() if inside:
                    windows[-1].ended_at_s = item.at_s
                    inside = False
                case AudioChunk(data):
                    (windows[-1].audio if inside else stray).extend(data)
        return windows, bytes(stray)
