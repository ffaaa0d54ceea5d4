"""A scripted OpenAI-compatible endpoint: no model thinks here, it answers what a test wrote down, in the form of
llama.cpp and Ollama (server-sent events over HTTP/1.1).
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

END = b"data: [DONE]\n\n"


def event(**delta: Any) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}).encode() + b"\n\n"


def text(*pieces: str) -> bytes:
    return b"".join(event(content=piece) for piece in pieces) + END


def call(name: str, arguments: str, id_: str = "call_1", index: int = 0) -> bytes:
    """A call whose arguments come in two pieces, as they do."""
    head, tail = arguments[:5], arguments[5:]
    first = {"index": index, "id": id_, "type": "function", "function": {"name": name, "arguments": head}}
    return event(tool_calls=[first]) + event(tool_calls=[{"index": index, "function": {"arguments": tail}}])


@dataclass
class ScriptedEndpoint:
    """Its answers in order, each bytes of a stream or an HTTP status; `None` is silence. `asked` is what it got.

    With `stays` it leaves the connection open after an answer. With `pace_s` that passes before each event and comment.
    """

    answers: list[bytes | int | None]
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    stays: bool = False
    pace_s: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head.splitlines()[1:])}
        assert head.startswith("POST /v1/chat/completions ")
        self.asked.append(json.loads(await reader.readexactly(int(fields["content-length"]))))
        self.keys.append(fields.get("authorization", ""))
        answer = self.answers.pop(0)
        status = answer if isinstance(answer, int) else 200
        if answer is not None:
            writer.write(b"HTTP/1.1 %d x\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" % status)
            for part in self._parts(answer):
                await asyncio.sleep(self.pace_s)
                writer.write(part)
                await writer.drain()
        if answer is None or self.stays:
            self.silent.set()
            await reader.read()  # until they go
            self.closed.set()

    def _parts(self, answer: bytes | int) -> list[bytes]:
        if isinstance(answer, int):
            return [b"{}"]
        return [part + b"\n\n" for part in answer.split(b"\n\n") if part] if self.pace_s else [answer]


@asynccontextmanager
async def endpoint(*answers: bytes | int | None) -> AsyncIterator[ScriptedEndpoint]:
    scripted = ScriptedEndpoint(list(answers))
    async with listening(scripted.serve) as scripted.port:
        yield scripted


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """The port of a server; what it still has to say at the end of the test it does not."""
    served: set[asyncio.Task[None]] = set()

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            served.add(task)
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass  # who waits no longer is gone
        finally:
            writer.close()

    async with await asyncio.start_server(attend, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)
