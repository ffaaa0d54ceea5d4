"""Two sound cards in simulated time, each with a clock of its own: where each is, and what is believed of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import Samples, silence

if TYPE_CHECKING:
    from daemon.sound.echo.loopback import Loopback

PERIOD: Final = 320
RATE_HZ: Final = 16_000
SAW: Final = 32_000
"""What is played tells by each sample which one it is, and again after two seconds."""


@dataclass
class Cards:
    """A speaker that holds `held` samples, and tells `lie` more of them; a microphone that is read late at times."""

    loopback: Loopback
    held: int = 960
    lie: int = 0
    drift_ppm: float = 0.0
    late_s: float = 0.0
    captured: int = 0
    silent: bool = False
    _written: int = 0
    _base: float = 0.0
    _base_s: float = 0.0
    _random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(3))

    @property
    def now_s(self) -> float:
        return self.captured / RATE_HZ

    def heard_at(self, captured: int) -> float:
        """How much of what was written had left the speaker by then."""
        return self._base + max(0.0, captured / RATE_HZ - self._base_s) * RATE_HZ * (1 + self.drift_ppm / 1e6)

    def run(self, periods: int) -> None:
        for _ in range(periods):
            self.captured += PERIOD
            while self._written - self.heard_at(self.captured) <= self.held - PERIOD:
                self._write()
            late = float(self._random.uniform(0, self.late_s))
            self.loopback.captured(self.captured, self.now_s + late)

    def stand_still(self, periods: int) -> None:
        """The speaker's card plays nothing for so long, and tells nobody."""
        self._base, self._base_s = self.heard_at(self.captured), self.now_s + periods * PERIOD / RATE_HZ
        self._capture(periods)

    def stop(self, periods: int) -> None:
        """What the speaker's card holds is thrown away, and it begins anew after so many periods."""
        self.loopback.dropped(self.now_s)
        self._capture(periods)
        self._base, self._base_s = float(self._written), self.now_s

    def lose(self, periods: int) -> None:
        """So much of what the microphone's card captured is lost."""
        self._base = self.heard_at(self.captured) + periods * PERIOD
        self._base_s = self.now_s

    def off(self) -> float:
        """By how many samples the last period is believed to have been played later than it was."""
        begin = self.captured - PERIOD
        read, lacking = self.loopback.read(begin, PERIOD, early=0)
        assert lacking == 0
        off = read[PERIOD // 2] + 16_000 - (self.heard_at(begin) + PERIOD // 2)
        return float((off + SAW / 2) % SAW - SAW / 2)

    def _capture(self, periods: int) -> None:
        for _ in range(periods):
            self.captured += PERIOD
            self.loopback.captured(self.captured, self.now_s)

    def _write(self) -> None:
        numbers = np.arange(self._written, self._written + PERIOD)
        period = silence(PERIOD) if self.silent else (numbers % SAW - 16_000).astype(np.int16)
        self._written += PERIOD
        held = self._written - self.heard_at(self.captured)
        self.loopback.played(period, round(held) + self.lie, self.now_s)


def echo_of(played: Samples, way: int, gain: float = 0.5) -> Samples:
    return (np.concatenate((silence(way), played))[: len(played)] * gain).astype(np.int16)
