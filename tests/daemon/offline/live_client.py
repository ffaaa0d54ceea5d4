"""A Live client that says exactly what a test says, and a clock that a test moves."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from daemon.offline.server import LiveServer
from daemon.offline.wire.client_messages import RealtimeText
from daemon.sound.pcm import Samples

PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
MANUAL = {"automaticActivityDetection": {"disabled": True}}
DEADLINE_S = 60


class Client:
    """One connection. Every wait has a deadline."""

    def __init__(self, socket: ClientConnection, server: LiveServer | None = None) -> None:
        self.socket = socket
        self._server = server

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(message))

    async def send_audio(self, samples: Samples, rate_hz: int = 16_000) -> None:
        data = base64.b64encode(samples.astype("<i2").tobytes()).decode()
        await self.send({"realtimeInput": {"audio": {"data": data, "mimeType": f"audio/pcm;rate={rate_hz}"}}})

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(DEADLINE_S):
            message: dict[str, Any] = json.loads(await self.socket.recv())
        return message

    async def set_up(self, **fields: Any) -> Self:
        """Send setup (audio, activity marked by the client, unless `fields` say otherwise) and await its completion."""
        setup = {"model": "models/gemini-2.5-live", "realtimeInputConfig": MANUAL} | fields
        await self.send({"setup": setup})
        assert await self.receive() == {"setupComplete": {}}
        return self

    async def say(self, samples: Samples) -> None:
        """A whole activity."""
        await self.send({"realtimeInput": {"activityStart": {}}})
        await self.send_audio(samples)
        await self.send({"realtimeInput": {"activityEnd": {}}})

    async def write(self, text: str) -> None:
        """A turn in writing."""
        turn = {"role": "user", "parts": [{"text": text}]}
        await self.send({"clientContent": {"turns": [turn], "turnComplete": True}})

    async def until(self, field: str = "turnComplete") -> list[dict[str, Any]]:
        """Every message up to the first that has `field`, at the top or one level below."""
        messages = [await self.receive()]
        while field not in messages[-1] and not any(field in content for content in messages[-1].values()):
            messages.append(await self.receive())
        return messages

    async def quiet(self) -> None:
        """All that was said has been dealt with, and nothing was sent that was not received. Of the last connection."""
        assert self._server
        record = self._server.sessions[-1]
        dealt_with = len(record.messages(RealtimeText)) + 1
        await self.send({"realtimeInput": {"text": " "}})  # no turn, but on record
        await record.until(lambda session: len(session.messages(RealtimeText)) >= dealt_with)
        async with asyncio.timeout(DEADLINE_S):
            await (await self.socket.ping())  # a pong overtakes no message
        assert len(self.socket.recv_messages.frames) == 0

    async def closed(self) -> tuple[int, str]:
        """Code and reason of the close, once it has come; what is received before is dropped."""
        async with asyncio.timeout(DEADLINE_S):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed:
                return self.socket.close_code or 0, self.socket.close_reason or ""


@asynccontextmanager
async def connected(
    server: LiveServer, target: str = PATH + "?key=k", headers: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[Client]:
    """A client of the server's plain port; `options` are for websockets."""
    url = server.plain_url.replace("http", "ws", 1) + target
    async with connect(url, proxy=None, compression=None, additional_headers=headers, **options) as socket:
        yield Client(socket, server)


def audio_of(messages: list[dict[str, Any]]) -> bytes:
    """The sound in these messages."""
    parts = [
        part for message in messages for part in message.get("serverContent", {}).get("modelTurn", {}).get("parts", [])
    ]
    return b"".join(base64.b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part)


def contents(messages: list[dict[str, Any]], field: str) -> list[Any]:
    """The values of one `serverContent` field, in order."""
    return [message["serverContent"][field] for message in messages if field in message.get("serverContent", {})]


class ManualClock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []
        self._changed = asyncio.Event()

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        sleeper = (self.now_s + seconds, asyncio.Event())
        self._sleepers.append(sleeper)
        self._changed.set()
        try:
            await sleeper[1].wait()
        finally:
            self._sleepers.remove(sleeper)

    async def asleep(self, within_s: float = 100) -> None:
        """Wait until someone sleeps who will wake `within_s` seconds from now: nearer than the end of a connection."""
        async with asyncio.timeout(DEADLINE_S):
            while not any(not woken.is_set() and due_s <= self.now_s + within_s for due_s, woken in self._sleepers):
                self._changed.clear()
                await self._changed.wait()

    def advance(self, seconds: float) -> None:
        self.now_s += seconds
        for due_s, woken in self._sleepers:
            if due_s <= self.now_s:
                woken.set()
