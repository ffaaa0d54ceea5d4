"""Volumes, and the speaker's own sample format."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import Samples
from daemon.sound.sound_kind import SoundKind
from hardware.base import PcmFormat
from hardware.pcm_bytes import bytes_of

DUCKED: Final = 0.25
"""-12 dB."""
DOWN_MS: Final = 80
UP_MS: Final = 400


class Fader:
    """Mono int16 samples in, whole frames of the speaker's format out, as loud as the volume of their kind says.

    The amplitude is the square of the volume, so that half the volume sounds about half as loud (-12 dB). A change of
    volume is spread over one period, lest it click; at full volume S16_LE comes through bit for bit. While it is ducked
    everything is 12 dB softer: it gets there within `DOWN_MS`, and comes back within `UP_MS`.
    """

    def __init__(self, pcm_format: PcmFormat, volume: float) -> None:
        """`volume` is from 0 to 1, and that of every kind at first."""
        self._format = pcm_format
        self._targets = dict.fromkeys(SoundKind, amplitude(volume))
        self._gains = dict(self._targets)
        self._ducked = False
        self._share = 1.0  # what ducking leaves of it at the moment

    def set_volume(self, kind: SoundKind, volume: float) -> None:
        """From the next period on. Callable from any thread. Raises ValueError outside 0 to 1."""
        self._targets[kind] = amplitude(volume)

    def duck(self, *, ducked: bool) -> None:
        """From the next period on. Callable from any thread."""
        self._ducked = ducked

    def silence(self, frames: int) -> bytes:
        """`frames` silent frames; a change of volume needs no ramp in them."""
        self._gains.update(self._targets)
        self._share = DUCKED if self._ducked else 1.0
        return bytes(frames * self._format.frame_bytes)

    def encode(self, parts: Sequence[tuple[SoundKind, Samples]], frames: int) -> bytes:
        """One part after the other as `frames` frames, each value on every channel; what lacks is silence."""
        heard = {kind for kind, _ in parts}
        self._gains.update({kind: target for kind, target in self._targets.items() if kind not in heard})
        values = np.zeros(frames)
        at = 0
        for kind, samples in parts:
            values[at : at + len(samples)] = self._faded(kind, samples)
            at += len(samples)
        if self._ducked or self._share < 1.0:
            values *= self._shares(frames)
        return bytes_of(values, self._format)

    def _shares(self, frames: int) -> NDArray[np.float64]:
        """What ducking leaves of each frame: a straight way down or up."""
        ms = DOWN_MS if self._ducked else UP_MS
        step = (1.0 - DUCKED) * 1_000 / ms / self._format.rate_hz * (-1 if self._ducked else 1)
        shares: NDArray[np.float64] = np.clip(self._share + step * np.arange(1, frames + 1), DUCKED, 1.0)
        self._share = float(shares[-1])
        return shares

    def _faded(self, kind: SoundKind, samples: Samples) -> NDArray[np.float64]:
        target, gain = self._targets[kind], self._gains[kind]
        self._gains[kind] = target
        if target == gain:
            return samples.astype(np.float64) * target
        return samples * np.linspace(gain, target, len(samples) + 1)[1:]


def amplitude(volume: float) -> float:
    """The factor that makes sound as loud as `volume`. Raises ValueError outside 0 to 1."""
    if not 0.0 <= volume <= 1.0:
        raise ValueError(f"the volume must be from 0 to 1, not {volume}")
    return volume**2
