"""A session under test with everything it reports, in a task of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import numpy as np

from daemon.conversation.messages import SessionMessage
from daemon.live.options import LiveOptions
from daemon.live.session import LiveSession
from daemon.live.uplink import Outgoing, Uplink
from daemon.sound.pcm import Samples
from daemon.sound.preroll import AudioRing

PATIENCE_S = 60.0
"""No test waits that long unless it is about to fail."""

Kind = TypeVar("Kind", bound=SessionMessage)


class Line:
    """`reports` is everything reported so far; `capture` speaks into the ring."""

    def __init__(self, options: LiveOptions, *, capacity_samples: int = 200_000) -> None:
        self.ring = AudioRing(capacity_samples)
        self.uplink = Uplink(self.ring)
        self.reports: list[SessionMessage] = []
        self._unseen: asyncio.Queue[SessionMessage] = asyncio.Queue()
        self.session = LiveSession(options, self.uplink, self._report)

    def _report(self, message: SessionMessage) -> None:
        self.reports.append(message)
        self._unseen.put_nowait(message)

    async def until(self, kind: type[Kind]) -> Kind:
        """The next report of that kind; those before it are passed over."""
        while True:
            report = await self._unseen.get()
            if isinstance(report, kind):
                return report

    def capture(self, samples: int) -> Samples:
        """So many samples more, each telling its position modulo 2**16."""
        new = np.arange(self.ring.end, self.ring.end + samples).astype(np.int16)
        self.ring.append(new)
        self.uplink.captured()
        return new

    def say(self, turn: int, samples: int) -> bytes:
        """A whole window at once; returns its audio."""
        begin = self.ring.end
        self.uplink.start(turn, begin)
        spoken = self.capture(samples)
        self.uplink.end(turn, self.ring.end)
        return spoken.tobytes()


def attempt(uplink: Uplink) -> Outgoing | None:
    """The next message if there is one; needs a running loop, but does not let it run."""
    coroutine = uplink.next_message()
    try:
        coroutine.send(None)
    except StopIteration as done:
        message: Outgoing = done.value
        return message
    coroutine.close()
    return None


@asynccontextmanager
async def calling(options: LiveOptions) -> AsyncIterator[Line]:
    """Run a session within the block, and close it after; all within `PATIENCE_S`."""
    line = Line(options)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        group.create_task(line.session.run())
        try:
            yield line
        finally:
            line.session.close()


async def outcome(options: LiveOptions) -> list[SessionMessage]:
    """Everything a session reports that ends by itself."""
    line = Line(options)
    async with asyncio.timeout(PATIENCE_S):
        await line.session.run()
    return line.reports
