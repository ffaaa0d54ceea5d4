"""Whether somebody speaks over what is played, by voice activity on what is left without the echo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SURE: Final = 0.8
"""What is left of a reply is never so likely speech (docs/benchmarks.md)."""
SURE_WINDOWS: Final = 3
"""96 ms of that in a row, and somebody speaks;"""
LIKELY: Final = 0.35
SILENT_WINDOWS: Final = 25
"""800 ms of less, and nobody does any more."""
MOST_WINDOWS: Final = 312
"""After 10 s it is a television; nobody is believed until there was silence."""


@dataclass(frozen=True, slots=True)
class SpokenOver:
    """Somebody begins to speak over what is played, or has ended."""

    begins: bool


class SpeakingOver:
    """Is told how likely each window is speech."""

    def __init__(self) -> None:
        self._sure = self._silent = self._windows = 0
        self._speaks = False
        self._believed = False

    def hop(self, probability: float) -> SpokenOver | None:
        """What has changed with it."""
        self._sure = self._sure + 1 if probability >= SURE else 0
        self._silent = 0 if probability >= LIKELY else self._silent + 1
        if not self._speaks:
            self._speaks = self._sure >= SURE_WINDOWS
            self._windows = 0
            return self._told(believed=self._speaks)
        self._windows += 1
        self._speaks = self._silent < SILENT_WINDOWS
        return self._told(believed=self._speaks and self._windows < MOST_WINDOWS)

    def _told(self, *, believed: bool) -> SpokenOver | None:
        if believed is self._believed:
            return None
        self._believed = believed
        return SpokenOver(believed)
