"""The pre-roll: the last seconds of the microphone, kept so that what was said before a decision is not lost.

Nothing that is recorded here leaves the device unless somebody reads it for a turn the user started.
"""

import numpy as np

from daemon.sound.pcm import Samples


class AudioRing:
    """The newest `capacity_samples` samples, addressed by their absolute position. The event loop's thread only.

    Bounded: when it is full the oldest samples go, and reading them raises.
    """

    def __init__(self, capacity_samples: int) -> None:
        """`capacity_samples` is at least 1; all memory (two bytes a sample) is taken here."""
        self._ring = np.zeros(capacity_samples, np.int16)
        self._end = 0

    @property
    def start(self) -> int:
        """The position of the oldest sample that is still here."""
        return max(0, self._end - len(self._ring))

    @property
    def end(self) -> int:
        """One past the position of the newest sample: how many were captured so far."""
        return self._end

    def append(self, samples: Samples) -> None:
        """Keep `samples`, shape (n,), any n."""
        kept = samples[-len(self._ring) :]
        at = (self._end + len(samples) - len(kept)) % len(self._ring)
        before_wrap = len(self._ring) - at
        self._ring[at : at + len(kept)] = kept[:before_wrap]
        self._ring[: max(0, len(kept) - before_wrap)] = kept[before_wrap:]
        self._end += len(samples)

    def read(self, from_sample: int, to_sample: int) -> Samples:
        """A copy of the samples at positions from_sample <= n < to_sample, bit for bit.

        Raises ValueError if any of them is already overwritten or not yet captured, or if the range is backwards.
        """
        if from_sample > to_sample:
            raise ValueError(f"cannot read backwards from sample {from_sample} to {to_sample}")
        if from_sample < self.start:
            raise ValueError(f"sample {from_sample} is overwritten: the pre-roll begins at {self.start}")
        if to_sample > self._end:
            raise ValueError(f"sample {to_sample - 1} is not captured yet: the pre-roll ends before {self._end}")
        at = from_sample % len(self._ring)
        length = to_sample - from_sample
        head = self._ring[at : at + length]
        return np.concatenate((head, self._ring[: length - len(head)]))
