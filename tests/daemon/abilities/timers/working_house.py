"""A house in which planned actions are done when a story says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.abilities.timers.ring_words import RingWords
from tests.daemon.abilities.timers.time_machine import House

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from daemon.abilities.timers.entry import Entry


class Wordless(RingWords):
    """Has nothing spoken in advance."""

    async def prepare(self, entry: Entry, at: datetime) -> None:
        pass


class WorkingHouse(House):
    """What the keeper begins beside itself, which is to work a device, is done when the story says so."""

    words = Wordless

    def start(self) -> None:
        super().start()
        self._begun: list[Coroutine[Any, Any, None]] = []
        self.keeper.spawn = self._begun.append

    async def act(self) -> None:
        begun, self._begun[:] = list(self._begun), []
        for work in begun:
            await work

    def dies(self) -> None:
        """With what it had begun."""
        for work in self._begun:
            work.close()
