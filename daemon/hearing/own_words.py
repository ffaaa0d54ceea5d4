"""A wake word that Pipit itself says: in a reply, in a message, in whatever it plays. It does not count.

What was played is known to the sample. Only where a wake word was heard while something played, the models look at that
too, once: if they hear the word there at that moment, nobody said it. A person who says it at another moment counts.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from daemon.sound.pcm import Samples, samples_of_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.conversation.events import WakeWordDetected

OWN_SHARE: Final = 0.3
"""Of the threshold: what is played makes such a score, and the word is in it. A room changes scores."""
LATER_SAMPLES: Final = samples_of_ms(160)
"""Beyond the moment at which it was heard, for cards of which it is not known better."""

log = logging.getLogger(__name__)


class Played(Protocol):
    """What `daemon.sound.echo.loopback.Loopback` does."""

    def sounds_at(self, captured: float) -> bool: ...
    def read(self, captured: float, count: int, early: int) -> tuple[Samples, int]: ...


class Scoring(Protocol):
    """What `daemon.wake.engine.WakeEngine` does."""

    @property
    def second_look_samples(self) -> int: ...
    def scores_of(self, samples: Samples) -> Mapping[str, float]: ...


class OwnWords:
    """For the thread of the wake engine."""

    def __init__(self, played: Played, engine: Scoring, threshold: float) -> None:
        """`threshold` is that of the wake words."""
        self._played = played
        self._engine = engine
        self._least = threshold * OWN_SHARE
        self.refused = 0

    def is_own(self, word: WakeWordDetected, decided_at: int) -> bool:
        """Whether what was played says the word that was heard, up to the sample at `decided_at`."""
        if not self._played.sounds_at(word.at):
            return False
        count = self._engine.second_look_samples
        played, _ = self._played.read(decided_at + LATER_SAMPLES - count, count, early=0)  # in the same hops
        score = self._engine.scores_of(played)[word.model]
        own = score >= self._least
        if own:
            self.refused += 1
            log.info("the wake word %s was our own: it is in what was played", word.model)
        else:
            log.debug("the wake word %s is not in what was played, which scores %.2f", word.model, score)
        return own
