"""Sampling rate conversion with state, over soxr; the only file that knows soxr.

Two ways through soxr, because its usual one works in blocks and so holds back an uneven amount of sound. Measured with
soxr 1.1.0, sound cut into 20 ms pieces, held back meaning received but not yet returned:

====  =============  ==================  ====================  =========================  =======================
name  soxr           24 to 48 kHz        48 to 16 kHz          CPU for a second of sound  SINAD of a 10 kHz tone
====  =============  ==================  ====================  =========================  =======================
HQ    HQ, vr=True    10 ms, always       12.5 ms, always       1.5 ms; 2.6 ms             87 dB
LQ    LQ             1 to 20 ms          2 to 20 ms            0.4 ms; 0.3 ms             81 dB, and 5 dB too soft
none  HQ             4 to 38 ms          9 to 37 ms            0.3 ms                     87 dB
====  =============  ==================  ====================  =========================  =======================

So HQ (soxr's variable-rate engine at a fixed rate) is for replies, where a gap is heard and the processor is awake
anyway; LQ is for the microphone, which runs day and night and whose speech models hear nothing above 7 kHz.

soxr is given float32: with int16 it adds dither, which turns silence into noise.
"""

from typing import Literal

import numpy as np
import soxr  # type: ignore[import-untyped]

from daemon.sound.pcm import Samples, Unrounded, rounded

Quality = Literal["HQ", "LQ"]


class Resampler:
    """One stream of mono samples from one rate to another. The result is the same however the stream is cut up."""

    def __init__(self, from_hz: int, to_hz: int, quality: Quality = "HQ") -> None:
        self._identity = from_hz == to_hz
        self._soxr = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality=quality, vr=quality == "HQ")

    def process(self, samples: Samples) -> Samples:
        """What can be said of `samples` so far at the new rate, shape (m,); m may be 0."""
        return samples if self._identity else rounded(self.process_unrounded(samples.astype(np.float32)))

    def process_unrounded(self, values: Unrounded) -> Unrounded:
        """`process` for values that something else will round."""
        return values if self._identity else self._soxr.resample_chunk(values)

    def flush(self) -> Samples:
        """What is held back; n samples are now n * to_hz / from_hz, give or take one. The next stream starts afresh."""
        if self._identity:
            return np.zeros(0, np.int16)
        tail = rounded(self._soxr.resample_chunk(np.zeros(0, np.float32), last=True))
        self._soxr.clear()
        return tail


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """All of `samples` at another rate, in high quality."""
    resampler = Resampler(from_hz, to_hz)
    return np.concatenate((resampler.process(samples), resampler.flush()))
