"""How a relayed session begins: the client's setup, of which only the model is read, and the service's answer."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from websockets.exceptions import ConnectionClosed

from daemon.conversation.causes import Cause
from daemon.home_server.goodbye import Ended
from daemon.live.failures import explain
from daemon.live.redaction import without_secrets
from daemon.live.service_line import service_line
from daemon.offline.wire.mapping import INTERNAL_ERROR, INVALID_PAYLOAD, POLICY_VIOLATION, WireError, parse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from websockets.asyncio.client import ClientConnection
    from websockets.asyncio.connection import Connection

    from daemon.live.options import LiveOptions

SETUP_S: Final = 10.0
"""For the client's first message."""
AWAY_S: Final = 30.0
"""After the service could not be reached nobody waits for it again for so long."""

_UNREACHED: Final = {Cause.NO_NETWORK, Cause.TIMEOUT, Cause.CLOCK, Cause.CERTIFICATE}
_OF_THE_CLIENT: Final = {Cause.SETUP_REFUSED, Cause.MODEL_UNKNOWN}
"""What another setup would mend: the client has to know it, in the service's own words."""


@dataclass(frozen=True)
class Asked:
    """A client's setup, as it came."""

    frame: str | bytes
    model: str


async def asked_by(client: Connection) -> Asked:
    """The first message of `client`. Raises Ended, WireError if it is no setup."""
    try:
        async with asyncio.timeout(SETUP_S):
            frame = await client.recv()
    except TimeoutError:
        raise Ended(POLICY_VIOLATION, f"no setup came within {SETUP_S:g} s") from None
    except ConnectionClosed:
        raise Ended(1000) from None
    message = parse(frame)
    setup = message.get("setup") if isinstance(message, dict) else None
    if not isinstance(setup, dict):
        raise WireError(INVALID_PAYLOAD, "setup must be the first message and only the first")
    model = setup.get("model")
    return Asked(frame, model.removeprefix("models/") if isinstance(model, str) else "")


class NoService(Exception):
    """The service holds no session now; `end` is what the client is told if nobody else answers."""

    def __init__(self, cause: Cause, end: Ended) -> None:
        super().__init__(cause.value)  # the service's words may quote the setup
        self.cause = cause
        self.end = end
        self.of_the_client = cause in _OF_THE_CLIENT and end.code in {INVALID_PAYLOAD, POLICY_VIOLATION}


@dataclass(frozen=True)
class Opened:
    """A session of the service, and what it first said."""

    line: ClientConnection
    first: str | bytes
    key: str

    def told(self, end: Ended) -> Ended:
        """`end` as the client may hear it: the key of the house is in no reason."""
        return Ended(end.code, without_secrets(end.reason, self.key))


class Service:
    """Opens sessions of the service. `options` finds the key anew each time; `now` only goes forward, in seconds."""

    def __init__(self, options: Callable[[], LiveOptions], reach_s: float, now: Callable[[], float]) -> None:
        self._options = options
        self._reach_s = reach_s
        self._now = now
        self._away_until = now()
        self._missed = Cause.NO_NETWORK

    @asynccontextmanager
    async def opened(self, version: str, asked: Asked) -> AsyncIterator[Opened]:
        """A session that the service has accepted. Raises NoService."""
        if self._now() < self._away_until:
            raise NoService(self._missed, _without(self._missed))
        key = ""
        async with AsyncExitStack() as stack:
            try:
                options = await asyncio.to_thread(self._options)
                key = options.api_key
                async with asyncio.timeout(self._reach_s):
                    line = await stack.enter_async_context(service_line(options, version))
                    await line.send(asked.frame)
                    opened = Opened(line, await line.recv(), key)
            except Exception as error:  # noqa: BLE001 - of whatever the libraries below raise the cause alone is told
                raise self._refusal(error, key) from None
            yield opened

    def _refusal(self, error: Exception, key: str) -> NoService:
        cause = explain(error, opened=False, secret=key).cause
        if cause in _UNREACHED:
            self._away_until, self._missed = self._now() + AWAY_S, cause
        if isinstance(error, ConnectionClosed) and error.rcvd:
            return NoService(cause, Ended(error.rcvd.code, without_secrets(error.rcvd.reason, key)))
        return NoService(cause, _without(cause))


def _without(cause: Cause) -> Ended:
    return Ended(INTERNAL_ERROR, f"the home server has no session of the service: {cause.value}")
