"""What Whisper is given of a sound: bands, a hundred times a second, of one loudness whatever that of the sound."""

import numpy as np
import pytest

from daemon.brain.recognition.log_mel import BANDS, log_mel
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, silence


def tone(hz: float, level: float = 8_000) -> Samples:
    return (level * np.sin(2 * np.pi * hz * np.arange(CAPTURE_RATE_HZ) / CAPTURE_RATE_HZ)).astype(np.int16)


@pytest.mark.parametrize("samples", [400, 16_000, 16_001, 15_839])
def test_there_is_an_even_number_of_frames_a_hundred_a_second(samples: int) -> None:
    bands = log_mel(tone(400)[:samples] if samples <= CAPTURE_RATE_HZ else np.pad(tone(400), (0, 1)))
    assert bands.shape == (BANDS, samples // 160 // 2 * 2)
    assert bands.dtype == np.float32
    assert bands.flags.c_contiguous


@pytest.mark.parametrize(("hz", "band"), [(200, 4), (1000, 26), (4000, 62)])
def test_a_tone_is_in_its_band(hz: float, band: int) -> None:
    """Those of librosa's filters for 80 bands up to 8 kHz: linear below 1 kHz, then logarithmic."""
    assert abs(int(log_mel(tone(hz)).mean(axis=1).argmax()) - band) <= 1


def test_no_more_than_eight_decades_below_the_loudest_count() -> None:
    bands = log_mel(np.concatenate((tone(400), silence(CAPTURE_RATE_HZ))))
    assert float(bands.max() - bands.min()) == pytest.approx(8 / 4)
