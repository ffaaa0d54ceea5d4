"""Seeks the service while it is away: soon, and then ever less often, until it is found."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from daemon.conversation.events import ServiceReturned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from daemon.conversation.events import Event

FIRST_S: Final = 2.0
LONGEST_S: Final = 300.0

log = logging.getLogger(__name__)


class Seeking:
    """One search at a time. A service that is found and does not answer is sought less and less often, too."""

    def __init__(
        self,
        probe: Callable[[], Awaitable[bool]] | None,
        *,
        start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        dispatch: Callable[[Event], None],
        random: Callable[[], float],
    ) -> None:
        """`probe` tells whether the service can be reached, in bounded time; `random` draws from [0, 1)."""
        self._probe, self._start, self._dispatch, self._random = probe, start, dispatch, random
        self._wait_s = FIRST_S
        self._search: asyncio.Task[None] | None = None

    def seek(self) -> None:
        """`ServiceReturned` will be dispatched, once."""
        if self._probe and (self._search is None or self._search.done()):
            self._search = self._start(self._seek(self._probe))

    def answered(self) -> None:
        """The service did what it is there for: the next search begins soon after it was lost."""
        self._wait_s = FIRST_S

    def stop(self) -> None:
        if self._search:
            self._search.cancel()

    async def _seek(self, probe: Callable[[], Awaitable[bool]]) -> None:
        found = False
        while not found:
            await asyncio.sleep(self._wait_s * (0.75 + self._random() / 2))  # not all devices of a street in step
            self._wait_s = min(LONGEST_S, 2 * self._wait_s)
            found = await probe()
            log.debug(
                "the service was sought, and %s; next after %g s", "found" if found else "not found", self._wait_s
            )
        self._dispatch(ServiceReturned())
