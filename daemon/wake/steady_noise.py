"""Loud steady noise, after which a small network hears little: it has learnt to take so much away from every sound.

That passes in a second or two (its features follow the noise in 0.16 to 0.4 s). Of 258 wake words said right after 5 s
of noise or speech at -30 or -18 dBFS, it thought 9 impossible, all after the louder; with this rule one, after speech.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

STEADY_HOPS: Final = 16
"""Steady is what has no quiet moment for 1.3 s: speech has, at the closure of a consonant if not between words."""

DEAF_HOPS: Final = 25
"""2 s after it all is as it was."""

LOUD_RMS: Final = 600.0
"""-35 dBFS."""

_BLOCKS: Final = 4


class SteadyNoise:
    """Follows the quietest blocks of 20 ms."""

    def __init__(self) -> None:
        self._quietest: deque[float] = deque(maxlen=STEADY_HOPS)  # of each hop, drops what is older
        self._floor = 0.0
        self._left = 0

    def deafens(self, hop: Samples) -> bool:
        """Whether `hop` is quieter than a noise that it comes after."""
        blocks = hop.astype(np.float32).reshape(_BLOCKS, HOP_SAMPLES // _BLOCKS)
        power = np.square(blocks - blocks.mean()).mean(axis=1)
        self._left -= 1
        deafens = self._left >= 0 and float(power.max()) < self._floor**2
        self._quietest.append(float(power.min()) ** 0.5)
        if len(self._quietest) == STEADY_HOPS and (floor := min(self._quietest)) > LOUD_RMS:
            self._floor = floor if self._left < 0 else max(floor, self._floor)
            self._left = DEAF_HOPS
        return deafens
