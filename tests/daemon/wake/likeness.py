"""How much the engine's scores are like those of the unmodified package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daemon.sound.wav import read_audio
from tests.daemon.wake.signals import (
    SETTLING_HOPS,
    WAKE_WORDS,
    scores,
    spoken_in_a_quiet_room,
    stock_scores,
    wake_engine,
)

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples

TOLERANCE = 1e-4
"""Of scores from 0 to 1: numpy's FFT adds in another order than the package's matrix product. 1.4e-5 on one processor,
2.9e-5 on another, whose vector instructions round differently."""

REST = 0.05
"""The most that the package may say about a hop that the gate did not let through; a wake word takes more than 0.5."""

RECORDINGS = (
    ("picovoice_wwb/audio/alexa/*", 12),
    ("picovoice_wwb/audio/jarvis/*", 8),
    ("*/**/*hey_jarvis*.wav", 1),
    ("*/**/hey_jarvis/*.wav", 1),
    ("*/**/*hey_mycroft*.wav", 1),
    ("*/**/hey_rhasspy*.wav", 1),
    ("precise_community/heychatterbox/**/*.wav", 4),
    ("picovoice_s2i/data/speech/clean/*.wav", 9),
)


def recorded(recordings: Path, every: int = 1) -> Samples:
    """A twelfth of those that say "alexa", all that say "hey …", and some of those that only sound like it, in a quiet
    room. With `every`, that part of them."""
    chosen = {path: None for pattern, step in RECORDINGS for path in sorted(recordings.glob(pattern))[:: step * every]}
    return spoken_in_a_quiet_room(*(read_audio(path) for path in chosen), before_s=1.5, after_s=1)


@dataclass(frozen=True)
class Likeness:
    """`stock`, `ungated` and `gated` are scores, of shape (hops, wake words)."""

    stock: np.ndarray
    ungated: np.ndarray
    gated: np.ndarray

    @property
    def closed(self) -> np.ndarray:
        """The hops that the gate did not let through."""
        return (self.gated == 0).all(axis=1)

    @property
    def largest_difference(self) -> float:
        return float(np.abs(self.ungated - self.stock).max())

    @property
    def otherwise_decided(self) -> int:
        """Scores on the other side of the threshold."""
        return int(((self.ungated > 0.5) != (self.stock > 0.5)).sum())

    @property
    def changed_by_the_gate(self) -> int:
        """Scores of hops that it let through."""
        return int((self.gated[~self.closed] != self.ungated[~self.closed]).sum())

    @property
    def missed(self) -> float:
        """The stock package's highest score of a hop that the gate did not let through."""
        return float(self.stock[self.closed].max())

    @property
    def heard(self) -> int:
        """How many of the wake words were said so that there was something to hear."""
        return int((self.stock.max(axis=0) > 0.9).sum())


def likeness(samples: Samples, models: Path) -> Likeness:
    return Likeness(
        stock_scores(models, WAKE_WORDS, samples)[SETTLING_HOPS:],
        scores(wake_engine(WAKE_WORDS, models, gated=False), samples)[SETTLING_HOPS:],
        scores(wake_engine(WAKE_WORDS, models), samples)[SETTLING_HOPS:],
    )
