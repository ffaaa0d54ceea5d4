"""Whether what was read of an utterance is all of it: it was read in a pause, and the pause was its end."""

from typing import Final

import numpy as np

from daemon.brain.recognition.loudness import BLOCK
from daemon.sound.pcm import Samples

SILENCE: Final = 0.1
"""Of the loudest 20 ms that were read, as amplitude: what is softer and comes after them is no word."""


def only_silence_follows(read: Samples, samples: Samples) -> bool:
    """Whether `samples` are those that were `read`, and after them nothing that may have been said."""
    if len(read) > len(samples) or not np.array_equal(read, samples[: len(read)]):
        return False
    return _loudest(samples[len(read) :]) <= SILENCE * _loudest(read)


def _loudest(samples: Samples) -> float:
    """Amplitude (RMS) of the loudest 20 ms."""
    blocks = np.resize(samples, (-(-len(samples) // BLOCK), BLOCK)).astype(np.float64)
    return float(np.sqrt(np.square(blocks).mean(axis=1)).max(initial=0.0))
