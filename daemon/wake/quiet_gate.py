"""The quiet-room gate: decides hop by hop whether the wake word models may rest.

With back-fill (`daemon.wake.features`) it costs no accuracy: on the recordings of the tests no score changes while it
is open, and none above 0.013 is lost while it is closed; at 0 dB signal to noise a rule of +6 dB lost 2 of 55
detections, +4 dB none, +9 dB 42 (reference measurement). It saves nothing in a room that is never quiet.
"""

import logging
import math
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from daemon.sound.pcm import Samples
from daemon.wake.melspectrogram import HOP_SAMPLES

HOLD_HOPS: Final = 25
"""It stays open for 2 s after the last hop that was loud enough."""

_BLOCKS: Final = 4
_BLOCK_SAMPLES: Final = HOP_SAMPLES // _BLOCKS
"""Loudness is judged in blocks of 20 ms: short enough to show the floor between words, long enough for a low voice."""

_ONES: Final = np.ones(_BLOCK_SAMPLES)

WAITING_HOPS: Final = 8
"""What measuring costs once it is cold is spread over so many hops, 0.6 s, by a gate that is patient."""

_FLOOR_HOPS: Final = 38
"""The noise floor is the quietest block of the last 3 s."""

_RATIO: Final = 10 ** (5 / 20)
"""+5 dB over the floor is somebody, perhaps."""

_SMALLEST_RMS: Final = 12.0
"""-69 dBFS: quieter than this nothing is detected, whatever the floor (speech at -53 dBFS still is)."""

log = logging.getLogger(__name__)


class Loudness(NamedTuple):
    """Of a hop, RMS in steps of 16 bits, without the offset of the card."""

    quietest: float
    """Of its quietest 20 ms."""
    loudest: float


class Judged(NamedTuple):
    """What the gate says of a hop."""

    passes: bool
    measured: tuple[Loudness, ...]
    """Of the hops measured since the answer before, in order, of which this one is the last; none if it waits."""


_WAITS: Final = Judged(passes=True, measured=())


class QuietGate:
    """Open at first, and again whenever a hop stands out from the quietest moment of the last 3 s."""

    def __init__(self) -> None:
        self.patient = False
        """Whether hops may wait to be measured together while it is open anyway: cheaper, and the same answers."""
        self._waiting: list[Samples] = []  # bounded by WAITING_HOPS
        self._waiting_hops = 0
        self._floors: deque[float] = deque(maxlen=_FLOOR_HOPS)  # holds the last 3 s, drops what is older
        self._left = HOLD_HOPS
        self._hops = 0
        self._open_hops = 0

    @property
    def open_ratio(self) -> float:
        """Which part of all hops so far found the gate open, 0 to 1."""
        return self._open_hops / self._hops if self._hops else 1.0

    @property
    def floor_rms(self) -> float:
        """The quietest block of the last 3 s, in steps of 16 bits; 0 before there was any."""
        return min(self._floors, default=0.0)

    def passes(self, hop: Samples) -> bool:
        """Whether the models must look at `hop` (1280 samples)."""
        (judged,) = self.judge(hop)
        return judged.passes

    def judge(self, samples: Samples) -> list[Judged]:
        """What it says of each hop of `samples`, one after the other, which are whole hops and stay as they are."""
        hops = len(samples) // HOP_SAMPLES
        self._waiting_hops += hops
        if self.patient and self._waiting_hops < min(self._left, WAITING_HOPS):
            self._waiting.append(samples)
            return [_WAITS] * hops
        measured = loudness_of(np.concatenate([*self._waiting, samples]) if self._waiting else samples)
        self._waiting, self._waiting_hops = [], 0
        passes, before = [self._opens(loudness) for loudness in measured], len(measured) - hops
        first, *others = [Judged(passes[n], (measured[n],)) for n in range(before, len(measured))]
        return [Judged(first.passes, tuple(measured[: before + 1])), *others]

    def _opens(self, loudness: Loudness) -> bool:
        self._floors.append(loudness.quietest)
        loudest, limit = loudness.loudest, max(_SMALLEST_RMS, _RATIO * min(self._floors))
        was_open = self._left > 0
        self._left = HOLD_HOPS if loudest > limit else max(0, self._left - 1)
        if was_open is not (self._left > 0):
            _tell(loudest, limit, opens=not was_open)
        self._hops += 1
        self._open_hops += self._left > 0
        return self._left > 0


def loudness_of(samples: Samples) -> list[Loudness]:
    """Of each hop of `samples`, which are whole hops. Few steps of numpy, for in life each finds cold caches.

    Energies and sums of 16-bit samples are exact in 64 bits, so the offset may be taken out afterwards.
    """
    blocks = samples.astype(np.float64).reshape(-1, _BLOCKS, _BLOCK_SAMPLES)
    energies, sums = np.vecdot(blocks, blocks).tolist(), np.vecdot(blocks, _ONES).tolist()
    return [_loudness(*hop) for hop in zip(energies, sums, strict=True)]


def _loudness(energies: Sequence[float], sums: Sequence[float]) -> Loudness:
    offset = sum(sums) / HOP_SAMPLES
    powers = [
        energy / _BLOCK_SAMPLES - offset * (2 * total / _BLOCK_SAMPLES - offset)
        for energy, total in zip(energies, sums, strict=True)
    ]
    return Loudness(math.sqrt(max(0.0, min(powers))), math.sqrt(max(0.0, max(powers))))


def _tell(loudest: float, limit: float, *, opens: bool) -> None:
    if opens:
        log.debug("the wake models listen: %.0f dBFS, over %.0f", _dbfs(loudest), _dbfs(limit))
    else:
        log.debug("the wake models rest: nothing was over %.0f dBFS for 2 s", _dbfs(limit))


def _dbfs(rms: float) -> float:
    return 20 * math.log10(rms / 32_768)
