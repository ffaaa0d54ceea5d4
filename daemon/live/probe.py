"""Whether the service can be reached: name look-up, a connection, TLS. Nothing is said, so no key is needed."""

import asyncio
import logging
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from daemon.errors import PipitError
from daemon.live.options import GOOGLE
from daemon.live.proxies import proxy_to
from daemon.live.settings import LiveSettings
from daemon.trust import trusting

if TYPE_CHECKING:
    import ssl

PROBE_S: Final = 10.0
LOOKUP_S: Final = 3.0
"""For a name: a resolver that answers at all does so in one second, and one that is not there is asked for thirty."""

log = logging.getLogger(__name__)


class NameUnknown(OSError):
    """A name was not looked up in time."""


async def looked_up(host: str, port: int, deadline_s: float = LOOKUP_S) -> None:
    """Raises OSError if there is no address of `host`, or none in time; the thread that asks may go on for longer."""
    try:
        async with asyncio.timeout(deadline_s):
            await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise NameUnknown(f"{host} was not looked up within {deadline_s:g} s") from None


async def reachable(live: LiveSettings) -> bool:
    """Whether a connection to the endpoint, or to the proxy on the way there, can be made within `PROBE_S`."""
    endpoint = live.endpoint or GOOGLE
    try:
        proxy = proxy_to(endpoint)
        place = urlsplit(proxy.url if proxy else endpoint)
        secure = place.scheme in {"https", "wss"}
        trust: ssl.SSLContext | None = None
        if secure:
            trust = await asyncio.to_thread(trusting, live.ca_file)
        async with asyncio.timeout(PROBE_S):
            port = place.port or (443 if secure else 80)
            _, writer = await asyncio.open_connection(place.hostname, port, ssl=trust)
    except (OSError, PipitError, ValueError) as error:
        log.debug("the service is not reached: %s", type(error).__name__)
        return False
    writer.transport.abort()
    return True
