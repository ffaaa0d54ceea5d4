"""What the speaker plays, kept until the microphone has heard it."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, rounded, samples_of_ms, silence
from daemon.sound.resample import Resampler

if TYPE_CHECKING:
    from daemon.sound.pcm import Unrounded

KEPT_SAMPLES: Final = samples_of_ms(4_000)
"""More than the longest way from the card's buffer through the room, and than a wake word with what is before it."""

SPARE_SAMPLES: Final = samples_of_ms(400)
"""So much is added at a time at most, before what is too old is moved out."""
WAITING_MS: Final = 200
"""So much waits to be resampled at most, if nobody reads it: each piece costs as much as several times its length."""
TAPS: Final = 12
PHASES: Final = 128
"""What is between two samples is told by so many around it, to a part of a sample."""


class PlayedRing:
    """The newest samples that were handed to the speaker, at 16 kHz, by position: it counts from the first on, with the
    pauses that the card made.

    Nothing is kept, nor computed, of a silence that lasts: all before it has been heard by then.
    """

    def __init__(self, rate_hz: int) -> None:
        """`rate_hz` is the speaker's."""
        self._rate_hz = rate_hz
        self._scale = CAPTURE_RATE_HZ / rate_hz
        self._resampler: Resampler | None = None  # while it sleeps
        self._waiting: list[Samples] = []  # to be resampled when it is asked for
        self._waiting_count = 0
        self._kept = silence(0)
        self._begin = self._fill = 0  # of what there is in `_kept`
        self._origin = 0.0  # the position of the first sample that the resampler gave, since it woke
        self._given = 0  # by it since then
        self.end = 0.0
        """The position after all that was handed over, whether it can be read yet or not."""
        self.sounds_until = -np.inf
        """The position after the last sample that is not zero."""
        self.rests = True
        """Nothing has sounded for so long that nothing is kept."""

    def append(self, samples: Samples) -> None:
        """`samples` of the speaker's rate, which must not change; zeros too, for they take time."""
        sounding = bool(np.count_nonzero(samples))  # a quarter of what `any` takes
        self.rests = not sounding and (self.rests or self.end - self.sounds_until > KEPT_SAMPLES)
        if self.rests:
            self._forget()
        if sounding and self._resampler is None:
            self._wake()
        self.end += len(samples) * self._scale
        if sounding:
            self.sounds_until = self.end
        if self._resampler is not None:
            self._waiting.append(samples)
            self._waiting_count += len(samples)
            if self._waiting_count > samples_of_ms(WAITING_MS, self._rate_hz):
                self._catch_up()

    def pass_by(self, samples: int) -> None:
        """So many zeros of the speaker's rate; for a ring that rests."""
        self.end += samples * self._scale

    def pause(self, samples: float) -> None:
        """The card stands still for so long, at 16 kHz."""
        self._sleep()
        self.end += samples

    def cut(self, position: float) -> None:
        """What comes after `position` is never heard."""
        self._sleep()
        self.sounds_until = min(self.sounds_until, position)
        unheard = max(0, int(self._origin + self._given - position))
        self._fill = max(self._begin, self._fill - unheard)
        self._given -= unheard
        self.end = min(self.end, max(position, 0.0))

    def whole(self, position: float) -> float:
        """The position of the sample nearest to that one."""
        return self._origin + round(position - self._origin)

    def read(self, position: float, count: int) -> tuple[Samples, int]:
        """`count` samples from `position` on, and how many of them are lacking; those are zeros."""
        if position + count + TAPS > self._origin + self._given:
            self._catch_up()
        place = position - self._origin - self._given + self._fill
        whole = int(np.floor(place))
        first, last = whole - (TAPS // 2 - 1), whole + count + TAPS // 2
        if place == whole or first < self._begin or last > self._fill:
            return self._read_part(whole, count)
        weights = _weights()[round((place - whole) * PHASES)]
        return rounded(np.correlate(self._kept[first:last].astype(np.float32), weights, "valid")), 0

    def _read_part(self, whole: int, count: int) -> tuple[Samples, int]:
        """Where something lacks, or nothing is between samples: as it is."""
        values = silence(count)
        first, last = max(whole, self._begin), min(whole + count, self._fill)
        if last > first:
            values[first - whole : last - whole] = self._kept[first:last]
        lacking = max(0, whole + count - max(self._fill, whole))
        return values, 0 if self._resampler is None else lacking

    def _catch_up(self) -> None:
        if self._resampler and self._waiting:
            waiting = self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting)
            self._waiting, self._waiting_count = [], 0
            self._keep(self._resampler.process(waiting))

    def _sleep(self) -> None:
        """The stream ends here, or is silent for long."""
        if self._resampler:
            self._catch_up()
            self._resampler = None

    def _forget(self) -> None:
        """All that is kept are zeros."""
        self._sleep()
        if len(self._kept):
            self._kept, self._begin, self._fill = silence(0), 0, 0

    def _wake(self) -> None:
        """What was kept before a pause stays, with zeros for the pause."""
        if not len(self._kept):
            self._kept = silence(KEPT_SAMPLES + SPARE_SAMPLES)
        gap = self.end - (self._origin + self._given)
        if gap >= KEPT_SAMPLES or not self._fill:
            self._begin = self._fill = 0
        else:
            for begin in range(0, round(gap), SPARE_SAMPLES):
                self._keep(silence(min(SPARE_SAMPLES, round(gap) - begin)))
        self._origin, self._given = self.end, 0
        self._resampler = Resampler(self._rate_hz, CAPTURE_RATE_HZ, "LQ")

    def _keep(self, values: Samples) -> None:
        if self._fill + len(values) > len(self._kept):
            kept = min(KEPT_SAMPLES, self._fill - self._begin)
            self._kept[:kept] = self._kept[self._fill - kept : self._fill].copy()
            self._begin, self._fill = 0, kept
        self._kept[self._fill : self._fill + len(values)] = values
        self._fill += len(values)
        self._given += len(values)


@cache
def _weights() -> Unrounded:
    """For `PHASES` places between two samples, those of `TAPS` samples around: a sinc under a Hann window.

    Made when clocks are found to part for the first time, and by Python's own sine: numpy's is 0.3 MB of code.
    """
    rows = [[_weight(tap - (TAPS // 2 - 1) - phase / PHASES) for tap in range(TAPS)] for phase in range(PHASES + 1)]
    weights = np.array(rows, np.float32)
    result: Unrounded = weights / weights.sum(axis=1, keepdims=True)
    return result


def _weight(place: float) -> float:
    return (sin(pi * place) / (pi * place) if place else 1.0) * cos(pi * place / TAPS) ** 2
