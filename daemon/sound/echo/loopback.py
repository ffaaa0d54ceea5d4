"""What is being played at the moment at which the microphone hears it: the reference of whatever judges the echo."""

from __future__ import annotations

from threading import Lock
from typing import Final

import numpy as np

from daemon.sound.echo.alignment import Alignment
from daemon.sound.echo.played_ring import PlayedRing
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms

EARLY_SAMPLES: Final = samples_of_ms(15)
"""The reference is given earlier than it was heard by this: half a millisecond too late costs 17 dB, and 200 ms too
early 6 dB (measured with libspeexdsp 1.2.1)."""
RING_OUT_SAMPLES: Final = samples_of_ms(400)
"""After the last sound: what the room, and a lag that is not known yet, may still bring."""

PIECE_SAMPLES: Final = 64
"""Within so many two clocks do not part by a hundredth of a sample."""


class Loopback:
    """The speaker's thread calls `played` and `dropped`, the microphone's `captured`; any thread may read.

    One lock, held for no longer than a period takes to be resampled, keeps them apart. What is captured is dated by a
    count of 16 kHz samples; times are in seconds of one clock for all.
    """

    def __init__(self, speaker_rate_hz: int) -> None:
        self._lock = Lock()
        self._scale = CAPTURE_RATE_HZ / speaker_rate_hz
        self._ring = PlayedRing(speaker_rate_hz)
        self._alignment = Alignment()
        self._lag = 0  # found beyond what the card says
        self._was_cut = False

    @property
    def rests(self) -> bool:
        """Nothing was played for so long that there is nothing to know; without the lock, for any thread."""
        return self._ring.rests

    @property
    def jumps(self) -> int:
        """How often a card was suddenly elsewhere, as after an xrun."""
        return self._alignment.jumps

    @property
    def drift_ppm(self) -> float:
        """By how much the speaker's clock runs faster than the microphone's; 0 while that is not known."""
        with self._lock:
            return self._alignment.drift.ratio * 1e6

    @property
    def lag_samples(self) -> int:
        """By how much the echo comes later than the cards say."""
        return self._lag

    def played(self, samples: Samples, delay_frames: int, at_s: float) -> None:
        """`samples` of the speaker's rate were handed over to the card, which by `at_s` held `delay_frames` unheard."""
        with self._lock:
            held, rested = delay_frames * self._scale, self._ring.rests
            if self._was_cut:
                self._go_on(len(samples) * self._scale - held, at_s)
            self._ring.append(samples)
            if rested and not self._ring.rests:
                self._alignment.resume()
            self._alignment.heard(self._ring.end - held, at_s)

    def passed(self, frames: int) -> None:
        """So many frames of silence were handed over while it rested, of which nobody told."""
        with self._lock:
            self._ring.pass_by(frames)

    def dropped(self, at_s: float) -> None:
        """What the card held by `at_s` is never heard, and its stream stands still until more is played."""
        with self._lock:
            heard = self._alignment.heard_by(at_s)
            if heard is not None:
                self._ring.cut(heard)
            self._was_cut = True

    def captured(self, end: float, at_s: float) -> None:
        """By `at_s` so much had been captured."""
        with self._lock:
            if not self._ring.rests:
                self._alignment.captured(end, at_s)

    def sounds_at(self, captured: float) -> bool:
        """Whether an echo may be in the sample at `captured`."""
        with self._lock:
            if not self._alignment.known:
                return False
            place = self._alignment.position_at(captured) - self._lag
            return place < self._ring.sounds_until + RING_OUT_SAMPLES

    def read(self, captured: float, count: int, early: int = EARLY_SAMPLES) -> tuple[Samples, int]:
        """The reference of `count` samples captured from `captured` on, and how many of them are lacking: zeros."""
        with self._lock:
            place = self._alignment.position_at(captured) - self._lag + early
            if not self._alignment.drift.ratio:
                return self._ring.read(self._ring.whole(place), count)
            return self._stretched(place, count)

    def move(self, samples: int) -> None:
        """The echo comes later by so much than was believed."""
        with self._lock:
            self._lag += samples

    def _stretched(self, place: float, count: int) -> tuple[Samples, int]:
        """Where the speaker's samples are longer or shorter than the microphone's: piece by piece."""
        step = PIECE_SAMPLES * (1 + self._alignment.drift.ratio)
        pieces = [
            self._ring.read(place + number * step, min(PIECE_SAMPLES, count - number * PIECE_SAMPLES))
            for number in range(-(-count // PIECE_SAMPLES))
        ]
        return np.concatenate([samples for samples, _ in pieces]), sum(lacking for _, lacking in pieces)

    def _go_on(self, heard_of_it: float, at_s: float) -> None:
        """Positions take the time that the stream stood still; `heard_of_it` of the new period has left the card."""
        self._was_cut = False
        expected = self._alignment.heard_by(at_s)
        if expected is not None:
            self._ring.pause(max(0.0, expected - self._ring.end - heard_of_it))
            self._alignment.restart()
