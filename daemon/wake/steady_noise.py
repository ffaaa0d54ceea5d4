"""Loud steady noise, after which a small network hears little: it has learnt to take so much away from every sound.

That passes in a second or two (its features follow the noise in 0.16 to 0.4 s). Of 258 wake words said up to 2 s after
5 s of noise or speech at -30 or -18 dBFS it thought 9 impossible, all after the louder; with this rule 1, after speech.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from daemon.wake.quiet_gate import Loudness

STEADY_HOPS: Final = 20
"""Steady is what has no quiet moment for 1.6 s: speech has, at the closure of a consonant if not between words."""

DEAF_HOPS: Final = 25
"""2 s after it all is as it was; after 1.3 s, 4 of the 258 were lost."""

LOUD_RMS: Final = 500
"""Of the quietest 20 ms, in steps of 16 bits: -36 dBFS. From 450 on speech is taken for noise more often."""


class SteadyNoise:
    """Follows the levels that the quiet gate has measured anyway."""

    def __init__(self) -> None:
        self._least: deque[float] = deque(maxlen=STEADY_HOPS)  # the quietest moment of each hop, drops the oldest
        self._floor = 0.0
        self._left = 0

    @property
    def is_recent(self) -> bool:
        """Whether there was such a noise less than `DEAF_HOPS` ago."""
        return self._left > 0

    def deafens(self, loudness: Loudness) -> bool:
        """Whether a hop is quieter than a noise that it comes after."""
        self._left -= 1
        deafens = self._left >= 0 and loudness.loudest < self._floor
        self._least.append(loudness.quietest)
        if len(self._least) == STEADY_HOPS and (floor := min(self._least)) > LOUD_RMS:
            self._floor = floor if self._left < 0 else max(floor, self._floor)
            self._left = DEAF_HOPS
        return deafens
