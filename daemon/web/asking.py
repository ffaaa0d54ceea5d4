"""The other side: one request to a server, with a deadline for all of it.

The certificate is checked strictly, no redirect is followed, no proxy is asked, and nothing of the environment counts:
what is sent here is a secret, and goes to the host that was named or nowhere.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import h11

from daemon.trust import trusting
from daemon.web.http11 import BODY_BYTES, HEADER_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

PIECE_BYTES = 16_384


class StrangeAnswer(Exception):
    """The server answered, but not with a JSON object over HTTP."""


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers by lower-case name, and the JSON object in it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


def trust(ca_file: str) -> ssl.SSLContext:
    """What to check a certificate with: the authority in `ca_file`, or the system's if it is empty. Reads files.

    Raises NoAuthority.
    """
    context = trusting(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def ask(
    method: str,
    url: str,
    context: ssl.SSLContext,
    *,
    headers: Mapping[str, str],
    body: Mapping[str, Any],
    deadline_s: float,
) -> Reply:
    """Send a JSON object to an https `url`. Raises TimeoutError, OSError (TLS included), StrangeAnswer."""
    place = urlsplit(url)
    host = place.hostname or ""
    async with asyncio.timeout(deadline_s):
        reader, writer = await asyncio.open_connection(host, place.port or 443, ssl=context, server_hostname=host)
        try:
            connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_BYTES)
            writer.write(_request(connection, method, place.netloc, place.path or "/", headers, body))
            await writer.drain()
            return await _reply(connection, reader)
        finally:
            writer.transport.abort()  # nothing more is said, and a polite end may take for ever


def _request(
    connection: h11.Connection,
    method: str,
    host: str,
    target: str,
    headers: Mapping[str, str],
    body: Mapping[str, Any],
) -> bytes:
    content = json.dumps(body).encode()
    fields = {
        "Host": host,
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "Connection": "close",
        **headers,
    }
    head = h11.Request(method=method, target=target, headers=list(fields.items()))
    parts = [connection.send(event) or b"" for event in (head, h11.Data(data=content), h11.EndOfMessage())]
    return b"".join(parts)


async def _reply(connection: h11.Connection, reader: asyncio.StreamReader) -> Reply:
    head: h11.Response | None = None
    content = bytearray()
    try:
        while True:
            match connection.next_event():
                case h11.Response() as head:
                    pass
                case h11.Data(data=more):
                    content += more
                    if len(content) > BODY_BYTES:
                        raise StrangeAnswer(f"more than {BODY_BYTES} bytes were answered")
                case h11.EndOfMessage() | h11.ConnectionClosed():
                    break
                case h11.PAUSED:  # it changed to another protocol
                    raise StrangeAnswer("no answer in HTTP came")
                case h11.NEED_DATA:
                    connection.receive_data(await reader.read(PIECE_BYTES))
    except h11.RemoteProtocolError as error:
        raise StrangeAnswer("no answer in HTTP came") from error
    if head is None:
        raise StrangeAnswer("no answer in HTTP came")
    return Reply(
        head.status_code,
        {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers},
        _object(bytes(content)),
    )


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StrangeAnswer("what was answered is not JSON") from error
    if not isinstance(value, dict):
        raise StrangeAnswer("what was answered is no JSON object")
    return value
