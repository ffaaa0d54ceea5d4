"""Samples as they come, until there are as many hops as are wanted at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples


class GatheredHops:
    """Hops are counted from the first sample ever given, whatever pieces come."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []  # bounded by what is taken
        self._samples = 0

    def add(self, samples: Samples) -> int:
        """How many whole hops wait, now that `samples` have come, which stay as they are."""
        self._pieces.append(samples)
        self._samples += len(samples)
        return self._samples // HOP_SAMPLES

    def take(self) -> Samples:
        """All whole hops, oldest first; what is left over waits."""
        together = self._pieces[0] if len(self._pieces) == 1 else np.concatenate(self._pieces)
        left_over = self._samples % HOP_SAMPLES
        whole, self._samples = self._samples - left_over, left_over
        self._pieces = [together[whole:]] if left_over else []
        return together[:whole]

    def begin(self, end: int) -> int:
        """The position of the first sample that waits, if the last one is followed by position `end`."""
        return end - self._samples
