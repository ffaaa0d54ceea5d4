"""What the device itself plays: earcons and its own sentences, and how loud everything is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.sound.sound_kind import SoundKind
from daemon.speech.earcons import Sound, earcon

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.appliance.cards import Cards
    from daemon.conversation.causes import Cause, Notice
    from daemon.sound.playout import Playout

log = logging.getLogger(__name__)


class Volumes(Protocol):
    """How loud each kind of sound is."""

    def reports_to(self, report: Callable[[], None]) -> None:
        """Whom to tell, in the loop's thread, that one of them was changed."""
        ...

    def of(self, kind: SoundKind) -> float:
        """0 to 1."""
        ...


class Sounds:
    def __init__(
        self,
        playout: Playout,
        cards: Cards,
        announcement: Callable[[Cause | Notice], Samples],
        volumes: Volumes | None,
    ) -> None:
        self._cards = cards
        self._playout = playout
        self._announcement = announcement
        self._volumes = volumes
        if volumes:
            volumes.reports_to(self._heed_volumes)
        self._heed_volumes()

    def play(self, sound: Sound) -> None:
        rate_hz = self._playout.format.rate_hz
        self._play(earcon(sound, rate_hz), rate_hz, SoundKind.EARCON)

    def announce(self, cause: Cause | Notice) -> None:
        """Its earcon, and what there is to say about it."""
        self.play(cause)
        self._play(self._announcement(cause), REPLY_RATE_HZ, SoundKind.VOICE)

    def _play(self, samples: Samples, rate_hz: int, kind: SoundKind) -> None:
        """Play it now or never: a speaker that is back an hour later must not tell what happened meanwhile."""
        if self._cards.speaker_away:
            log.debug("not played: the speaker is away")
        else:
            self._playout.play_sound(samples, rate_hz, kind)

    def _heed_volumes(self) -> None:
        if self._volumes:
            for kind in SoundKind:
                self._playout.set_volume(kind, self._volumes.of(kind))
