"""The speaker for commands that only speak: replies in, sound out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from daemon.errors import HardwareError
from daemon.sound.pcm import REPLY_RATE_HZ
from daemon.sound.playout import Drained, Playout, PlayoutNotice
from daemon.speech.making import alsa_speaker, speaker_format

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from daemon.speech.settings import SpeakerSettings
    from hardware.base import PlayoutSource, Speaker

GRACE_S: Final = 10.0
"""How much longer than its sound a reply may take, such as while its card is opened again."""


class Loudspeaker:
    """Plays one reply after the other."""

    def __init__(self, settings: SpeakerSettings, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._bytes = 0  # of the present reply
        self._loop = asyncio.get_running_loop()
        self._drained = asyncio.Event()
        self._turn = 0
        self._card: Speaker | None = None
        self.playout = Playout(speaker_format(settings), volume=settings.volume, notify=self._from_speaker_thread)
        self.playout.expect(0)

    def through(self, card: Speaker) -> None:
        """This is what plays it."""
        self._card = card

    def play(self, data: bytes, rate_hz: int = REPLY_RATE_HZ) -> None:
        """S16_LE mono, as it comes."""
        self._bytes += len(data) * REPLY_RATE_HZ // rate_hz
        self.playout.play(self._turn, data, rate_hz)

    def hush(self) -> None:
        """Be silent within two periods; the rest of the reply is never heard."""
        self.playout.flush()
        if self._card:
            self._card.drop()
        self._next()

    async def played(self) -> None:
        """The reply has arrived; returns when it was heard to its end; raises HardwareError if it never is."""
        self._drained.clear()
        self.playout.finish(self._turn)
        try:
            await asyncio.wait_for(self._drained.wait(), self._bytes / 2 / REPLY_RATE_HZ + self._grace_s)
        except TimeoutError:
            raise HardwareError(
                f"the speaker does not play: a reply was not heard {self._grace_s:g} s after its length",
                fix="check that the sound card is still there, or go without (--text)",
            ) from None
        self._next()

    def _next(self) -> None:
        self._bytes = 0
        self._turn += 1
        self.playout.expect(self._turn)

    def _from_speaker_thread(self, notice: PlayoutNotice) -> None:
        if isinstance(notice, Drained):
            self._loop.call_soon_threadsafe(self._drained.set)


@asynccontextmanager
async def loudspeaker(
    settings: SpeakerSettings,
    driver: Callable[[SpeakerSettings], Callable[[PlayoutSource], Speaker]] = alsa_speaker,
) -> AsyncIterator[Loudspeaker]:
    """An open loudspeaker. Raises HardwareError."""
    speaker = Loudspeaker(settings)
    async with driver(settings)(speaker.playout) as card:
        speaker.through(card)
        yield speaker
