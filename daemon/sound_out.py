"""The speaker for commands that only speak: replies in, sound out."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from daemon.app import alsa_speaker, speaker_format
from daemon.settings import SpeakerSettings
from daemon.sound.playout import Playout

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable


@asynccontextmanager
async def speaking(device: str | None) -> AsyncIterator[Callable[[bytes], None] | None]:
    """A function that plays S16_LE mono bytes at 24 kHz on `device`; None without a device. Raises HardwareError."""
    if device is None:
        yield None
        return
    settings = SpeakerSettings(device=device)
    playout = Playout(speaker_format(settings), volume=settings.volume, notify=lambda _: None)
    playout.expect(0)
    async with alsa_speaker(settings)(playout):
        yield lambda data: playout.play(0, data)
