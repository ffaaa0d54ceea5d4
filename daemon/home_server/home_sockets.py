"""The home server's sockets: TLS alone, secrets before anything else, so many connections, bounded messages."""

from __future__ import annotations

import asyncio
import errno
import http
import logging
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Final, Self
from weakref import WeakKeyDictionary

from websockets.asyncio.server import Server, ServerConnection, serve

from daemon.errors import PortInUse, UsageError
from daemon.home_server.doorkeeper import TurnedAway
from daemon.home_server.goodbye import GOODBYE_S
from daemon.home_server.guest_session import Guest
from daemon.offline.wire.access import Admission, read_handshake, read_question
from daemon.offline.wire.catalogue import model_page
from daemon.offline.wire.origins import may_open
from daemon.offline.wire.pings import PatientConnection
from daemon.web.doorway import Guests, doorways

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection
    from types import TracebackType

    from websockets.http11 import Request, Response

    from daemon.home_server.doorkeeper import Doorkeeper
    from daemon.home_server.guest_session import HomeSessions
    from daemon.home_server.settings import HomeServerSettings
    from daemon.web.doorway import Doorway

HANDSHAKE_S: Final = 5.0
"""For TLS, and again for the request after it."""
WAITING_FRAMES: Final = 4
"""Of a device that nobody has taken: then its socket is not read until somebody does."""
PING_S: Final = 20.0
PONG_S: Final = 60.0
"""A device that is gone without a word keeps its place no longer."""

log = logging.getLogger(__name__)
_quiet = logging.getLogger(f"{__name__}.websockets")
_quiet.setLevel(logging.WARNING)  # websockets prints requests, with their secrets, and messages at DEBUG


class HomeConnection(PatientConnection):
    """A connection whose close takes `GOODBYE_S` at most; see `daemon.live.transport.PromptConnection`."""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        cut = asyncio.get_running_loop().call_later(GOODBYE_S, self.transport.abort)
        try:
            await super().close(code, reason)
        finally:
            cut.cancel()


class HomeServer:
    """Serves from `async with` to its end. It knows `models`, or any if that is None."""

    def __init__(
        self,
        settings: HomeServerSettings,
        context: ssl.SSLContext,
        doorkeeper: Doorkeeper,
        sessions: HomeSessions,
        models: Collection[str] | None = None,
    ) -> None:
        self.port = settings.port
        """The port it became, where the settings (which cannot) or the command line say 0."""
        self.guests = Guests(settings.connections)
        self._settings = settings
        self._context = context
        self._doorkeeper = doorkeeper
        self._sessions = sessions
        self._admission = Admission(models=models)
        self._known: WeakKeyDictionary[ServerConnection, Guest] = WeakKeyDictionary()
        size = {"largest_message_bytes": settings.message_kb * 1024}
        self._connection = type("BoundedConnection", (HomeConnection,), size)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Listens when this returns. Raises PortInUse, UsageError."""
        doors = await self._doors()
        self.port = doors[0].getsockname()[1]
        async with AsyncExitStack() as stack:
            for door in doors:
                await stack.enter_async_context(self._serve_at(door))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes every connection (1001) and waits for their ends."""
        await self._stack.aclose()

    async def _doors(self) -> list[Doorway]:
        host = self._settings.host
        try:
            return await doorways(host, self.port, self.guests)
        except UnicodeError as error:  # from the resolver
            raise UsageError(f"{host} is no name of a host", fix="name an address of this machine") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                what = f"port {self.port} on {host} is in use"
                raise PortInUse(what, fix="stop the program that listens there, or choose another port") from error
            raise UsageError(
                f"cannot listen on {host}: {error.strerror or error}", fix="name an address of this machine"
            ) from error

    def _serve_at(self, door: Doorway) -> AbstractAsyncContextManager[Server]:
        return serve(
            self._serve_connection,
            sock=door,
            ssl=self._context,
            ssl_handshake_timeout=HANDSHAKE_S,
            open_timeout=HANDSHAKE_S,
            process_request=self._process_request,
            create_connection=self._connection,
            compression=None,  # sound does not compress
            max_queue=WAITING_FRAMES,
            ping_interval=PING_S,
            ping_timeout=PONG_S,
            close_timeout=GOODBYE_S,
            server_header=None,
            logger=_quiet,
        )

    async def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        """Let the handshake go on (None), or refuse it; a plain GET that asks about a model gets its page."""
        try:
            return await self._admitted(connection, request)
        except TurnedAway as away:
            response = connection.respond(away.status, f"{away}\n")
            response.headers.update(away.headers)
            return response

    async def _admitted(self, connection: ServerConnection, request: Request) -> Response | None:
        headers = _headers_of(request)
        if question := read_question(request.path, headers):
            await self._doorkeeper.recognised(question.visitor)
            page = model_page(question, self._admission)
            response = connection.respond(page.status, page.body)
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = "application/json; charset=UTF-8"
            return response
        visitor = read_handshake(request.path, headers)
        if visitor is None or visitor.constrained:
            raise TurnedAway(http.HTTPStatus.NOT_FOUND, "no Live API for secrets at this path")
        if not may_open(headers, ()):
            raise TurnedAway(http.HTTPStatus.FORBIDDEN, "pages may open no session here")
        device = await self._doorkeeper.recognised(visitor)
        self._doorkeeper.count(device)
        self._known[connection] = Guest(device, visitor)
        return None

    async def _serve_connection(self, connection: ServerConnection) -> None:
        """One connection after its handshake."""
        assert isinstance(connection, PatientConnection)  # noqa: S101 - it was made so
        await self._sessions.hold(connection, self._known[connection])


def _headers_of(request: Request) -> dict[str, str]:
    """With lower-case names; of one that comes several times the first counts."""
    found: dict[str, str] = {}
    for name, value in request.headers.raw_items():
        found.setdefault(name.lower(), value)
    return found
