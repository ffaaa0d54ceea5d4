"""How long a connection lasts, and how many there may be."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Final

from daemon.offline.service.server_options import Limits
from daemon.offline.wire import server_messages
from daemon.offline.wire.client_socket import Link
from daemon.offline.wire.mapping import INTERNAL_ERROR, WireError

NO_PLACE: Final = (
    "Request trace id: 0123456789abcdef, [ORIGINAL ERROR] generic::resource_exhausted: RESOURCE_EXHAUSTED: "
    "Maximum concurrent sessions exceeded"
)
"""As GoogleCloudPlatform/generative-ai #1576 quotes it, as far as a close frame lets one read it."""


class Places:
    """The sessions that may be open at once."""

    def __init__(self, limit: int | None) -> None:
        self.peak = 0
        """The most that ever were."""
        self._limit = limit
        self._taken = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place of one's own. Raises WireError if there is none left."""
        if self._limit is not None and self._taken >= self._limit:
            raise WireError(INTERNAL_ERROR, NO_PLACE)
        self._taken += 1
        self.peak = max(self.peak, self._taken)
        try:
            yield
        finally:
            self._taken -= 1


class Lifetime:
    """Ends a connection when its time is up, announced by `goAway`."""

    def __init__(self, link: Link, limits: Limits, tasks: asyncio.TaskGroup) -> None:
        self._link = link
        self._limits = limits
        self._tasks = tasks
        self._begun_s = link.now()
        self._age_s = 0.0
        self._compressed = False
        self._end_s = inf
        self._ending: asyncio.Task[None] | None = None
        self._expiry: asyncio.Task[None] | None = None

    @property
    def age_s(self) -> float:
        """How long the session has been connected, over all its connections."""
        return self._age_s + self._link.now() - self._begun_s

    def begin(self, age_s: float, *, compressed: bool) -> None:
        """The session is set up; `age_s` is what it brings from earlier connections."""
        self._begun_s, self._age_s, self._compressed = self._link.now(), age_s, compressed
        self._end_within(self._limits.connection_s)
        self._end_session_at(self._limits.session_s)

    def see(self) -> None:
        """A picture has come: a session with pictures is shorter."""
        self._end_session_at(self._limits.video_session_s)

    def expire(self, left_s: float) -> None:
        """The token that the session began with is good for so long: then it ends, without notice."""
        self._expiry = self._tasks.create_task(self._expire(left_s))

    async def go_away(self, time_left_s: float) -> None:
        """Announce the end of the connection; it comes `time_left_s` seconds later."""
        self._end_s = self._link.now() + time_left_s
        self._replace_ending(time_left_s)
        await self._link.send(server_messages.go_away(time_left_s))

    def close(self) -> None:
        """The connection has ended some other way."""
        for task in (self._ending, self._expiry):
            if task:
                task.cancel()

    def _end_session_at(self, age_s: float | None) -> None:
        if age_s is not None and not self._compressed:
            self._end_within(max(0.0, age_s - self.age_s))

    def _end_within(self, seconds: float | None) -> None:
        """Have the connection end in `seconds`, unless it does so earlier anyway."""
        if seconds is None or self._link.now() + seconds >= self._end_s:
            return
        self._end_s = self._link.now() + seconds
        notice_s = min(seconds, self._limits.go_away_s)
        self._replace_ending(notice_s, seconds - notice_s)

    def _replace_ending(self, notice_s: float, wait_s: float | None = None) -> None:
        if self._ending:
            self._ending.cancel()
        self._ending = self._tasks.create_task(self._end(notice_s, wait_s))

    async def _end(self, notice_s: float, wait_s: float | None) -> None:
        """Wait, announce, wait, close; with a `wait_s` of None it has been announced."""
        if wait_s is not None:
            await self._link.sleep(wait_s)
            await self._link.send(server_messages.go_away(notice_s))
        await self._link.sleep(notice_s)
        await self._link.close(INTERNAL_ERROR, "Deadline expired before operation could complete.")

    async def _expire(self, left_s: float) -> None:
        await self._link.sleep(max(0.0, left_s))
        await self._link.close(INTERNAL_ERROR, "auth token has expired")
