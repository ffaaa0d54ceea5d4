"""A control server on a real socket, and someone who talks with it, byte by byte."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from daemon.control_socket.control_server import ControlServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

PATIENCE_S = 60.0


class Caller:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def says(self, data: bytes) -> dict[str, Any]:
        """The answer to it; empty if the connection ends without one."""
        async with asyncio.timeout(PATIENCE_S):
            self.writer.write(data)
            return await self.hears()

    async def asks(self, verb: str, **arguments: Any) -> dict[str, Any]:
        return await self.says(json.dumps({"verb": verb, **arguments}).encode() + b"\n")

    async def hears(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_S):
            try:
                line = await self.reader.readline()
            except ConnectionError:
                line = b""
        answer: dict[str, Any] = json.loads(line or b"{}")
        return answer

    async def is_let_go(self) -> bool:
        return await self.hears() == {}

    def leaves(self) -> None:
        self.writer.transport.abort()


async def hello(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"ok": True, **arguments}


class Served:
    """A running server, and who called it."""

    def __init__(self, server: ControlServer, path: Path) -> None:
        self.server = server
        self._path = path
        self._task = asyncio.create_task(server.run())
        self._callers: list[Caller] = []

    async def caller(self) -> Caller:
        self._callers.append(Caller(*await asyncio.open_unix_connection(self._path)))
        return self._callers[-1]

    async def until_present(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.server.present != number:  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.001)

    async def stops(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        assert self._task.cancelled(), self._task.exception()

    async def all_leave(self) -> None:
        for each in self._callers:
            each.leaves()
        await asyncio.sleep(0)


@asynccontextmanager
async def serving(path: Path, verbs: Mapping[str, Any] | None = None, **how: Any) -> AsyncIterator[Served]:
    """A server that knows `hello`, or `verbs`."""
    served = Served(ControlServer(path, lambda: verbs or {"hello": hello}, **how), path)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await served.server.listening.wait()
        yield served
    finally:
        await served.stops()
        await served.all_leave()
