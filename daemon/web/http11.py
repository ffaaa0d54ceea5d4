"""One request and its answer, as bytes: HTTP/1.1 by h11, with bounds. No I/O, no time.

There is no keep-alive: who asks twice connects twice. So a connection is nothing but a request that has not come yet,
and every bound on it is one number.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import h11

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER_BYTES: Final = 8_192
"""Of line and headers that are still incomplete; more is refused (431). What our own clients send is a tenth of it."""

BODY_BYTES: Final = 64 * 1024
"""Of a request, or of an answer; more is refused (413)."""


class BadRequest(Exception):
    """A request that is not HTTP, or too large: to be answered with `status` and forgotten."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """What was asked. `target` is path and query, `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """What is answered: a JSON object."""

    status: HTTPStatus
    body: Mapping[str, Any] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Exchange:
    """The server's side of one connection: bytes in until there is a request, then its answer as bytes."""

    def __init__(self, body_bytes: int = BODY_BYTES) -> None:
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADER_BYTES)
        self._limit = body_bytes
        self._head: h11.Request | None = None
        self._body = bytearray()

    def feed(self, data: bytes) -> Request | None:
        """The request, once it is complete. Raises BadRequest."""
        try:
            self._connection.receive_data(data)
            while True:
                match self._connection.next_event():
                    case h11.Request() as head:
                        self._head = head
                    case h11.Data(data=more):
                        self._body += more
                        self._check()
                    case h11.EndOfMessage():
                        return self._request()
                    case _:
                        return None
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
            raise BadRequest(status, "this is no request that can be read") from error

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the request, with lower-case names; none before they have come."""
        head = self._head
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers} if head else {}

    def _check(self) -> None:
        if len(self._body) > self._limit:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {self._limit} bytes")

    def _request(self) -> Request:
        assert self._head is not None  # noqa: S101 - a message ends after it began
        method, target = self._head.method.decode("latin-1"), self._head.target.decode("latin-1")
        return Request(method, target, self.headers, bytes(self._body))

    def answer(self, answer: Answer) -> bytes:
        """The whole answer; the connection is to be closed after it."""
        body = (json.dumps(answer.body, indent=2) + "\n").encode()
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Connection": "close",
            **answer.headers,
        }
        head = h11.Response(status_code=answer.status.value, reason=answer.status.phrase, headers=list(headers.items()))
        events: list[h11.Event] = [head, h11.Data(data=body), h11.EndOfMessage()]
        if self._head and self._head.method == b"HEAD":
            del events[1]  # RFC 9110 §9.3.2; h11 would refuse to send it
        return b"".join(self._connection.send(event) or b"" for event in events)
