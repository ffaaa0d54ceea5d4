"""Replies as they are kept: whatever rates their pieces come at, at 24 kHz in the end."""

from typing import Final

import numpy as np

from daemon.sound.pcm import REPLY_RATE_HZ, Samples, from_bytes, silence
from daemon.sound.resample import resample

LONGEST_BYTES: Final = 3600 * 2 * REPLY_RATE_HZ
"""An hour at 24 kHz; what comes after that is not kept."""


class Recording:
    """Sound of any length and rate, in the order in which it came. False while there is none."""

    def __init__(self, longest_bytes: int = LONGEST_BYTES) -> None:
        self._longest_bytes = longest_bytes
        self._runs: list[tuple[int, bytearray]] = []  # what came at one rate, until the next
        self._bytes = 0

    def __bool__(self) -> bool:
        return self._bytes > 0

    def __bytes__(self) -> bytes:
        """All of it, S16_LE at 24 kHz."""
        return self.samples.tobytes()

    def add(self, data: bytes, rate_hz: int) -> None:
        """S16_LE mono; half a sample at its end is ignored."""
        whole = data[: min(len(data) // 2 * 2, self._longest_bytes - self._bytes)]
        if not whole:
            return
        if not self._runs or self._runs[-1][0] != rate_hz:
            self._runs.append((rate_hz, bytearray()))
        self._runs[-1][1].extend(whole)
        self._bytes += len(whole)

    @property
    def samples(self) -> Samples:
        """All of it, 24 kHz."""
        parts = (resample(from_bytes(bytes(run)), rate_hz, REPLY_RATE_HZ) for rate_hz, run in self._runs)
        return np.concatenate((silence(0), *parts))
