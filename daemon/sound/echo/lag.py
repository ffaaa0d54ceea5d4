"""By how much the echo really comes after what is believed to be heard: cards hold more than they say.

The generalised cross-correlation with phase transform (Knapp and Carter 1976) of what was played and what was heard
stands out where the two match; a window of both is compared now and then, and the result counts when it is repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import Samples, samples_of_ms, silence

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_SAMPLES: Final = 16_384
"""A second. With a voice as loud as the echo 88 of 100 tell the first sound of it, the others a later one."""
THINNED: Final = 2
"""Compared at 8 kHz: above 4 kHz rooms and small speakers leave little. At 4 kHz half as many windows tell it."""
MOST_SAMPLES: Final = samples_of_ms(500)
"""The longest lag that is found, either way."""
FOLD: Final = 2_048
"""Transforms are as long as a multiple of it: a large prime factor takes several times as long."""
SHARPNESS: Final = 8.0
"""How far the peak has to stand out of the rest, in standard deviations."""
SAME_SAMPLES: Final = samples_of_ms(4)
REST_WINDOWS: Final = 6
"""So many are passed over after two that agree, or one that tells nothing: each costs two milliseconds."""


class LagFinder:
    """Gathers pairs of what was played and what was heard, aligned as is believed so far."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._passed_over = 0
        self._heard = self._played = silence(0)  # there while they are filled
        self._count = 0

    def forget(self) -> None:
        """What comes does not follow what came."""
        self._heard = self._played = silence(0)
        self._count = 0

    def add(self, heard: Samples, played: Samples) -> int | None:
        """By how many samples `heard` comes after `played`, once that was seen twice in a row; else None."""
        if not self._passed_over:
            self._gather(heard, played)
        self._count += len(heard)
        if self._count < WINDOW_SAMPLES:
            return None
        self._count = 0
        if self._passed_over:
            self._passed_over -= 1
            return None
        return self._compare()

    def _gather(self, heard: Samples, played: Samples) -> None:
        if not len(self._heard):
            self._heard, self._played = silence(WINDOW_SAMPLES), silence(WINDOW_SAMPLES)
        end = min(self._count + len(heard), WINDOW_SAMPLES)
        self._heard[self._count : end] = heard[: end - self._count]
        self._played[self._count : end] = played[: end - self._count]

    def _compare(self) -> int | None:
        slow = _thinned(self._heard), _thinned(self._played)
        self._heard = self._played = silence(0)  # leaves its memory to the transforms, which take as much again
        found = _lag_of_thinned(*slow)
        again = found is not None and self._last is not None and abs(found - self._last) <= SAME_SAMPLES
        self._last = found
        self._passed_over = REST_WINDOWS if again or found is None else 0
        return found if again else None


def lag_of(heard: Samples, played: Samples) -> int | None:
    """By how many samples `heard` comes after `played`, at most `MOST_SAMPLES` either way; None where nothing tells."""
    return _lag_of_thinned(_thinned(heard), _thinned(played))


def _lag_of_thinned(heard: NDArray[np.float32], played: NDArray[np.float32]) -> int | None:
    most = MOST_SAMPLES // THINNED
    size = -(-(len(heard) + most) // FOLD) * FOLD  # what wraps around is further off than is looked for
    product = _spectrum(heard, size)
    other = _spectrum(played, size)
    product *= np.conj(other, out=other)
    strength = np.sqrt((product * np.conj(product, out=other)).real)  # not `abs`: each loop of numpy is 64 kB of code
    del other
    if not np.count_nonzero(strength):
        return None
    product *= 1 / np.maximum(strength, strength.max() * np.float32(1e-6))
    likeness: NDArray[np.floating] = np.fft.irfft(product, size)
    near = np.concatenate((likeness[-most:], likeness[:most]))
    near *= near
    peak = int(near.argmax())
    return (peak - most) * THINNED if near[peak] > SHARPNESS**2 * near.sum() / len(near) else None


def _spectrum(values: NDArray[np.float32], size: int) -> NDArray[np.complexfloating]:
    """Times some factor. With any but the usual one numpy reckons in single precision: half of the memory."""
    spectrum: NDArray[np.complexfloating] = np.fft.rfft(values, size, norm="forward")
    return spectrum


def _thinned(samples: Samples) -> NDArray[np.float32]:
    whole = samples[: len(samples) // THINNED * THINNED].astype(np.float32)
    thinned: NDArray[np.float32] = whole.reshape(-1, THINNED).sum(axis=1)
    return thinned
