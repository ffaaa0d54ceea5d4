"""Sound as Whisper hears it: the logarithm of 80 bands of the mel scale, a hundred times a second.

As `audio.py` of openai-whisper computes it, whose filters are those of librosa (Slaney's scale, equal areas).
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

BANDS: Final = 80
HOP: Final = CAPTURE_RATE_HZ // 100
_WINDOW: Final = CAPTURE_RATE_HZ // 40
_FLOOR: Final = 1e-10
_RANGE: Final = 8.0
"""Decades below the loudest that count."""

_LINEAR_HZ: Final = 200 / 3
"""Width of a mel below 1 kHz; above, each is this much higher than the one before: """
_STEP: Final = np.log(6.4) / 27
_KNEE: Final = 1000 / _LINEAR_HZ

LogMel = NDArray[np.float32]


def log_mel(samples: Samples) -> LogMel:
    """Shape (80, frames) of 16 kHz samples; an even number of frames, of which the network makes half as many."""
    sound = np.pad(samples.astype(np.float32) / 32768.0, _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::HOP][:-1]
    windows = windows[: len(windows) // 2 * 2]
    hann = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(windows * hann, axis=1)).astype(np.float32) ** 2
    logarithm = np.log10(np.maximum(_filters() @ power.T, _FLOOR))
    return np.ascontiguousarray((np.maximum(logarithm, logarithm.max() - _RANGE) + 4) / 4, np.float32)


@cache
def _filters() -> LogMel:
    """A triangle a band, over the frequencies of the Fourier transform."""
    highest = _KNEE + np.log(CAPTURE_RATE_HZ / 2 / 1000) / _STEP
    mels = np.linspace(0, highest, BANDS + 2)
    edges = np.where(mels < _KNEE, mels * _LINEAR_HZ, 1000 * np.exp(_STEP * (mels - _KNEE)))
    heard = np.linspace(0, CAPTURE_RATE_HZ / 2, _WINDOW // 2 + 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((heard - low) / (middle - low), (high - heard) / (high - middle))
    return np.asarray(np.maximum(0, triangles) * 2 / (high - low), np.float32)
