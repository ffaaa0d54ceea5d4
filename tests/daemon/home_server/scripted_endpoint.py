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
    from collections.abc import AsyncIterator

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

    With `stays` it leaves the connection open after an answer.
    """

    answers: list[bytes | int | None]
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    silent: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    stays: bool = False

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
            writer.write(answer if isinstance(answer, bytes) else b"{}")
            await writer.drain()
        if answer is None or self.stays:
            self.silent.set()
            await reader.read()  # until they go
            self.closed.set()
        writer.close()


@asynccontextmanager
async def endpoint(*answers: bytes | int | None) -> AsyncIterator[ScriptedEndpoint]:
    scripted = ScriptedEndpoint(list(answers))
    async with await asyncio.start_server(scripted.serve, "127.0.0.1", 0) as server:
        scripted.port = server.sockets[0].getsockname()[1]
        yield scripted
