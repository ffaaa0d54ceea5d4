"""Which sample was being heard when another was captured: two cards, each with a clock of its own.

Both are watched against one clock of the machine. Whoever looks at a card comes late at times, never early: of several
looks the earliest eighth counts. The offset is set soon after a stream begins and then held, for a wandering reference
is a wandering echo, which no filter can learn.
"""

from __future__ import annotations

from typing import Final

from daemon.sound.echo.drift import Drift
from daemon.sound.pcm import CAPTURE_RATE_HZ, samples_of_ms

FIRST_LOOKS: Final = 5
WINDOW: Final = 25
"""Looks for a point: half a second of periods of 20 ms."""
JUMP_SAMPLES: Final = samples_of_ms(8)
"""Looks that are all off by this are no drift: a card lost sound, or stood still."""
NEAR_SAMPLES: Final = samples_of_ms(2)
"""Nothing is corrected within this."""
STEP: Final = 0.25
"""Which part of what is beyond that is corrected at each point."""
STALE_S: Final = 0.5
"""The speaker's position is not known by a look that is older."""


class Alignment:
    """From positions of the microphone to positions of what is heard, both in samples of 16 kHz."""

    def __init__(self) -> None:
        self.jumps = 0
        """How often all had to be looked for anew, for the status."""
        self.drift = Drift()
        self._heard: tuple[float, float] | None = None
        self._looks: list[float] = []  # bounded by WINDOW
        self._offset: float | None = None
        self._offset_at = 0.0
        self._settled = False

    @property
    def known(self) -> bool:
        return self._offset is not None

    def heard(self, position: float, at_s: float) -> None:
        """By `at_s` this much of what was played had left the speaker."""
        self._heard = (position, at_s)

    def heard_by(self, at_s: float) -> float | None:
        """How much will have left the speaker by `at_s`, if it goes on; None if nothing has."""
        if self._heard is None:
            return None
        position, seen_s = self._heard
        return position + (at_s - seen_s) * CAPTURE_RATE_HZ

    def resume(self) -> None:
        """Nobody looked for some time: where it is may differ by a little from what was believed."""
        self._looks.clear()
        self._settled = False

    def restart(self) -> None:
        """As `resume`, and one of the streams is another: they say no more of the drift together."""
        self.resume()
        self.drift.end_stretch()

    def captured(self, end: float, at_s: float) -> None:
        """By `at_s` so much had been captured."""
        heard = self.heard_by(at_s)
        if self._heard is None or heard is None or at_s - self._heard[1] > STALE_S:
            return
        self._looks.append(heard - end)
        if self._has_jumped(end):
            return
        if not self._settled:
            self._settle(end)
        elif len(self._looks) >= WINDOW:
            self._correct(_of(self._looks), end)
            self._looks.clear()

    def position_at(self, captured: float) -> float:
        """What was being heard when the sample at `captured` was captured. Only where it is `known`."""
        return captured + (self._offset or 0.0) + (captured - self._offset_at) * self.drift.ratio

    def _offset_at_capture(self, captured: float) -> float:
        return (self._offset or 0.0) + (captured - self._offset_at) * self.drift.ratio

    def _set(self, offset: float, end: float) -> None:
        self._offset, self._offset_at = offset, end

    def _settle(self, end: float) -> None:
        count, seen = len(self._looks), _of(self._looks)
        elsewhere = abs(seen - self._offset_at_capture(end)) > NEAR_SAMPLES
        if self._offset is None or (count in (FIRST_LOOKS, WINDOW) and elsewhere):
            self._set(seen, end)
        if count == WINDOW:
            self._settled = True
            self.drift.add(end, seen)
            self._looks.clear()

    def _correct(self, seen: float, end: float) -> None:
        expected = self._offset_at_capture(end)
        off = seen - expected
        self.drift.add(end, seen)
        beyond = max(0.0, abs(off) - NEAR_SAMPLES)
        self._set(expected + (beyond if off > 0 else -beyond) * STEP, end)

    def _has_jumped(self, end: float) -> bool:
        """One look that is off may be a machine that was busy; several in a row are another place."""
        if self._offset is None or len(self._looks) < FIRST_LOOKS:
            return False
        expected = self._offset_at_capture(end)
        if abs(self._looks[-1] - expected) < JUMP_SAMPLES:
            return False
        last = self._looks[-FIRST_LOOKS:]
        jumped = min(last) >= expected + JUMP_SAMPLES or max(last) <= expected - JUMP_SAMPLES
        if jumped:
            self.jumps += self._settled
            self.restart()
            self._set(_of(last), end)
        return jumped


def _of(looks: list[float]) -> float:
    return sorted(looks)[len(looks) // 8]
