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
MEMORY: Final = 0.001
"""How much of what is known of the power is of the last frame."""


class FrameCanceller(Protocol):
    """What cancels an echo frame by frame; its output is one frame behind its input."""

    frame_samples: int

    def process(self, microphone: Samples, reference: Samples) -> Samples: ...


@dataclass
class EchoCounters:
    """What there was to do, and what went wrong with it, since the start."""

    frames: int = 0
    lacking_frames: int = 0
    """Of which a part of the reference was not there."""
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
        self._waiting = silence(0)  # given, not yet a frame
        self._behind = silence(0)  # the frame whose cleaned form is still to come
        self._active = False
        self._skipped = False  # the last frame was not given to the library

    @cached_property
    def _frames(self) -> FrameCanceller:
        return self._make_frames()

    @property
    def active(self) -> bool:
        return self._active

    def clean(self, samples: Samples) -> Samples:
        """`samples` without the echo.

        While it works it is up to two frames behind; each sample comes once, in order, and none is lost.
        """
        begin = self._position - len(self._waiting) - len(self._behind)
        self._position += len(samples)
        sounding = self._loopback.sounds_at(begin)
        if not sounding and not self._active:
            return samples
        return self._work(samples) if sounding else self._end(samples)

    def _work(self, samples: Samples) -> Samples:
        self._active = True
        size = self._frames.frame_samples
        self._waiting = np.concatenate((self._waiting, samples))
        cleaned = [silence(0)]
        while len(self._waiting) >= size:
            frame, self._waiting = self._waiting[:size], self._waiting[size:]
            out = self._frame(frame, self._position - len(self._waiting) - size)
            if len(self._behind):
                cleaned.append(out)
            self._behind = frame
        return np.concatenate(cleaned)

    def _end(self, samples: Samples) -> Samples:
        """It has rung out: what is still here passes as it is, for there is no echo in it."""
        self._active = False
        rest = np.concatenate((self._behind, self._waiting, samples))
        self._behind = self._waiting = silence(0)
        self._finder.forget()
        return rest

    def _frame(self, frame: Samples, captured: int) -> Samples:
        reference, lacking = self._loopback.read(captured, len(frame))
        self.counters.frames += 1
        self.counters.lacking_frames += lacking > 0
        lowest, highest = int(frame.min()), int(frame.max())
        skipped, self._skipped = self._skipped, lowest == highest == 0
        if self._skipped:  # muted, or its card is away: that must not be learnt for the room
            return self._behind
        self.counters.clipped_frames += highest >= LOUDEST or lowest < -LOUDEST
        self._note_lag(frame, reference)
        out = self._frames.process(frame, reference)
        if reference.any():
            self.counters.heard_power += MEMORY * (_power(frame) - self.counters.heard_power)
            self.counters.left_power += MEMORY * (_power(out) - self.counters.left_power)
        return self._behind if skipped else out

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
