"""What the appliance and the brain at home say to each other over their socket: a line of JSON, and sound after it."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LONGEST_LINE_BYTES: Final = 1 << 20
"""The functions of a household are some tens of kilobytes."""

_SIZE: Final = "bytes"


@dataclass(frozen=True, slots=True)
class Frame:
    """`said` is what `kind` needs; `sound` is S16_LE, mono, up at 16 kHz and down at 24."""

    kind: str
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    sound: bytes = field(default=b"", repr=False)


def written(frame: Frame) -> bytes:
    """The frame as it goes over the socket."""
    head = json.dumps({"kind": frame.kind, "said": frame.said, _SIZE: len(frame.sound)}, separators=(",", ":"))
    return b"".join((head.encode(), b"\n", frame.sound))


async def read(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None at the end of the connection, in the middle of a frame or not."""
    try:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            return None
        head = json.loads(line)
        return Frame(head["kind"], head["said"], await reader.readexactly(head[_SIZE]))
    except (ConnectionError, asyncio.IncompleteReadError):
        return None
