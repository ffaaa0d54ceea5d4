"""The speaker for commands that only speak: replies in, sound out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from daemon.assembly import alsa_speaker, speaker_format
from daemon.sound.playout import Drained, Playout, PlayoutNotice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from daemon.settings import SpeakerSettings


class Loudspeaker:
    """Plays one reply after the other."""

    def __init__(self, settings: SpeakerSettings) -> None:
        self._loop = asyncio.get_running_loop()
        self._drained = asyncio.Event()
        self._turn = 0
        self.playout = Playout(speaker_format(settings), volume=settings.volume, notify=self._from_speaker_thread)
        self.playout.expect(0)

    def play(self, data: bytes) -> None:
        """S16_LE mono at 24 kHz, as it comes."""
        self.playout.play(self._turn, data)

    async def played(self) -> None:
        """The reply has arrived; returns when it was heard to its end."""
        self._drained.clear()
        self.playout.finish(self._turn)
        await self._drained.wait()
        self._turn += 1
        self.playout.expect(self._turn)

    def _from_speaker_thread(self, notice: PlayoutNotice) -> None:
        if isinstance(notice, Drained):
            self._loop.call_soon_threadsafe(self._drained.set)


@asynccontextmanager
async def loudspeaker(settings: SpeakerSettings) -> AsyncIterator[Loudspeaker]:
    """An open loudspeaker. Raises HardwareError."""
    speaker = Loudspeaker(settings)
    async with alsa_speaker(settings)(speaker.playout):
        yield speaker
