"""A Live server that does exactly what a test says: for the faults that no well-behaved server commits.

It speaks the protocol only as far as frames go; what a conversation is, `daemon.offline` knows.
"""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from daemon.live.options import LiveOptions
from daemon.web.certificate import CertificateFiles
from tests.daemon.live.telling import options_with

Script = Callable[["Peer"], Awaitable[None]]


@dataclass
class Arrival:
    """A client message, and when it was here."""

    message: dict[str, Any]
    at_s: float


@dataclass
class Peer:
    """One connection as its script sees it; `arrivals` holds everything received from the setup on."""

    socket: ServerConnection
    arrivals: list[Arrival] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self.socket.recv())
        self.note(message)
        return message

    def note(self, message: dict[str, Any]) -> None:
        self.arrivals.append(Arrival(message, time.perf_counter()))
        self._news.set()

    async def until_arrived(self, key: str, times: int = 1) -> None:
        """Wait, beside the script, until so many messages or realtime inputs of that kind have come."""
        while len([a for a in self.arrivals if key in a.message or key in a.message.get("realtime_input", {})]) < times:
            self._news.clear()
            await self._news.wait()

    async def receive_until(self, key: str) -> dict[str, Any]:
        """The first message that is `key`, or a realtime input of that kind."""
        while True:
            message = await self.receive()
            if key in message or key in message.get("realtime_input", {}):
                return message

    async def send(self, message: dict[str, Any]) -> None:
        """As the service does: pretty-printed, in a binary frame."""
        await self.socket.send((json.dumps(message, indent=2) + "\n").encode())

    async def accept(self) -> dict[str, Any]:
        """Receive the setup and confirm it."""
        setup = await self.receive()
        await self.send({"setupComplete": {}})
        return setup

    async def say(self, pcm: bytes) -> None:
        data = base64.b64encode(pcm).decode()
        part = {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": data}}
        await self.send({"serverContent": {"modelTurn": {"parts": [part]}}})

    async def content(self, **fields: object) -> None:
        await self.send({"serverContent": fields})

    def realtime(self) -> list[str | bytes]:
        """What arrived between the activity's ends and at them: the kinds of messages, and the audio itself."""
        inputs = [a.message["realtime_input"] for a in self.arrivals if "realtime_input" in a.message]
        return [base64.urlsafe_b64decode(i["audio"]["data"]) if "audio" in i else next(iter(i)) for i in inputs]


@dataclass
class Service:
    """A listening server: how to reach it, and the connections it has had."""

    port: int
    ca_file: str
    peers: list[Peer] = field(default_factory=list)

    def options(self, **changes: Any) -> LiveOptions:
        options = options_with(
            api_key="test-key",
            endpoint=f"https://127.0.0.1:{self.port}",
            ca_file=self.ca_file,
            close_timeout_s=0.2,
        )
        return options_with(options, **changes)


@asynccontextmanager
async def serving(files: CertificateFiles, script: Script, **serve_arguments: Any) -> AsyncIterator[Service]:
    """Run `script` for every connection, on a free port of loopback; each ends with its script."""
    peers: list[Peer] = []

    async def handle(socket: ServerConnection) -> None:
        peers.append(Peer(socket))
        await script(peers[-1])

    arguments = {"ssl": files.server_context(), "max_size": None, "close_timeout": 0.2} | serve_arguments
    async with serve(handle, "127.0.0.1", 0, **arguments) as server:
        yield Service(server.sockets[0].getsockname()[1], str(files.ca_file), peers)
        for peer in peers:
            peer.socket.transport.abort()


async def hold(peer: Peer) -> None:
    """Keep the connection and read what comes, until the client goes."""
    async for raw in peer.socket:
        peer.note(json.loads(raw))


async def silent(peer: Peer) -> None:
    """Keep the connection and do not even read, until the server ends."""
    peer.socket.transport.pause_reading()
    await peer.socket.wait_closed()
