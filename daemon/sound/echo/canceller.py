"""What the microphone heard, less what the speaker played."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from daemon.sound.echo.lag import LagFinder
from daemon.sound.echo.loopback import EARLY_SAMPLES
from daemon.sound.pcm import Samples, samples_of_ms, silence

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.echo.loopback import Loopback

EARLIEST_SAMPLES: Final = samples_of_ms(60)
LATEST_SAMPLES: Final = samples_of_ms(4)
"""An echo that comes sooner or later than this after its reference has the reference moved."""
LOUDEST: Final = 32_767
"""Of a sample: a frame that has one at either end is clipped."""
MEASURED_EVERY: Final = 8
"""So often is a frame's power looked at: a quarter of a second."""
MEMORY: Final = 0.001 * MEASURED_EVERY
"""How much of what is known of the power is of the last frame that was looked at."""
NOTHING: Final = silence(0)


class FrameCanceller(Protocol):
    """What cancels an echo frame by frame; its output is one frame behind its input, which it does not keep."""

    frame_samples: int

    def process(self, microphone: Samples, reference: Samples) -> Samples: ...


@dataclass
class EchoCounters:
    """What there was to do, and what went wrong with it, since the start."""

    frames: int = 0
    lacking_frames: int = 0
    """Of which a part of the reference was not there."""
    zero_frames: int = 0
    """In which the microphone delivered nothing but zeros."""
    clipped_frames: int = 0
    """In which the microphone was overdriven: what clips is no echo that could be learnt."""
    heard_power: float = 0.0
    left_power: float = 0.0
    """Of the last half minute in which something was played: what the microphone heard, and what came of it."""
    moved: int = 0
    """How often the echo was found elsewhere than the card says."""

    @property
    def taken_db(self) -> float:
        """By how much what is heard while something plays was made softer: the echo, if nobody speaks over it."""
        return 10 * math.log10(max(1.0, self.heard_power) / max(1.0, self.left_power))


class EchoCanceller:
    """Works only while something plays and until that has rung out; otherwise samples pass as they are.

    For the microphone's thread. What is learnt of the room stays from reply to reply.
    """

    def __init__(self, make_frames: Callable[[], FrameCanceller], loopback: Loopback) -> None:
        """`make_frames` is called when there is something to do for the first time."""
        self.counters = EchoCounters()
        self._make_frames = make_frames
        self._loopback = loopback
        self._finder = LagFinder()
        self._position = 0  # of the next sample that is given
        self._waiting = self._behind = NOTHING  # the frame that is being filled; that whose cleaned form is to come
        self._filled = 0
        self._is_behind = False
        self._active = False
        self._skipped = False  # the last frame was not given to the library

    @cached_property
    def _frames(self) -> FrameCanceller:
        return self._make_frames()

    @property
    def active(self) -> bool:
        return self._active

    def pass_by(self, samples: int) -> None:
        """So many samples were not given: nothing has sounded for long, and it is not active."""
        self._position += samples

    def clean(self, samples: Samples) -> Samples:
        """`samples` without the echo.

        While it works it is up to two frames behind; each sample comes once, in order, and none is lost.
        """
        begin = self._position - self._filled - (len(self._behind) if self._is_behind else 0)
        self._position += len(samples)
        sounding = self._loopback.sounds_at(begin)
        if not sounding and not self._active:
            return samples
        return self._work(samples) if sounding else self._end(samples)

    def _work(self, samples: Samples) -> Samples:
        if not self._active:
            self._begin()
        size, at, cleaned = len(self._waiting), 0, []
        while at < len(samples):
            taken = min(size - self._filled, len(samples) - at)
            self._waiting[self._filled : self._filled + taken] = samples[at : at + taken]
            self._filled += taken
            at += taken
            if self._filled == size:
                out = self._frame(self._waiting, self._position - (len(samples) - at) - size)
                if self._is_behind:
                    cleaned.append(out)
                self._waiting, self._behind = self._behind, self._waiting
                self._filled, self._is_behind = 0, True
        if not cleaned:
            return NOTHING
        return cleaned[0] if len(cleaned) == 1 else np.concatenate(cleaned)

    def _begin(self) -> None:
        self._active = True
        if not len(self._waiting):
            self._waiting, self._behind = (silence(self._frames.frame_samples) for _ in range(2))

    def _end(self, samples: Samples) -> Samples:
        """It has rung out: what is still here passes as it is, for there is no echo in it."""
        self._active = False
        behind = self._behind if self._is_behind else NOTHING
        rest = np.concatenate((behind, self._waiting[: self._filled], samples))
        self._filled, self._is_behind = 0, False
        self._finder.forget()
        return rest

    def _frame(self, frame: Samples, captured: int) -> Samples:
        reference, lacking = self._loopback.read(captured, len(frame))
        self.counters.frames += 1
        self.counters.lacking_frames += lacking > 0
        lowest, highest = frame[frame.argmin()], frame[frame.argmax()]  # a third of what `min` and `max` take
        skipped, self._skipped = self._skipped, lowest == highest == 0
        self.counters.zero_frames += self._skipped
        if self._skipped:  # muted, or its card is away: that must not be learnt for the room
            return self._behind.copy()
        self._note_lag(frame, reference)
        out = self._frames.process(frame, reference)
        self.counters.clipped_frames += bool(highest >= LOUDEST or lowest < -LOUDEST)
        if self.counters.frames % MEASURED_EVERY == 0 and np.count_nonzero(reference):
            self._measure(frame, out)
        return self._behind.copy() if skipped else out

    def _measure(self, frame: Samples, out: Samples) -> None:
        counters = self.counters
        counters.heard_power += MEMORY * (_power(frame) - counters.heard_power)
        counters.left_power += MEMORY * (_power(out) - counters.left_power)

    def _note_lag(self, frame: Samples, reference: Samples) -> None:
        """Move the reference where the echo does not come just after it."""
        found = self._finder.add(frame, reference)
        if found is None or LATEST_SAMPLES <= found <= EARLIEST_SAMPLES:
            return
        self._loopback.move(found - EARLY_SAMPLES)
        self.counters.moved += 1


def _power(frame: Samples) -> float:
    values = frame.astype(np.float32)
    return float(values @ values) / len(values)
