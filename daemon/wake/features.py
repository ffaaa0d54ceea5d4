"""Pipit's feature extractor, which takes the place of `openwakeword.utils.AudioFeatures`: the same numbers, less work.

The package keeps ten seconds of samples as Python integers and copies them every 80 ms, then runs the embedding network
over 76 rows of which 68 are old. Here everything stays in numpy buffers, and the network keeps its own past.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daemon.sound.pcm import Samples
from daemon.wake.embedding import EMBEDDING_SIZE, RECEPTIVE_HOPS, StreamingEmbedding
from daemon.wake.melspectrogram import HISTORY_SAMPLES, HOP_SAMPLES, log_mel

_PRIMING_AMPLITUDE: Final = 1_000
"""The package's own. Constant features let "alexa" score 0.58 in silence; those of noise never more than 0.18."""


class FeatureRing:
    """The last `capacity` embeddings, readable as one array without copying."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._rows = np.zeros((2 * capacity, EMBEDDING_SIZE), np.float32)
        self._end = capacity

    def append(self, embedding: NDArray[np.float32]) -> None:
        """Add one of shape (96,); the oldest is forgotten."""
        if self._end == len(self._rows):
            self._rows[: self._capacity] = self._rows[self._capacity :]
            self._end = self._capacity
        self._rows[self._end] = embedding
        self._end += 1

    def last(self, count: int) -> NDArray[np.float32]:
        """A view of the newest `count`, oldest first; shape (count, 96). Valid until the next `append`."""
        return self._rows[self._end - count : self._end]


class StreamingFeatures:
    """Turns hops of 1280 samples into embeddings, and catches up with those it was told to skip.

    `frames` is how many embeddings the most demanding wake word model looks at. What a score depends on is then the
    last `settling_hops` hops and nothing before; of what is skipped only so much is kept, older hops are dropped, and
    `looked_back` hops more that may be taken back.
    """

    def __init__(
        self, embedding: StreamingEmbedding, frames: int, looked_back: int = 0, *, primed: bool = True
    ) -> None:
        """Unless it is `primed`, no score counts before so many hops have come as it depends on."""
        self.settling_hops: Final = RECEPTIVE_HOPS - 1 + frames
        self._embedding = embedding
        self._features = FeatureRing(frames)
        self._skipped: deque[Samples] = deque(maxlen=self.settling_hops - 1 + looked_back)
        self._ready: deque[NDArray[np.float32]] = deque()  # of hops that are about to be looked at
        self._history = np.zeros(HISTORY_SAMPLES, np.float32)
        if primed:
            self._prime()

    def skip(self, samples: Samples) -> None:
        """Do not look at `samples`, whole hops that stay as they are; keep them: someone may be speaking in them."""
        self._skipped.extend(samples.reshape(-1, HOP_SAMPLES))

    def skipped(self, count: int) -> list[Samples]:
        """The newest `count` of the skipped hops, oldest first, or as many as were kept."""
        return [*islice(self._skipped, max(0, len(self._skipped) - count), None)]

    def take_back(self, count: int) -> list[Samples]:
        """The newest `count` of the skipped hops, oldest first: they are to be looked at after all."""
        return [self._skipped.pop() for _ in range(count)][::-1]

    def prepare(self, hops: Sequence[Samples]) -> None:
        """Compute at once what looking at `hops` takes: they are looked at next, all of them and in this order.

        With them what was skipped is caught up with, as much of it as the first one's score depends on. If older hops
        were dropped, the first rows have the wrong history: they are 3 of the 4 that nothing depends on, for the
        network sees 76 rows of the 80 that its 10 hops have.
        """
        kept = self.skipped(self.settling_hops - 1) if self._skipped else []
        self._skipped.clear()
        embeddings = self._step([*kept, *hops])
        for embedding in embeddings[: len(kept)]:
            self._features.append(embedding)
        self._ready.extend(embeddings[len(kept) :])

    def __call__(self, hop: Samples) -> int:
        """Look at `hop`, after the hops skipped before it; the package's interface: returns the number of samples."""
        if not self._ready:
            self.prepare([hop])
        self._features.append(self._ready.popleft())
        return len(hop)

    def get_features(self, n_feature_frames: int) -> NDArray[np.float32]:
        """The package's interface: the newest embeddings, shape (1, n_feature_frames, 96)."""
        return self._features.last(n_feature_frames)[None]

    def _step(self, hops: Sequence[Samples]) -> NDArray[np.float32]:
        samples = np.concatenate([self._history, *hops], dtype=np.float32)
        self._history = samples[-HISTORY_SAMPLES:]
        return self._embedding.step(log_mel(samples))

    def _prime(self) -> None:
        """Fill every buffer with what noise looks like, the same each time. `numpy.random` would be 2 MB at rest."""
        drawn = np.frombuffer(Random(0).randbytes(2 * self.settling_hops * HOP_SAMPLES), np.uint16)  # noqa: S311  no secret
        noise = (drawn % (2 * _PRIMING_AMPLITUDE)).astype(np.int16) - _PRIMING_AMPLITUDE
        for embedding in self._step([*noise.reshape(-1, HOP_SAMPLES)]):
            self._features.append(embedding)
