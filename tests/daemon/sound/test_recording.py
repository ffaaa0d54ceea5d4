"""Replies as they are kept."""

import numpy as np
import pytest

from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.sound.recording import Recording


def tone(pitch_hz: float, rate_hz: int, seconds: float = 1.0) -> Samples:
    wave: Samples = (8_000 * np.sin(2 * np.pi * pitch_hz * np.arange(int(rate_hz * seconds)) / rate_hz)).astype("<i2")
    return wave


def pitch_of(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * REPLY_RATE_HZ / len(samples))


def test_nothing() -> None:
    kept = Recording()
    assert not kept
    assert kept.samples.tolist() == []


def test_what_comes_at_24_khz_is_kept_bit_for_bit() -> None:
    kept = Recording()
    kept.add(b"\1\0\2\0", REPLY_RATE_HZ)
    kept.add(b"\3\0\xff", REPLY_RATE_HZ)
    assert kept
    assert kept.samples.tolist() == [1, 2, 3]
    assert bytes(kept) == b"\1\0\2\0\3\0"


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_other_rates_keep_pitch_and_length(rate_hz: int) -> None:
    kept = Recording()
    sound = tone(440, rate_hz).tobytes()
    for start in range(0, len(sound), 640):
        kept.add(sound[start : start + 640], rate_hz)
    assert abs(len(kept.samples) - REPLY_RATE_HZ) <= 1
    assert pitch_of(kept.samples) == pytest.approx(440, abs=2)


def test_rates_that_change_within_a_reply_come_one_after_the_other() -> None:
    kept = Recording()
    for pitch_hz, rate_hz in ((300, 24_000), (600, 16_000), (900, 48_000)):
        kept.add(tone(pitch_hz, rate_hz).tobytes(), rate_hz)
    thirds = [kept.samples[n * 24_000 : (n + 1) * 24_000] for n in range(3)]
    assert [round(pitch_of(third), -1) for third in thirds] == [300, 600, 900]


def test_beyond_its_length_nothing_is_kept() -> None:
    kept = Recording(longest_bytes=6)
    for _ in range(3):
        kept.add(b"\1\0\2\0", REPLY_RATE_HZ)
    assert kept.samples.tolist() == [1, 2, 1]
