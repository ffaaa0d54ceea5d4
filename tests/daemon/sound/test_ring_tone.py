"""A ring: soft at first, with words in it, and room for a wake word."""

import numpy as np
import pytest

from daemon.sound.pcm import Samples, silence
from daemon.sound.ring_tone import GROWING_S, PAUSE_MS, RingTone, tune

RATE_HZ = 24_000
PERIOD = 480
WORDS = np.full(RATE_HZ, 20_000, np.int16)


def heard(tone: RingTone, seconds: float) -> Samples:
    return np.concatenate([tone.next(PERIOD) for _ in range(round(seconds * RATE_HZ / PERIOD))])


def stretches_of_silence_s(sound: Samples) -> list[float]:
    """How long each silence of more than a tenth of a second was."""
    loud = np.flatnonzero(np.concatenate(([True], sound != 0, [True])))
    gaps = np.diff(loud) / RATE_HZ
    return [float(gap) for gap in gaps if gap > 0.1]


def level_db(sound: Samples) -> float:
    """Its loudest sample, against the loudest of the tune."""
    return float(20 * np.log10(np.abs(sound.astype(int)).max() / np.abs(tune(RATE_HZ)).max()))


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_it_gives_just_what_is_asked_for_and_sounds_at_once(rate_hz: int) -> None:
    tone = RingTone(rate_hz)
    first = tone.next(rate_hz // 50)
    assert len(first) == rate_hz // 50
    assert np.count_nonzero(first) > len(first) / 2
    assert [len(tone.next(frames)) for frames in (1, 999, 100_000)] == [1, 999, 100_000]


def test_how_it_is_asked_makes_no_difference() -> None:
    at_once = RingTone(RATE_HZ).next(10 * RATE_HZ)
    assert np.array_equal(heard(RingTone(RATE_HZ), 10), at_once)


def test_it_begins_softly_and_is_loud_after_half_a_minute() -> None:
    tone = RingTone(RATE_HZ)
    assert level_db(heard(tone, 0.5)) == pytest.approx(-30, abs=2)
    assert level_db(heard(tone, GROWING_S / 2)) == pytest.approx(-15, abs=3)
    heard(tone, GROWING_S / 2)
    assert level_db(heard(tone, 10)) == pytest.approx(0, abs=0.1)


def test_no_sample_steps_as_a_click_does() -> None:
    tone = RingTone(RATE_HZ)
    heard(tone, 40)
    steps = np.abs(np.diff(heard(tone, 10).astype(int)))
    assert steps.max() < 0.6 * np.abs(tune(RATE_HZ)).max(), "1 kHz and its partials, at full level"


@pytest.mark.parametrize("words", [silence(0), WORDS])
def test_a_wake_word_has_room_in_every_round(words: Samples) -> None:
    tone = RingTone(RATE_HZ)
    tone.say(words)
    pauses = stretches_of_silence_s(heard(tone, 30))
    assert len(pauses) >= 8
    assert min(pauses) >= 1.0


def test_its_words_are_said_every_8_seconds_and_are_understood_from_the_first() -> None:
    tone = RingTone(RATE_HZ)
    tone.say(WORDS)
    blocks = heard(tone, 32).reshape(-1, PERIOD).astype(int)
    said = np.flatnonzero((np.ptp(blocks, axis=1) < 600) & (blocks[:, 0] > 600))
    starts = said[np.concatenate(([True], np.diff(said) > 1))]
    assert blocks[said[0], 0] == pytest.approx(20_000 * 10 ** (-12 / 20), rel=0.01)
    assert np.diff(starts) * PERIOD / RATE_HZ == pytest.approx(7.8, abs=0.5)


def test_words_may_come_late_and_are_asked_for_with_each_tune() -> None:
    asked: list[int] = []
    tone = RingTone(RATE_HZ, lambda: asked.append(1))
    sound = heard(tone, 10)
    assert np.abs(sound.astype(int)).max() < 20_000 * 10 ** (-12 / 20)
    assert len(asked) == 4
    tone.say(WORDS)
    assert np.abs(heard(tone, 3).astype(int)).max() >= 20_000 * 10 ** (-12 / 20) - 1
    assert len(asked) == 4


def test_a_pause_is_longer_than_a_wake_word() -> None:
    assert PAUSE_MS >= 1_000
