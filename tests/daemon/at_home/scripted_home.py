"""A brain at home that does as the test says, and a session with it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.at_home.home_brain import HomeBrain
from daemon.at_home.home_session import HomeSession
from daemon.brain.brain import Heard, Spoken
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from tests.daemon.at_home.brain_in_process import InProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.brain.brain import CallTool, UserTurn
    from daemon.conversation.messages import SessionMessage
    from daemon.live.asked import Session
    from daemon.sound.pcm import Samples

REQUEST: dict[str, Any] = {"functions": [{"name": "set_device", "description": "", "parameters": {}}], "language": "en"}
LIGHT = {"device": "lamp"}


@dataclass
class Obliging:
    """Calls one function and says what it was answered; is sure of what is longer than nothing."""

    calls: bool = True
    error: Exception | None = None
    turns: list[UserTurn] = field(default_factory=list)
    cancelled: int = 0

    async def sure(self, turn: UserTurn) -> bool:
        if self.error:
            raise self.error
        return bool(turn.audio.any())

    async def words(self, samples: Samples) -> str:
        if self.error:
            raise self.error
        return f"{len(samples)} samples"

    async def reply(self, turn: UserTurn, call_tool: CallTool) -> AsyncIterator[Heard | Spoken]:
        self.turns.append(turn)
        if self.error:
            raise self.error
        yield Heard("lamp on")
        try:
            answer = await call_tool("set_device", LIGHT) if self.calls else {}
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        yield Spoken(str(dict(answer)), np.full(240, 7, np.int16))
        yield Spoken("That is all.", np.full(240, 8, np.int16))


class Talk:
    """A session with it, and everything that it reports."""

    def __init__(self, brain: HomeBrain) -> None:
        self.ring = AudioRing(100_000)
        self.uplink = Uplink(self.ring)
        self.reports: list[SessionMessage] = []
        self._news = asyncio.Event()
        self.session: Session = HomeSession(brain, REQUEST, self.uplink, self._report)

    def _report(self, message: SessionMessage) -> None:
        self.reports.append(message)
        self._news.set()

    def say(self, turn: int, samples: int = 640) -> bytes:
        """A whole window at once; returns its sound."""
        begin = self.ring.end
        spoken = np.arange(begin + 1, begin + 1 + samples).astype(np.int16)
        self.uplink.start(turn, begin)
        self.ring.append(spoken)
        self.uplink.end(turn, self.ring.end)
        return spoken.tobytes()

    async def until(self, kind: type[Any], times: int = 1) -> Any:
        async with asyncio.timeout(60):
            while len(found := [report for report in self.reports if isinstance(report, kind)]) < times:
                self._news.clear()
                await self._news.wait()
        return found[times - 1]


@asynccontextmanager
async def brain_at_home(
    brain: Obliging | None = None, *, keep: bool = False, idle_s: float = 60.0
) -> AsyncIterator[tuple[HomeBrain, InProcess]]:
    """As beside an appliance."""
    process = InProcess(brain or Obliging())
    home = HomeBrain(process.start, keep=keep, idle_s=idle_s)
    async with asyncio.TaskGroup() as group:
        living = group.create_task(home.run())
        await asyncio.sleep(0)
        yield home, process
        living.cancel()


@asynccontextmanager
async def talking(brain: HomeBrain) -> AsyncIterator[Talk]:
    talk = Talk(brain)
    async with asyncio.TaskGroup() as group:
        group.create_task(talk.session.run())
        yield talk
        talk.session.close()
