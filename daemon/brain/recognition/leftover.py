"""What is left of a wake word at the beginning of an utterance, where a pause parts it from what was said.

A request is sent from before the end of the wake word on, lest a word be lost
(docs/decisions/0004-the-request-begins-before-the-wake-word-is-decided.md); to the recogniser "…vis, turn on the lamp"
is "This turned on the lamp".
"""

from typing import Final

import numpy as np

from daemon.sound.pcm import Samples, samples_of_ms

BLOCK: Final = samples_of_ms(20)
FIRST_BLOCKS: Final = 5
"""It begins within so many: in the midst of the word there may be a stop."""
LONGEST_BLOCKS: Final = 21
"""420 ms: as much of "hey jarvis" as is sent."""
PAUSE_BLOCKS: Final = 10
"""200 ms: longer than any stop within a word or between two."""
LOUD: Final = 0.02
"""Of the level of the loudest block: an "s" is that loud, and a quiet room is not."""
KEPT_BLOCKS: Final = 5
"""Of the pause, before the first word: a soft beginning belongs to it."""


def without_leftover(samples: Samples) -> Samples | None:
    """`samples` (16 kHz) from the end of that pause on; None if they do not begin so."""
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    levels = np.sqrt((blocks**2).mean(axis=1))
    loud = np.flatnonzero(levels > LOUD * levels.max(initial=1.0))
    pauses = np.flatnonzero(np.diff(loud) > PAUSE_BLOCKS)
    if not len(pauses) or loud[0] > FIRST_BLOCKS or loud[pauses[0]] >= LONGEST_BLOCKS:
        return None
    return samples[(loud[pauses[0] + 1] - KEPT_BLOCKS) * BLOCK :]
