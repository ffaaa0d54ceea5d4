"""The audio formats used inside Pipit, and arithmetic between samples and milliseconds.

A *sample position* is the number of 16 kHz mono samples captured since the microphone was opened. Everything that
happens to the user's speech (wake word, utterance, button) is dated by one, never by a clock.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Mono signed 16-bit samples, shape (n,)."""

CAPTURE_RATE_HZ: Final = 16_000
"""What the wake word models, Silero and the Live API's input take."""

REPLY_RATE_HZ: Final = 24_000
"""What the Live API speaks (`audio/pcm;rate=24000`)."""


def samples_of_ms(ms: float, rate_hz: int = CAPTURE_RATE_HZ) -> int:
    """The whole number of samples in `ms` milliseconds at `rate_hz`."""
    return int(ms * rate_hz // 1000)


def ms_of_samples(samples: int, rate_hz: int = CAPTURE_RATE_HZ) -> float:
    """How many milliseconds `samples` samples last at `rate_hz`."""
    return samples * 1000 / rate_hz


def silence(samples: int) -> Samples:
    """`samples` zero samples."""
    return np.zeros(samples, np.int16)


def from_bytes(data: bytes) -> Samples:
    """Little-endian S16 bytes as read-only samples; raises ValueError if they are not whole samples."""
    return np.frombuffer(data, dtype="<i2")


Unrounded = NDArray[np.float32]
"""Mono samples between two steps of processing, shape (n,): the scale of int16, but neither rounded nor clipped."""


def rounded(values: Unrounded) -> Samples:
    """The nearest int16 samples; what is too loud is clipped, never wrapped."""
    whole = np.rint(values)
    np.minimum(whole, 32_767, out=whole)  # in place, a third of what `clip` takes of a period
    np.maximum(whole, -32_768, out=whole)
    return whole.astype(np.int16)
