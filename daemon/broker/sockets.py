"""The broker's sockets: TLS alone, one request a connection, so many at a time, and each within its deadline."""

from __future__ import annotations

import asyncio
import errno
import logging
from typing import TYPE_CHECKING, Final, Self

from daemon.broker.token_messages import REQUEST_BYTES, Code
from daemon.errors import PortInUse, UsageError
from daemon.web.doorway import Guests, doorways
from daemon.web.http11 import Answer, BadRequest, Exchange

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from daemon.web.doorway import Doorway
    from daemon.web.http11 import Request

log = logging.getLogger(__name__)

HANDSHAKE_S: Final = 5.0
"""For TLS. A connection that does not even begin costs a socket for that long, and nothing else."""
REQUEST_S: Final = 5.0
"""From the handshake to the last byte of a request."""
ANSWER_S: Final = 20.0
"""For the answer, for which the service is asked, and for its way back."""
GOODBYE_S: Final = 2.0
"""For the peer's part in closing TLS."""
PIECE_BYTES: Final = 4_096


class BrokerServer:
    """Serves `answer` from `async with` to its end."""

    def __init__(
        self,
        answer: Callable[[Request], Awaitable[Answer]],
        context: ssl.SSLContext,
        *,
        host: str,
        port: int,
        connections: int,
        request_s: float = REQUEST_S,
        handshake_s: float = HANDSHAKE_S,
    ) -> None:
        """A `port` of 0 is chosen by the system; more than `connections` at a time are closed before TLS begins."""
        self.port = port
        self._answer = answer
        self._context = context
        self._host = host
        self.guests = Guests(connections)
        self._request_s = request_s
        self._handshake_s = handshake_s
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        """Listens when this returns. Raises PortInUse, UsageError."""
        try:
            doors = await doorways(self._host, self.port, self.guests)
        except UnicodeError as error:  # from the resolver
            raise UsageError(f"{self._host} is no name of a host", fix="name an address of this machine") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                what = f"port {self.port} on {self._host} is in use"
                raise PortInUse(what, fix="stop the program that listens there, or choose another --port") from error
            raise UsageError(
                f"cannot listen on {self._host}: {error.strerror or error}", fix="name an address of this machine"
            ) from error
        self.port = doors[0].getsockname()[1]
        self._group = await asyncio.TaskGroup().__aenter__()
        self._servers = [await self._serve_at(door) for door in doors]
        return self

    async def _serve_at(self, door: Doorway) -> asyncio.Server:
        return await asyncio.start_server(
            self._connected,
            sock=door,
            ssl=self._context,
            ssl_handshake_timeout=self._handshake_s,
            ssl_shutdown_timeout=GOODBYE_S,
            limit=PIECE_BYTES,
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes no more, and waits for what is being answered: `ANSWER_S` at most."""
        for server in self._servers:
            server.close()
        await self._group.__aexit__(kind, error, trace)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._group.create_task(self._serve(reader, writer))
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request. Who breaks off or says nothing in time gets no answer."""
        exchange = Exchange(REQUEST_BYTES)
        try:
            async with asyncio.timeout(self._request_s):
                asked = await _request(exchange, reader)
            async with asyncio.timeout(ANSWER_S):
                answer = asked if isinstance(asked, Answer) else await self._answer(asked)
                writer.write(exchange.answer(answer))
                writer.close()
                await writer.wait_closed()
        except OSError as error:  # TimeoutError and TLS are some, too
            log.info("a connection broke off: %s", type(error).__name__)


async def _request(exchange: Exchange, reader: asyncio.StreamReader) -> Request | Answer:
    """A request, or what to say to one that cannot be read. Raises ConnectionError if it ends before."""
    while data := await reader.read(PIECE_BYTES):
        try:
            if request := exchange.feed(data):
                return request
        except BadRequest as error:
            return Answer(error.status, {"error": {"code": Code.BAD_REQUEST.value, "message": str(error)}})
    raise ConnectionError("the connection ended before a request")
