"""The WebSocket beneath the SDK: the arguments it passes through, and a close that cannot be held up."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterable, Iterable
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus
from websockets.typing import DataLike

from daemon.live.failures import SetupRefused
from daemon.live.options import LiveOptions, Tap
from daemon.live.proxies import proxy_to
from daemon.live.unacknowledged import Unacknowledged

PING_INTERVAL_S: Final = 20.0
PING_TIMEOUT_S: Final = 60.0
"""The service answers pings up to 30 s late under load; websockets' default of 20 s would cut a good session."""

LONGEST_MESSAGE_BYTES: Final = 1 << 25
"""Eight minutes of sound in one message. A service that sends more is none, and would take the memory of a small Pi."""

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)  # websockets prints the request's headers, and with them the key, at DEBUG


class Redirected(SetupRefused):
    """The upgrade was answered by a redirect: the key goes to the host that was named, or nowhere."""

    def __init__(self, status: int, host: str, location: str) -> None:
        try:
            elsewhere = urlsplit(location).hostname or host
        except ValueError:
            elsewhere = "an address that is none"
        super().__init__(
            f"{host} answered with a redirect ({status}) to {elsewhere[:100]}, where no key is sent",
            fix="check [live] endpoint",
        )


class PromptConnection(ClientConnection):
    """A connection whose close takes `close_timeout` at most, and that is never redirected.

    The close of websockets itself (17.4) first waits, without a deadline, for room for its close frame in the send
    buffer: for ever, if the peer has stopped reading. Its handshake follows redirects, to any host, with all headers
    but `Authorization`; the SDK sends the key in another.
    """

    def __init__(self, *arguments: Any, acknowledged: Unacknowledged | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._acknowledged = acknowledged

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._acknowledged:
            self._acknowledged.attach(transport.get_extra_info("socket"))

    async def handshake(self, *arguments: Any, **named: Any) -> None:
        try:
            await super().handshake(*arguments, **named)
        except InvalidStatus as error:
            if "Location" in error.response.headers:
                location = error.response.headers.get_all("Location")[0]
                raise Redirected(error.response.status_code, self.protocol.uri.host, location) from None
            raise

    async def close(self, code: int = 1000, reason: str = "") -> None:
        cut = asyncio.get_running_loop().call_later(self.close_timeout or 0, self.transport.abort)
        try:
            await super().close(code, reason)
        finally:
            cut.cancel()


class TappedConnection(PromptConnection):
    """A connection that shows `tap` each message, before it is sent and when it is taken."""

    def __init__(self, *arguments: Any, tap: Tap, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._tap = tap

    async def send(
        self, message: DataLike | Iterable[DataLike] | AsyncIterable[DataLike], *, text: bool | None = None
    ) -> None:
        if isinstance(message, str | bytes):  # the SDK sends nothing else
            self._tap("sent", message)
        await super().send(message, text=text)

    async def recv(self, decode: bool | None = None) -> Any:
        message = await super().recv(decode)
        self._tap("received", message)
        return message


def socket_arguments(
    options: LiveOptions, endpoint: str, trust: ssl.SSLContext, acknowledged: Unacknowledged | None = None
) -> dict[str, Any]:
    """What `websockets.connect` is called with.

    The queue of messages is left unbounded: at its bound websockets stops reading, and then misses pongs. Raises
    ProxyUnusable.
    """
    proxy = proxy_to(endpoint)
    kind = partial(TappedConnection, tap=options.tap) if options.tap else PromptConnection
    arguments: dict[str, Any] = {
        "ssl": trust,
        "open_timeout": options.live.connect_timeout_s,
        "close_timeout": options.close_timeout_s,
        "ping_interval": PING_INTERVAL_S,
        "ping_timeout": PING_TIMEOUT_S,
        "max_size": LONGEST_MESSAGE_BYTES,
        "max_queue": None,
        "create_connection": partial(kind, acknowledged=acknowledged) if acknowledged else kind,
        "logger": _log,
        "proxy": proxy.url if proxy else None,  # else websockets looks by itself
    }
    return arguments
