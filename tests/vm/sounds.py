"""What a recording of the guest's loudspeaker holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import samples_of_ms

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

BLOCK: Final = samples_of_ms(20)
LOUD: Final = 150
"""RMS of a block of 20 ms that is not silence; what Pipit plays is above 1000, what it does not play is zeros."""
LONGEST_PAUSE: Final = samples_of_ms(400)
"""Between words; sounds further apart are two."""


def sounds(recording: Samples) -> list[Samples]:
    """The stretches that are not silent, 16 kHz, in order."""
    blocks = recording[: len(recording) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(float)
    loud = np.flatnonzero(np.sqrt((blocks**2).mean(axis=1)) > LOUD)
    if not len(loud):
        return []
    stretches = np.split(loud, np.flatnonzero(np.diff(loud) * BLOCK > LONGEST_PAUSE) + 1)
    return [recording[stretch[0] * BLOCK : (stretch[-1] + 1) * BLOCK] for stretch in stretches]


def last_sound(recording: Samples) -> Samples:
    """The last one; AssertionError if all is silent."""
    found = sounds(recording)
    assert found, f"{len(recording) / 16_000:.1f} s of silence"
    return found[-1]
