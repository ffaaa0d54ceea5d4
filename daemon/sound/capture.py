"""From the sound card's periods to the 16 kHz mono samples everything else works on."""

from typing import Final, Protocol

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, Unrounded, from_bytes, rounded
from daemon.sound.resample import Resampler
from hardware.base import PcmFormat
from hardware.pcm_bytes import FULL_SCALE, channel_values

CUTOFF_HZ: Final = 20.0
"""Of the DC block: below all speech, and quick enough to follow a microphone that warms up."""

BLOCK_SAMPLES: Final = 1_600
"""The DC block's sums grow by exp(2 pi 20 Hz t): over 100 ms by 3e5, which leaves float64 ten digits."""


class Converter(Protocol):
    """What `CaptureConverter` does."""

    def convert(self, period: bytes) -> Samples:
        """The samples of `period` at 16 kHz; over time as many as it lasts."""
        ...


class DcBlock:
    """A one-pole high-pass for I2S microphones, some of which (SPH0645) add a large constant to every sample.

    It subtracts a running mean, m[n] = r m[n-1] + (1 - r) x[n], written as a cumulative sum to spare a Python loop:
    m[n] = r^(n+1) (m[-1] + (1 - r) sum over k <= n of x[k] / r^(k+1)). The mean begins as that of the first block, not
    as zero, so that the constant is not heard as a thump when the microphone opens.
    """

    def __init__(self) -> None:
        pole = np.exp(-2 * np.pi * CUTOFF_HZ / CAPTURE_RATE_HZ)
        self._decay = pole ** np.arange(1, BLOCK_SAMPLES + 1)
        self._weights = (1 - pole) / self._decay
        self._mean: float | None = None

    def process(self, values: Unrounded) -> Unrounded:
        """`values` at 16 kHz without what is constant in them, shape kept."""
        blocks = [self._block(values[at : at + BLOCK_SAMPLES]) for at in range(0, len(values), BLOCK_SAMPLES)]
        return np.concatenate(blocks) if blocks else values

    def _block(self, values: Unrounded) -> Unrounded:
        if self._mean is None:
            self._mean = float(values.mean(dtype=np.float64))
        sums = np.cumsum(values * self._weights[: len(values)])
        means = self._decay[: len(values)] * (self._mean + sums)
        self._mean = float(means[-1])
        without: Unrounded = (values - means).astype(np.float32)
        return without


class CaptureConverter:
    """Periods of one format in, 16 kHz mono out: slot, rate, DC block, gain, and only then 16 bits.

    An I2S microphone's speech peaks at half a percent of full scale, so it must be amplified while it still has its 24
    bits. One slot is taken, never the mean of two: the other slot is often empty, and the mean would halve the voice.
    """

    def __init__(
        self, pcm_format: PcmFormat, *, channel: int = 0, gain_db: float = 0.0, dc_block: bool | None = None
    ) -> None:
        """`dc_block` None means: for all but S16_LE, as I2S microphones need it. Raises ValueError for a wrong slot."""
        if not 0 <= channel < pcm_format.channels:
            raise ValueError(f"channel {channel} does not exist: there are {pcm_format.channels}, counted from 0")
        wide = pcm_format.sample_format != "S16_LE"
        self._format = pcm_format
        self._channel = channel
        self._gain = 10 ** (gain_db / 20) * FULL_SCALE["S16_LE"] / FULL_SCALE[pcm_format.sample_format]
        self._resampler = Resampler(pcm_format.rate_hz, CAPTURE_RATE_HZ, "LQ")
        self._dc_block = DcBlock() if (wide if dc_block is None else dc_block) else None
        self._exact = pcm_format.rate_hz == CAPTURE_RATE_HZ and self._gain == 1.0 and self._dc_block is None

    def convert(self, period: bytes) -> Samples:
        """The samples of `period`; with another rate a few fewer or more than it lasts, none at times.

        S16_LE at 16 kHz without gain comes through bit for bit. Raises ValueError if `period` is not whole frames.
        """
        if self._exact and self._format.channels == 1:
            return from_bytes(period)
        slot = channel_values(period, self._format, self._channel)
        if self._exact:
            return slot.astype(np.int16, copy=False)
        values = self._resampler.process_unrounded(slot.astype(np.float32))
        if self._dc_block:
            values = self._dc_block.process(values)
        return rounded(values * np.float32(self._gain))
