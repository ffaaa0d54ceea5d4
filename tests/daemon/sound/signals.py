"""Signals for the sound tests, and how clean they came out."""

from itertools import accumulate

import numpy as np

from daemon.sound.pcm import Samples, Unrounded


def sine(pitch_hz: float, rate_hz: int, seconds: float = 1.0, peak: float = 16_000) -> Samples:
    angles = 2 * np.pi * pitch_hz * np.arange(round(seconds * rate_hz)) / rate_hz
    return np.rint(peak * np.sin(angles)).astype(np.int16)


def noise(samples: int, peak: int = 8_000, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).integers(-peak, peak, samples, dtype=np.int16)


def cut(samples: Samples, sizes: list[int]) -> list[Samples]:
    """`samples` in pieces of `sizes`, and the rest as one more."""
    return np.split(samples, list(accumulate(sizes)))


def sinad_db(samples: Samples, pitch_hz: float, rate_hz: int) -> float:
    """How far a sine at `pitch_hz` stands above everything else, by least squares, the edges left out."""
    middle = samples[rate_hz // 10 : -rate_hz // 10].astype(np.float64)
    angles = 2 * np.pi * pitch_hz * np.arange(len(middle)) / rate_hz
    basis = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    factors, *_ = np.linalg.lstsq(basis, middle, rcond=None)
    tone = basis @ factors
    return float(10 * np.log10(np.mean(tone**2) / np.mean((middle - tone) ** 2)))


def rms(samples: Samples | Unrounded) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def db(ratio: float) -> float:
    return float(20 * np.log10(ratio))
