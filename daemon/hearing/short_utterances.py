"""What is said shortly, cut out of what is heard: a word of command, and no sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from daemon.hearing.voice_activity import WINDOW_SAMPLES
from daemon.sound.pcm import samples_of_ms

BEGINS: Final = 0.15
"""Probability of speech from which it may be speech: over a tune a voice is rarely surer (docs/benchmarks.md),"""
ENDS: Final = 0.10
"""and below which it is none."""
SILENT_WINDOWS: Final = 8
"""256 ms end it: longer than the stop before the "p" of "stop"."""
FEWEST_WINDOWS: Final = 3
"""What is shorter is a click."""
LONGEST_SAMPLES: Final = samples_of_ms(2_500)
BEFORE_SAMPLES: Final = samples_of_ms(500)
"""So much from before it belongs to it: a recogniser wants the room, too."""


@dataclass(frozen=True, slots=True)
class ShortUtterance:
    """Somebody said something short from `begin` to `end`; what follows up to `heard_to` was silence."""

    begin: int
    end: int
    heard_to: int


class ShortUtterances:
    """Is told how likely each window is speech. What lasts longer than `LONGEST_SAMPLES` is passed over to its end."""

    def __init__(self) -> None:
        self._begin: int | None = None
        self._end = 0
        self._spoken = self._silent = 0

    def hop(self, probability: float, at: int) -> ShortUtterance | None:
        """The window that begins at `at`; what has ended with it."""
        if self._begin is None and probability < BEGINS:
            return None
        if self._begin is None:
            self._begin, self._spoken = at, 0
        if probability >= ENDS:
            self._end, self._silent = at + WINDOW_SAMPLES, 0
            self._spoken += 1
            return None
        self._silent += 1
        return self._ended(at + WINDOW_SAMPLES) if self._silent >= SILENT_WINDOWS else None

    def _ended(self, heard_to: int) -> ShortUtterance | None:
        begin, self._begin = self._begin, None
        if begin is None or self._spoken < FEWEST_WINDOWS or self._end - begin > LONGEST_SAMPLES:
            return None
        return ShortUtterance(begin, self._end, heard_to)
