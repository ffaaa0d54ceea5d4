"""What is left of a wake word at the beginning of an utterance, where a pause parts it from what was said.

A request is sent from before the end of the wake word on, lest a word be lost
(docs/decisions/0004-the-request-begins-before-the-wake-word-is-decided.md); to the recogniser "…vis, turn on the lamp"
is "This turned on the lamp".
"""

from typing import Final

import numpy as np

from daemon.brain.recognition.loudness import BLOCK, loud_blocks
from daemon.sound.pcm import Samples

FIRST_BLOCKS: Final = 5
"""It begins within so many: in the midst of the word there may be a stop."""
LONGEST_BLOCKS: Final = 21
"""420 ms: as much of "hey jarvis" as is sent."""
PAUSE_BLOCKS: Final = 10
"""200 ms: longer than any stop within a word or between two."""
KEPT_BLOCKS: Final = 5
"""Of the pause, before the first word: a soft beginning belongs to it."""


def without_leftover(samples: Samples) -> Samples | None:
    """`samples` (16 kHz) from the end of that pause on; None if they do not begin so."""
    loud = loud_blocks(samples)
    pauses = np.flatnonzero(np.diff(loud) > PAUSE_BLOCKS)
    if not len(pauses) or loud[0] > FIRST_BLOCKS or loud[pauses[0]] >= LONGEST_BLOCKS:
        return None
    return samples[(loud[pauses[0] + 1] - KEPT_BLOCKS) * BLOCK :]
