"""Volume, and the speaker's own sample format."""

import numpy as np

from daemon.sound.pcm import Samples
from hardware.base import PcmFormat


class Fader:
    """Mono int16 samples in, whole frames of the speaker's format out, as loud as the volume says.

    The amplitude is the square of the volume, so that half the volume sounds about half as loud (-12 dB). A change of
    volume is spread over one period, lest it click; at full volume S16_LE comes through bit for bit.
    """

    def __init__(self, pcm_format: PcmFormat, volume: float) -> None:
        """`volume` is from 0 to 1."""
        self._format = pcm_format
        self._target = self._gain = amplitude(volume)

    def set_volume(self, volume: float) -> None:
        """From the next period on. Callable from any thread. Raises ValueError outside 0 to 1."""
        self._target = amplitude(volume)

    def silence(self, frames: int) -> bytes:
        """`frames` silent frames; a change of volume needs no ramp in them."""
        self._gain = self._target
        return bytes(frames * self._format.frame_bytes)

    def encode(self, samples: Samples) -> bytes:
        """`samples` as frames, each value on every channel."""
        target = self._target
        values = samples.astype(np.float64)
        if target != self._gain:
            values *= np.linspace(self._gain, target, len(samples) + 1)[1:]
            self._gain = target
        else:
            values *= target
        wide = self._format.sample_format == "S32_LE"
        mono = np.rint(values * 65_536).astype("<i4") if wide else np.rint(values).astype("<i2")
        return np.repeat(mono, self._format.channels).tobytes()


def amplitude(volume: float) -> float:
    """The factor that makes sound as loud as `volume`. Raises ValueError outside 0 to 1."""
    if not 0.0 <= volume <= 1.0:
        raise ValueError(f"the volume must be from 0 to 1, not {volume}")
    return volume**2
