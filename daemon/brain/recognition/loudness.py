"""Where an utterance is loud, and where only the room is heard: by the level of its blocks."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import Samples, samples_of_ms, silence

BLOCK: Final = samples_of_ms(20)

LOUD: Final = 0.02
"""Of the level of the loudest block: an "s" is that loud, and a quiet room is not."""

EDGE_BLOCKS: Final = 25
"""500 ms: with less of a room before and after it Moonshine reads worse, with seconds more too (docs/benchmarks.md)."""


def loud_blocks(samples: Samples) -> NDArray[np.intp]:
    """The numbers of the blocks of `samples` (16 kHz) that are loud; a rest that fills no block is not looked at."""
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    levels = np.sqrt((blocks**2).mean(axis=1))
    return np.flatnonzero(levels > LOUD * levels.max(initial=1.0))


def without_quiet_edges(samples: Samples) -> Samples:
    """`samples` (16 kHz) without what is quiet at their beginning and end, but for `EDGE_BLOCKS`.

    Whoever presses the button and then thinks for ten seconds is understood as if they had not, and as quickly.
    """
    loud = loud_blocks(samples)
    if not len(loud):
        return samples
    return samples[max(0, loud[0] - EDGE_BLOCKS) * BLOCK : (loud[-1] + 1 + EDGE_BLOCKS) * BLOCK]


def with_quiet_end(samples: Samples) -> Samples:
    """`samples` (16 kHz) with silence after them, if they end less than `EDGE_BLOCKS` after their last loud block.

    Of 32 commands that were cut 290 ms after the last word, one more was misread; with this none (docs/benchmarks.md).
    """
    loud = loud_blocks(samples)
    quiet = len(samples) - (loud[-1] + 1) * BLOCK if len(loud) else len(samples)
    return np.concatenate((samples, silence(max(0, EDGE_BLOCKS * BLOCK - quiet))))
