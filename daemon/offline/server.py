"""The Live server on loopback: sockets, TLS and handshakes. What is said on one is `served_session`'s business."""

import asyncio
import errno
import http
import logging
import ssl
import time
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request as Handshake
from websockets.http11 import Response

from daemon.errors import PortInUse
from daemon.offline.service.faults import ConnectionFaults, SocketEnd, Stage, Stall
from daemon.offline.service.issued_tokens import Tokens
from daemon.offline.service.server_options import Delivery, ServerOptions
from daemon.offline.session.activity import EnergyDetector, SpeechDetectorFactory
from daemon.offline.session.served_session import House, Session
from daemon.offline.wire.access import Admission, read_handshake, read_question, read_token_request
from daemon.offline.wire.catalogue import model_page
from daemon.offline.wire.client_socket import Clock, Link, Sleep
from daemon.offline.wire.mapping import INTERNAL_ERROR
from daemon.offline.wire.origins import asking, may_open, reading
from daemon.offline.wire.pings import PatientConnection
from daemon.offline.wire.posting import posting
from daemon.offline.wire.records import SessionRecord
from daemon.web.certificate import ensure_certificate
from daemon.web.doorway import Doorway, Guests, doorways
from daemon.web.http11 import Answer, Request

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_S: Final = 2.0
"""How long a closing server waits for each client's part of the handshake."""

HANDSHAKE_S: Final = 5.0
"""For TLS; for what comes after it websockets has a deadline of its own, of ten seconds."""

CONNECTIONS: Final = 128
"""At a time, on both ports; more are closed before TLS begins, of which each would take some 300 kB."""

KEPT_RECORDS: Final = 1_000
"""Sessions on record; the oldest go first."""

NOT_ALLOWED: Final = "pages of this origin may open no session: start the server with --allow-origin\n"

FaultPlan = Callable[[int], ConnectionFaults]
"""What the connection of this number (from 1) suffers."""


class LiveServer:
    """Serves the Live protocol with one brain, from `async with` to its end.

    It speaks TLS, as the Python SDK can do nothing else, and with `plain_port` also unencrypted WebSocket.
    """

    def __init__(
        self,
        brain: Stage,
        *,
        certificate_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        plain_port: int | None = None,
        connections: int = CONNECTIONS,
        keys: Collection[str] | None = None,
        models: Collection[str] | None = None,
        origins: Collection[str] = (),
        options: ServerOptions | None = None,
        delivery: Delivery | None = None,
        detector: SpeechDetectorFactory = EnergyDetector,
        faults: FaultPlan = lambda _number: ConnectionFaults(),
        record: bool = False,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        wall: Clock = time.time,
    ) -> None:
        """Ports of 0 are chosen by the system; `keys` and `models` of None accept any; `record` keeps every message.
        `origins` are those of pages, besides this machine's own, that may open sessions ("*": all).

        A `delivery` of its own takes the place of that in `options`. `wall` is the time of day by which tokens expire,
        in Unix seconds.
        """
        self.tokens = Tokens(wall)
        """The tokens it has issued."""
        self.sessions: list[SessionRecord] = []
        """One record for each connection, in order of their handshakes."""
        self.ca_file = certificate_dir / "ca.pem"
        self.port = port
        self.plain_port = plain_port
        self._host = host
        self._certificate_dir = certificate_dir
        self.guests = Guests(connections)
        """Who is connected, on both ports."""
        options = options or ServerOptions()
        options = replace(options, delivery=delivery or options.delivery)
        self._house = House.of(brain, options, Admission(keys, models), detector, self.tokens, clock)
        self._link = partial(Link, clock=clock, sleep=sleep, keep=record)
        self._faults = faults
        self._origins = origins
        self._live: dict[int, Session] = {}
        self._connections = 0
        self._numbers: WeakKeyDictionary[ServerConnection, int] = WeakKeyDictionary()
        self._arrived = asyncio.Event()
        self._stack = AsyncExitStack()

    @property
    def url(self) -> str:
        """What goes into the SDK's `base_url`: `https://…`, which it turns into `wss://…`."""
        return f"https://{_bracketed(self._host)}:{self.port}"

    @property
    def plain_url(self) -> str:
        """The same without TLS, for clients that can do without; only with a `plain_port`."""
        return f"http://{_bracketed(self._host)}:{self.plain_port}"

    @property
    def peak_sessions(self) -> int:
        """The most sessions that were ever open at once; a connection is none before its setup is accepted."""
        return self._house.places.peak

    async def __aenter__(self) -> Self:
        """Listens when this returns. Raises PortInUse; OSError if the host or the directory cannot be used."""
        certificate = await asyncio.to_thread(ensure_certificate, self._certificate_dir)
        async with AsyncExitStack() as stack:
            self.port = await self._listen(stack, self.port, certificate.server_context())
            if self.plain_port is not None:
                self.plain_port = await self._listen(stack, self.plain_port, None)
            self._stack = stack.pop_all()
        logger.info("live server listens on %s", self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes every connection (1001) and waits for their ends."""
        await self._stack.aclose()

    async def session(self, number: int = 1, timeout_s: float = 60.0) -> SessionRecord:
        """The record of the connection of this number, from 1, once there is one; TimeoutError if there is none."""
        async with asyncio.timeout(timeout_s):
            while not (found := [record for record in self.sessions if record.number == number]):
                self._arrived.clear()
                await self._arrived.wait()
        return found[0]

    async def go_away(self, time_left_s: float) -> None:
        """Announce to every open session that it ends in `time_left_s` seconds; then it does (1011)."""
        for session in list(self._live.values()):
            await session.go_away(time_left_s)

    async def hang_up(self, end: SocketEnd | Stall) -> None:
        """End every open session so, or have it fall silent, whatever it is doing."""
        for session in list(self._live.values()):
            await session.hang_up(end)

    async def _listen(self, stack: AsyncExitStack, port: int, context: ssl.SSLContext | None) -> int:
        """Start to serve on `port`; the port it became."""
        try:
            doors = await doorways(self._host, port, self.guests)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortInUse(
                f"port {port} on {self._host} is in use",
                fix="stop the program that listens there, or choose another port (0: any free one)",
            ) from error
        for door in doors:
            await stack.enter_async_context(self._serve_at(door, context))
        return int(doors[0].getsockname()[1])

    def _serve_at(self, door: Doorway, context: ssl.SSLContext | None) -> AbstractAsyncContextManager[Server]:
        return serve(
            self._serve_connection,
            sock=door,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE_S if context else None,
            process_request=self._process_request,
            process_response=_process_response,
            create_connection=posting(self._post),
            compression=None,  # sound does not compress, and nothing is saved on loopback
            ping_interval=None,  # a client that is busy for long is no dead client
            close_timeout=CLOSE_TIMEOUT_S,
            server_header=None,
        )

    def _post(self, request: Request) -> Answer | None:
        if request.method == "OPTIONS" and _has_page(request):
            return Answer(http.HTTPStatus.OK, {}, asking(request.headers))
        return self.tokens.answer(request, self._house.admission)

    def _process_request(self, connection: ServerConnection, request: Handshake) -> Response | None:
        """Let the handshake go on (None), or refuse it; a plain GET that asks about a model gets its page."""
        headers = _headers_of(request)
        if question := read_question(request.path, headers):
            page = model_page(question, self._house.admission)
            response = connection.respond(page.status, page.body)
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = "application/json; charset=UTF-8"
            return response
        if read_handshake(request.path, headers) is None:
            return connection.respond(http.HTTPStatus.NOT_FOUND, "no Live API at this path\n")
        if not may_open(headers, self._origins):
            logger.warning("refused a page of %.100r; --allow-origin lets it in", headers["origin"])
            return connection.respond(http.HTTPStatus.FORBIDDEN, NOT_ALLOWED)
        self._connections += 1
        status = self._faults(self._connections).http_status
        if status is not None:
            return connection.respond(http.HTTPStatus(status), "refused as the scenario asks\n")
        self._numbers[connection] = self._connections
        return None

    async def _serve_connection(self, connection: ServerConnection) -> None:
        """One connection after its handshake."""
        request = connection.request
        visitor = read_handshake(request.path, _headers_of(request)) if request else None
        if request is None or visitor is None or not isinstance(connection, PatientConnection):
            return
        record = SessionRecord(self._numbers[connection], request.path.partition("?")[0])
        session = Session(self._house, self._link(connection, record), visitor, self._faults(record.number))
        self.sessions.append(record)
        del self.sessions[:-KEPT_RECORDS]
        self._live[record.number] = session
        self._arrived.set()
        logger.info("session %d begins", record.number)
        await self._converse(connection, record, session)

    async def _converse(self, connection: ServerConnection, record: SessionRecord, session: Session) -> None:
        """Run the session; one that fails ends as the service's own failures do, and is logged by websockets."""
        end = (INTERNAL_ERROR, "Internal error encountered.")
        try:
            await session.run()
            end = (1000, "")
        finally:
            del self._live[record.number]
            await connection.close(*end)
            record.close_code, record.close_reason = connection.close_code, connection.close_reason or ""
            record.touch()
            logger.info("session %d ended: %s %s", record.number, record.close_code, record.close_reason)


def _headers_of(request: Handshake) -> dict[str, str]:
    """With lower-case names; of one that comes several times the values, joined."""
    found: dict[str, str] = {}
    for name, value in request.headers.raw_items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _process_response(_connection: ServerConnection, request: Handshake, response: Response) -> None:
    """Let a page read whatever a GET is answered."""
    for name, value in reading(_headers_of(request)).items():
        response.headers[name] = value


def _has_page(request: Request) -> bool:
    """Whether something would answer another method than this one at the request's path."""
    target, headers = request.target, request.headers
    return bool(read_token_request(target, headers) or read_question(target, headers))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
