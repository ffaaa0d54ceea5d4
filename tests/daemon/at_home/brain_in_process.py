"""The process of the brain at home, but in the loop of the test: with the time of that, and nothing to start."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daemon.at_home.attendant import Attendant
from daemon.at_home.frames import LONGEST_LINE_BYTES

if TYPE_CHECKING:
    import socket

    from daemon.at_home.attendant import SureBrain


@dataclass
class Attending:
    """As a process is seen by the one who started it."""

    task: asyncio.Task[None]

    async def wait(self) -> int:
        with suppress(asyncio.CancelledError):
            await asyncio.shield(self.task)
        return 0

    def kill(self) -> None:
        self.task.cancel()


@dataclass
class InProcess:
    """Starts a brain; as often as it is asked."""

    brain: SureBrain
    started: int = 0
    living: list[Attending] = field(default_factory=list)

    async def start(self, theirs: socket.socket) -> Attending:
        self.started += 1
        own = theirs.dup()
        reader, writer = await asyncio.open_connection(sock=own, limit=LONGEST_LINE_BYTES)
        attendant = Attendant(self.brain, reader, writer)

        async def attend() -> None:
            try:
                await attendant.run()
            finally:
                writer.close()

        attending = Attending(asyncio.create_task(attend()))
        self.living.append(attending)
        return attending

    def die(self) -> None:
        """All at once."""
        for attending in self.living:
            attending.kill()
