"""Places for sessions: so many of a device, and of all. A device that lost the network gives up its own to itself."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Protocol

from daemon.home_server.goodbye import Ended
from daemon.offline.wire.mapping import INTERNAL_ERROR

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.home_server.settings import HomeServerSettings

log = logging.getLogger(__name__)

NO_PLACE: Final = "RESOURCE_EXHAUSTED: Maximum concurrent sessions of this house exceeded"
"""In words that clients of the service know."""


class Line(Protocol):
    """The connection of a session."""

    async def is_alive(self) -> bool:
        """Whether its device answers, in a time that somebody waits who speaks."""

    def cut(self) -> None:
        """End it without a goodbye: nobody is there to hear one."""


class Places:
    """Of the sessions that are open now."""

    def __init__(self, limits: HomeServerSettings) -> None:
        self._limits = limits
        self._taken: dict[Line, str] = {}

    @property
    def count(self) -> int:
        """How many are taken."""
        return len(self._taken)

    @asynccontextmanager
    async def taken(self, device: str, line: Line) -> AsyncIterator[None]:
        """One for a session of `device` by `line`. Raises Ended if there is none left.

        Before that, a device that has all of its own must show that it is still there behind each: after a loss of the
        network the server would take a minute to notice. Nobody is asked because of another's session.
        """
        if self._has_all(device):
            await self._clear(device)
        if self._has_all(device) or self.count >= self._limits.sessions:
            log.warning("%s finds no place: %d sessions are open", device, self.count)
            raise Ended(INTERNAL_ERROR, NO_PLACE)
        self._taken[line] = device
        try:
            yield
        finally:
            self._taken.pop(line, None)

    def _has_all(self, device: str) -> bool:
        return Counter(self._taken.values())[device] >= self._limits.device_sessions

    async def _clear(self, device: str) -> None:
        async with asyncio.TaskGroup() as group:
            for line in [line for line, owner in self._taken.items() if owner == device]:
                group.create_task(self._clear_unless_alive(device, line))

    async def _clear_unless_alive(self, device: str, line: Line) -> None:
        if await line.is_alive():
            return
        line.cut()
        if self._taken.pop(line, None):
            log.info("%s: a session of it that nobody answers on gives its place to the next", device)
