"""What a driver program makes of its client: something that can be written and spoken to, and that replies.

It runs in the client's own environment, so it imports nothing but the standard library.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

RATE_HZ: Final = 16_000
"""Of what is said to a client: S16_LE mono."""

BLOCK_BYTES: Final = RATE_HZ * 2 // 25
"""40 ms of it: the service asks for 20 to 40 ms a message."""

BLOCK_PAUSE_S: Final = 0.01
"""Four times as fast as it is spoken: the server counts samples, not seconds."""

LAMP: Final = {"room": "kitchen", "on": True}
"""What the scenarios call `set_lamp` with; its answer is `LAMP_ANSWER`."""

LAMP_ANSWER: Final = {"lamp": "kitchen", "state": "on"}


@dataclass(frozen=True)
class Wanted:
    """What a case asks of the session."""

    model: str = "gemini-3.8-live"
    manual: bool = False
    """The client marks where the user's speech begins and ends; else the server finds it."""
    tool: bool = False
    """The function `set_lamp(room, on)` is offered."""
    resume: bool = False
    """The session outlives its connection."""


@dataclass
class Reply:
    """One turn of the model, as the client reported it."""

    said: str = ""
    heard: str = ""
    """The transcript of what the user said."""
    sound: bytearray = field(default_factory=bytearray, repr=False)
    """24 kHz S16_LE mono."""
    interrupted: bool = False


class Replies:
    """What the client reports, turn by turn. A driver fills `now`, and calls `complete` at each end of a turn."""

    def __init__(self) -> None:
        self.now = Reply()
        self.calls: list[dict[str, object]] = []
        """The arguments that `set_lamp` was called with."""
        self.sounding = asyncio.Event()
        self._complete: asyncio.Queue[Reply | Exception] = asyncio.Queue()

    def play(self, sound: bytes) -> None:
        self.now.sound += sound
        self.sounding.set()

    def set_lamp(self, room: str, on: bool) -> dict[str, str]:
        """What every driver's tool does."""
        self.calls.append({"room": room, "on": on})
        return dict(LAMP_ANSWER)

    def complete(self) -> None:
        self._complete.put_nowait(self.now)
        self.now = Reply()
        self.sounding.clear()

    def fail(self, error: Exception) -> None:
        """No more turns will come."""
        self._complete.put_nowait(error)

    async def next(self) -> Reply:
        """The next complete turn, or what the client failed with; the runner's deadline ends a wait for neither."""
        reply = await self._complete.get()
        if isinstance(reply, Exception):
            raise reply
        return reply

    @asynccontextmanager
    async def fed_by(self, reader: Coroutine[None, None, None]) -> AsyncIterator[None]:
        """Run what reads the client's events, and hand on its failure."""
        task = asyncio.create_task(self._run(reader))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self, reader: Coroutine[None, None, None]) -> None:
        try:
            await reader
        except Exception as error:  # noqa: BLE001 (whatever the client raises is its failure)
            self.fail(error)


class Talk(Protocol):
    """An open session of a client."""

    replies: Replies

    async def write(self, text: str) -> None:
        """One turn of the user in writing."""
        ...

    async def speak(self, sound: bytes) -> None:
        """One turn of the user in sound, which ends with silence; marked as activity if the session is `manual`."""
        ...

    async def reconnected(self) -> None:
        """Returns when the client has a second connection."""
        ...


Open = Callable[[Wanted], AbstractAsyncContextManager[Talk]]


async def blocks(sound: bytes) -> AsyncIterator[bytes]:
    """`sound` in pieces as a microphone gives them, only faster."""
    for start in range(0, len(sound), BLOCK_BYTES):
        yield sound[start : start + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")
        await asyncio.sleep(BLOCK_PAUSE_S)
