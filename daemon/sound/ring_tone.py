"""What rings: a tune that begins softly and grows, and in its pauses the words for it.

A round is a tune, a pause, the tune again, a pause, the words, and a pause: about 8 s with words of an average length.
No pause is shorter than `PAUSE_MS`, so that a wake word has room in it.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import Samples, Unrounded, rounded, samples_of_ms, silence

NOTES: Final = ((659.3, 180), (784.0, 180), (1046.5, 420), (784.0, 180), (1046.5, 640))
"""Hertz and milliseconds, 1.6 s: E5 G5 C6, G5 C6. A small loudspeaker gives these well, and an old ear hears them."""
PARTIALS: Final = (1.0, 0.4, 0.2)
EDGE_MS: Final = 12
PEAK_DBFS: Final = -6.0
PAUSE_MS: Final = 1_200
SOFTEST_DB: Final = -30.0
SOFTEST_WORDS_DB: Final = -12.0
"""Words that are not understood are none."""
GROWING_S: Final = 30.0
_BLOCK_MS: Final = 20


class RingTone:
    """One ring. `next` belongs to the speaker's thread, `say` to any other; nothing of a ring is known to the next."""

    def __init__(self, rate_hz: int, words_due: Callable[[], None] = lambda: None) -> None:
        """`words_due` is called by `next`, so on the speaker's thread, with each tune: well before the words."""
        self._rate_hz = rate_hz
        self._words_due = words_due
        self._words = silence(0)
        self._rung = 0  # samples
        self._rest = silence(0)
        self._blocks = self._rounds()

    def say(self, words: Samples) -> None:
        """What is said from now on between the tunes, at the speaker's rate; empty for nothing."""
        self._words = words

    def next(self, frames: int) -> Samples:
        """The next `frames` samples."""
        parts = [self._rest]
        missing = frames - len(self._rest)
        while missing > 0:
            parts.append(next(self._blocks))
            missing -= len(parts[-1])
        together = np.concatenate(parts)
        self._rest = together[frames:]
        return together[:frames]

    def _rounds(self) -> Iterator[Samples]:
        """For ever, in blocks as short as a period: what is long lasts, and would come late."""
        pause = np.zeros(samples_of_ms(PAUSE_MS, self._rate_hz), np.float32)
        while True:
            for _ in range(2):
                self._words_due()
                yield from self._growing(tune(self._rate_hz), SOFTEST_DB)
                yield from self._growing(pause, SOFTEST_DB)
            yield from self._growing(self._words.astype(np.float32), SOFTEST_WORDS_DB)
            yield from self._growing(pause, SOFTEST_DB)

    def _growing(self, sound: Unrounded, softest_db: float) -> Iterator[Samples]:
        block = samples_of_ms(_BLOCK_MS, self._rate_hz)
        for start in range(0, len(sound), block):
            part = sound[start : start + block]
            level_db = level_db_after((self._rung + np.arange(len(part))) / self._rate_hz, softest_db)
            self._rung += len(part)
            yield rounded((part * 10 ** (level_db / 20)).astype(np.float32))


def level_db_after(seconds: NDArray[np.float64], softest_db: float) -> NDArray[np.float64]:
    """How loud a ring is that began so long ago, below its volume."""
    return np.maximum(softest_db, np.minimum(0.0, SOFTEST_DB * (1 - seconds / GROWING_S)))


@cache
def tune(rate_hz: int) -> Unrounded:
    """The tune at its full level, shape (n,), read-only. Made once: that takes some milliseconds on a Raspberry Pi."""
    together = np.concatenate([_note(pitch_hz, ms, rate_hz) for pitch_hz, ms in NOTES])
    peak = 10 ** (PEAK_DBFS / 20) * 32_767
    scaled: Unrounded = (together * (peak / np.abs(together).max())).astype(np.float32)
    scaled.flags.writeable = False
    return scaled


def _note(pitch_hz: float, ms: float, rate_hz: int) -> NDArray[np.float64]:
    seconds = np.arange(samples_of_ms(ms, rate_hz)) / rate_hz
    waves = sum(size * np.sin(2 * np.pi * pitch_hz * n * seconds) for n, size in enumerate(PARTIALS, 1))
    edge_s = EDGE_MS / 1000
    envelope = np.minimum(1.0, np.minimum(seconds, ms / 1000 - seconds) / edge_s)
    note: NDArray[np.float64] = waves * envelope
    return note
