"""Sound at the pace of a microphone: in a hot loop caches stay warm and nothing wakes up, which flatters any engine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from daemon.sound.pcm import CAPTURE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.sound.pcm import Samples


def keeping_time(samples: Samples, size: int) -> Iterator[Samples]:
    """Pieces of `size` samples at 16 kHz, each when a microphone would have it whole; not what is left over."""
    due_s = time.monotonic()
    for at in range(0, len(samples) - size + 1, size):
        due_s += size / CAPTURE_RATE_HZ
        time.sleep(max(0.0, due_s - time.monotonic()))
        yield samples[at : at + size]
