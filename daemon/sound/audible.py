"""Whether a recording holds anything that could be heard: silence costs as much to send as speech does."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms

SILENT_RMS: Final = 10.0
"""In 16-bit steps, -70 dB of full scale: less than a quiet room through a quiet microphone makes of itself."""

CANCELLED: Final = 1e-3
"""-30 dB: what is left of two channels that are added is that much less than one only if they are opposed."""

_WINDOW: Final = samples_of_ms(100, CAPTURE_RATE_HZ)


def is_silent(samples: Samples) -> bool:
    """Whether no tenth of a second of `samples` (16 kHz) varies by more than SILENT_RMS around its mean."""
    whole = len(samples) // _WINDOW * _WINDOW
    windows = samples[:whole].reshape(-1, _WINDOW).astype(np.float32)
    last = samples[whole:].astype(np.float32)
    loudest = windows.std(axis=1).max(initial=0.0)
    return bool(max(loudest, last.std() if len(last) else 0.0) <= SILENT_RMS)


class Powers:
    """The variance of each channel of a stream and of their mean, in one pass, in float64."""

    def __init__(self, channels: int) -> None:
        self._count = 0
        self._sums = np.zeros((2, channels + 1))

    def add(self, block: NDArray[np.float32], mean: NDArray[np.float32]) -> None:
        """Count frames, shape (n, channels), and the mean of their channels, shape (n,)."""
        together = np.column_stack((block, mean)).astype(np.float64)
        self._count += len(together)
        self._sums += together.sum(axis=0), np.square(together).sum(axis=0)

    @property
    def cancelled(self) -> bool:
        """Whether a channel could be heard that is gone from the mean."""
        if not self._count:
            return False
        means, squares = self._sums / self._count
        variances = squares - np.square(means)
        loudest = float(variances[:-1].max())
        return loudest > SILENT_RMS**2 and float(variances[-1]) < CANCELLED * loudest
