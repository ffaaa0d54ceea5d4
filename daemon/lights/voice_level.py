"""How loud it is, for the light: whoever speaks sees that it is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from daemon.conversation.witness import Witness

if TYPE_CHECKING:
    from daemon.sound.pcm import Samples

QUIET_DBFS: Final = -50.0
LOUD_DBFS: Final = -20.0
FALL: Final = 0.6
"""What is left of a level after each period that is quieter: no flicker between two words."""


class Swelling(Protocol):
    """A light that can show it."""

    @property
    def wants_loudness(self) -> bool: ...
    def loudness(self, level: float) -> None: ...


class Loudness(Witness):
    """Measures nothing while the light does not show it."""

    def __init__(self, light: Swelling) -> None:
        self._light = light
        self._level = 0.0

    def captured(self, samples: Samples) -> None:
        if not self._light.wants_loudness:
            self._level = 0.0
            return
        self._level = max(level_of(samples), self._level * FALL)
        self._light.loudness(self._level)


def level_of(samples: Samples) -> float:
    """0 for what is no louder than a quiet room, 1 for a loud voice."""
    if not len(samples):
        return 0.0
    values = samples.astype(np.float32)
    rms = float(np.sqrt(np.dot(values, values) / len(values)))
    dbfs = 20 * np.log10(max(rms, 1.0) / 32_768)
    return float(min(1.0, max(0.0, (dbfs - QUIET_DBFS) / (LOUD_DBFS - QUIET_DBFS))))
