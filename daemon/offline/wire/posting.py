"""A connection that may be a WebSocket or a plain POST: the service has both on one port, websockets reads only GET.

The first bytes tell. A GET goes to websockets as it came; anything else is read by `daemon.web.http11` within the
same connection, and so within websockets' own deadline for a handshake.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from daemon.offline.wire.origins import reading
from daemon.offline.wire.pings import PatientConnection
from daemon.web.http11 import Answer, BadRequest, Exchange, Request

Post = Callable[[Request], Answer | None]
"""Answers a request with a body; None if there is nothing at its path."""

GET: Final = b"GET "


def posting(post: Post) -> type[PatientConnection]:
    """The kind of connection that hands whatever is no GET to `post`; websockets takes a class, and nothing else."""
    return type("PostingConnection", (_PostingConnection,), {"_post": staticmethod(post)})


class _PostingConnection(PatientConnection):
    _post: Post

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._first = b""
        self._exchange: Exchange | None = None
        self._is_get = False

    def data_received(self, data: bytes) -> None:
        if self._is_get:
            super().data_received(data)
            return
        if self._exchange is None:
            self._first += data
            if GET.startswith(self._first[: len(GET)]) and len(self._first) < len(GET):
                return
            if self._first.startswith(GET):
                self._is_get = True
                super().data_received(self._first)
                return
            self._exchange, data = Exchange(), self._first
        self._serve(self._exchange, data)

    def eof_received(self) -> None:
        if self._exchange is None:
            super().eof_received()

    def _serve(self, exchange: Exchange, data: bytes) -> None:
        if self.transport.is_closing():
            return
        try:
            request = exchange.feed(data)
        except BadRequest as error:
            self._end(exchange, _error(error.status, str(error)))
            return
        if request:
            self._end(exchange, self._post(request) or _error(HTTPStatus.NOT_FOUND, "nothing is at this path"))

    def _end(self, exchange: Exchange, answer: Answer) -> None:
        """Answer, whatever it is so that a page can read it, and hang up."""
        answer = replace(answer, headers={**reading(exchange.headers), **answer.headers})
        self.transport.write(exchange.answer(answer))
        self.transport.close()


def _error(status: HTTPStatus, message: str) -> Answer:
    return Answer(status, {"error": {"code": status.value, "message": message}})
