"""How much of what was said has arrived at the service, whatever came before, between and after it."""

from typing import Final

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

PIECE: Final = CAPTURE_RATE_HZ // 10
"""100 ms: as long as a syllable."""
ALIKE: Final = 0.9
"""Of the largest correlation that there can be."""
AUDIBLE: Final = 0.1
"""Of the level of the loudest piece: what is softer is a pause."""


def share_arrived(said: Samples, arrived: Samples) -> float:
    """Of the pieces of `said` that are no pause, how many are in `arrived`; both 16 kHz."""
    pieces = said[: len(said) // PIECE * PIECE].reshape(-1, PIECE).astype(float)
    levels = np.sqrt((pieces**2).mean(axis=1))
    spoken = pieces[levels > AUDIBLE * levels.max()]
    return float(np.mean([_is_in(piece, arrived.astype(float)) for piece in spoken]))


def _is_in(
    piece: np.ndarray[tuple[int], np.dtype[np.float64]], sound: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> bool:
    if len(sound) < PIECE:
        return False
    size = 1 << (len(sound) + PIECE).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(piece, size)), size)
    energy = np.cumsum(np.concatenate(([0.0], sound**2)))
    energies = (energy[PIECE:] - energy[:-PIECE]) * (piece**2).sum()
    return bool((product[: len(energies)] / np.sqrt(energies.clip(1.0))).max() > ALIKE)
