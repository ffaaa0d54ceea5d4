"""Every sample once and in order, whatever is cancelled; and only where something plays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from daemon.sound.echo.canceller import EchoCanceller
from daemon.sound.echo.loopback import EARLY_SAMPLES, RING_OUT_SAMPLES, Loopback
from daemon.sound.pcm import Samples, rounded, samples_of_ms, silence
from tests.daemon.sound.echo.cards import PERIOD, echo_of
from tests.daemon.sound.signals import cut, db, noise, rms

HELD = 960


@dataclass
class Subtracting:
    """Knows the room: what it is given as reference is the echo, so much louder and `EARLY_SAMPLES` early."""

    frame_samples: int = 256
    gain: float = 0.5
    asked: list[tuple[Samples, Samples]] = field(default_factory=list)
    _past: Samples = field(default_factory=lambda: silence(2_048))
    _before: Samples = field(default_factory=lambda: silence(256))

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        self.asked.append((microphone, reference))
        self._past = np.concatenate((self._past, reference))[-2_048:]
        echo = self._past[-EARLY_SAMPLES - 256 : -EARLY_SAMPLES] * self.gain
        before, self._before = self._before, (microphone - echo).astype(np.int16)
        return before


class Room:
    """What is played is heard at once, half as loud."""

    def __init__(self, *, held: int = HELD, told: int = HELD) -> None:
        self.frames = Subtracting()
        self.loopback = Loopback(16_000)
        self.canceller = EchoCanceller(lambda: self.frames, self.loopback)
        self.captured = 0
        self.told = told
        self.written = silence(held)
        self.heard: list[Samples] = []

    def hear(self, played: Samples, said: Samples | None = None, *, deaf: bool = False) -> Samples:
        """Play and hear this; what comes out."""
        out = []
        voice = silence(len(played)) if said is None else said
        for at in range(0, len(played), PERIOD):
            self.captured += PERIOD
            now_s = self.captured / 16_000
            self.written = np.concatenate((self.written, played[at : at + PERIOD]))
            self.loopback.played(played[at : at + PERIOD], self.told, now_s)
            self.loopback.captured(self.captured, now_s)
            echo = self.written[self.captured - PERIOD : self.captured]
            heard = rounded(voice[at : at + PERIOD] + echo * np.float32(0.5))
            self.heard.append(silence(PERIOD) if deaf else heard)
            out.append(self.canceller.clean(self.heard[-1]))
        return np.concatenate(out)


def test_at_rest_samples_pass_as_they_are_and_nothing_is_made() -> None:
    def never() -> Subtracting:
        raise AssertionError

    canceller = EchoCanceller(never, Loopback(24_000))
    samples = noise(PERIOD)
    assert canceller.clean(samples) is samples
    assert canceller.counters.frames == 0


def test_the_echo_goes_and_the_voice_stays() -> None:
    room = Room()
    voice = noise(32_000, peak=1_000, seed=5)
    out = room.hear(noise(32_000), voice)
    begin = 16_000
    assert db(rms(out[begin:30_000] - voice[begin:30_000].astype(np.float32)) / rms(voice)) < -40


def test_every_sample_comes_once_and_in_order_over_many_replies() -> None:
    room = Room()
    room.frames.gain = 0.0
    out = []
    for seed in range(3):
        out += [room.hear(noise(6_400, seed=seed)), room.hear(silence(16_000))]
    assert not room.canceller.active
    heard = np.concatenate(room.heard)
    assert np.array_equal(np.concatenate(out)[HELD:], heard[HELD:])


def test_it_tells_how_much_softer_it_made_what_was_heard() -> None:
    room = Room()
    room.hear(noise(32_000))
    assert room.canceller.counters.taken_db > 10
    room.frames.gain = 0.0
    room.hear(noise(320_000))
    assert room.canceller.counters.taken_db < 3


def test_it_is_never_more_than_two_frames_behind() -> None:
    room = Room()
    behind = 0
    for piece in cut(noise(12_800), [PERIOD] * 39):
        behind += PERIOD - len(room.hear(piece))
        assert 0 <= behind < 2 * 256 + PERIOD


def test_it_rests_when_it_has_rung_out() -> None:
    room = Room()
    room.hear(noise(6_400))
    room.hear(silence(HELD + RING_OUT_SAMPLES - PERIOD))
    active_before = room.canceller.active
    room.hear(silence(1_600))
    assert (active_before, room.canceller.active) == (True, False)
    frames = room.canceller.counters.frames
    room.hear(silence(16_000))
    assert room.canceller.counters.frames == frames


def test_zeros_are_not_learnt_for_the_room() -> None:
    room = Room()
    room.hear(noise(3_200))
    asked = len(room.frames.asked)
    out = room.hear(noise(3_200), deaf=True)
    assert len(room.frames.asked) <= asked + 1
    assert abs(len(out) - 3_200) <= 256


def test_what_is_overdriven_is_counted() -> None:
    room = Room()
    room.hear(noise(3_200))
    assert room.canceller.counters.clipped_frames == 0
    room.hear(noise(3_200), np.full(3_200, 32_767 - 8_000, np.int16) + noise(3_200, seed=3))
    assert 0 < room.canceller.counters.clipped_frames <= 14


@pytest.mark.parametrize("lie_ms", [150, 250])
def test_an_echo_that_comes_later_than_the_card_says_is_found(lie_ms: int) -> None:
    room = Room(held=HELD + samples_of_ms(lie_ms))
    voice = noise(96_000, peak=300, seed=5)
    out = room.hear(noise(96_000), voice)
    assert room.canceller.counters.moved == 1
    assert db(rms(out[80_000:90_000] - voice[80_000:90_000].astype(np.float32)) / 4_000) < -20


def test_an_echo_a_little_late_is_left_where_it_is() -> None:
    room = Room()
    room.hear(noise(96_000))
    assert room.canceller.counters.moved == 0
    assert echo_of(noise(10), 0).shape == (10,)


def test_a_reference_that_lacks_is_counted_and_nothing_stops() -> None:
    room = Room(told=0)
    out = room.hear(noise(9_600))
    assert room.canceller.counters.lacking_frames > 0
    assert len(out) > 9_600 - 1_000
