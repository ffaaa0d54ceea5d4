"""A bare WebSocket to the service, for who passes frames on: opened with the key, and nothing read of what comes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from websockets.asyncio.client import connect

from daemon.live.options import GOOGLE
from daemon.live.proxies import reached
from daemon.live.transport import socket_arguments
from daemon.trust import trusting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection

    from daemon.live.options import LiveOptions

WAITING_FRAMES: Final = 4
"""Of the service that nobody has taken: then its socket is not read until somebody does."""
_PATH: Final = "/ws/google.ai.generativelanguage.{}.GenerativeService.BidiGenerateContent"


@asynccontextmanager
async def service_line(options: LiveOptions, version: str) -> AsyncIterator[ClientConnection]:
    """A connection to the API of this `version` by `options.api_key`; closed within `options.close_timeout_s`.

    Raises what `failures.explain` explains.
    """
    endpoint = options.live.endpoint or GOOGLE
    trust = await asyncio.to_thread(trusting, options.live.ca_file)
    own = {"max_queue": WAITING_FRAMES, "compression": None, "user_agent_header": None}
    line = connect(
        _address(endpoint, version),
        additional_headers={"x-goog-api-key": options.api_key},
        **{**socket_arguments(options, endpoint, trust), **own},
    )
    with reached(endpoint):
        connection = await line
    try:
        yield connection
    finally:
        await connection.close()


def _address(endpoint: str, version: str) -> str:
    scheme, _, place = endpoint.partition("://")
    assert scheme in {"https", "wss"}  # noqa: S101 - the settings take nothing else
    return f"wss://{place.rstrip('/')}{_PATH.format(version)}"
