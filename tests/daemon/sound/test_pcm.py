import numpy as np
import pytest

from daemon.sound.pcm import from_bytes, ms_of_samples, rounded, samples_of_ms, silence


def test_milliseconds_and_samples() -> None:
    assert samples_of_ms(20) == 320
    assert samples_of_ms(20, 48_000) == 960
    assert samples_of_ms(0.1) == 1  # whole samples only
    assert ms_of_samples(512) == 32.0
    assert ms_of_samples(24_000, 24_000) == 1_000.0


def test_bytes_are_little_endian() -> None:
    assert from_bytes(b"\x01\x00\xff\x7f\x00\x80").tolist() == [1, 32_767, -32_768]


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        from_bytes(b"\x01\x00\xff")


def test_silence() -> None:
    assert silence(3).tolist() == [0, 0, 0]
    assert silence(3).dtype == np.int16


def test_rounding_clips_and_never_wraps() -> None:
    values = np.array([0.4, 0.6, -1.6, 40_000.0, -40_000.0], np.float32)

    assert rounded(values).tolist() == [0, 1, -2, 32_767, -32_768]
