"""Loud steady noise, after which a small network hears little: it has learnt to take so much away from every sound.

That passes in a second or two (its features follow the noise in 0.16 to 0.4 s). Of 258 wake words said up to 2 s after
5 s of noise or speech at -30 or -18 dBFS it thought 9 impossible, all after the louder; with this rule 1, after speech.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

STEADY_HOPS: Final = 20
"""Steady is what has no quiet moment for 1.6 s: speech has, at the closure of a consonant if not between words."""

DEAF_HOPS: Final = 25
"""2 s after it all is as it was; after 1.3 s, 4 of the 258 were lost."""

LOUD_SPAN: Final = 3_000
"""From the lowest sample to the highest of 20 ms: of white noise at -36 dBFS."""

_BLOCKS: Final = 4


class SteadyNoise:
    """Follows how far the samples of 20 ms span: cheaper than a level, and no offset of the card is in it."""

    def __init__(self) -> None:
        self._least: deque[int] = deque(maxlen=STEADY_HOPS)  # the smallest span of each hop, drops the oldest
        self._floor = 0
        self._left = 0

    def deafens(self, hop: Samples) -> bool:
        """Whether `hop` is quieter than a noise that it comes after."""
        blocks = hop.reshape(_BLOCKS, HOP_SAMPLES // _BLOCKS)
        highest, lowest = blocks.max(axis=1).tolist(), blocks.min(axis=1).tolist()
        spans = [high - low for high, low in zip(highest, lowest, strict=True)]
        self._left -= 1
        deafens = self._left >= 0 and max(spans) < self._floor
        self._least.append(min(spans))
        if len(self._least) == STEADY_HOPS and (floor := min(self._least)) > LOUD_SPAN:
            self._floor = floor if self._left < 0 else max(floor, self._floor)
            self._left = DEAF_HOPS
        return deafens
