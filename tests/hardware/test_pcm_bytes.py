"""Every format says the same of the same sound, in both directions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.base import SAMPLE_BYTES, PcmFormat, SampleFormat
from hardware.pcm_bytes import FULL_SCALE, all_channels_of, bytes_of, channel_values

FORMATS = tuple(SAMPLE_BYTES)
FRACTIONS = {"S16_LE": 1.0, "S24_3LE": 1 / 256, "S24_LE": 1 / 256, "S32_LE": 1 / 65_536, "FLOAT_LE": 1 / 256}


def pcm(sample_format: SampleFormat, channels: int = 1) -> PcmFormat:
    return PcmFormat(rate_hz=48_000, channels=channels, sample_format=sample_format, period_frames=480)


@pytest.mark.parametrize("sample_format", FORMATS)
@given(said=st.lists(st.integers(-32_768 * 256, 32_767 * 256), max_size=50), channels=st.integers(1, 6))
def test_what_is_written_is_read_again(sample_format: SampleFormat, said: list[int], channels: int) -> None:
    values = np.array(said, np.float64) / 256
    data = bytes_of(values, pcm(sample_format, channels))

    assert len(data) == len(said) * channels * SAMPLE_BYTES[sample_format]
    for channel in range(channels):
        heard = channel_values(data, pcm(sample_format, channels), channel).astype(np.float64)
        scaled = heard * FULL_SCALE["S16_LE"] / FULL_SCALE[sample_format]
        assert np.abs(scaled - values).max(initial=0) <= FRACTIONS[sample_format] / 2


def test_24_bits_in_three_bytes_by_hand() -> None:
    data = bytes.fromhex("563412 ffffff 000080 ffff7f")  # two frames of two channels

    assert channel_values(data, pcm("S24_3LE", 2), 0).tolist() == [0x12345600, -(2**31)]
    assert channel_values(data, pcm("S24_3LE", 2), 1).tolist() == [-256, 0x7FFFFF00]


def test_the_fourth_byte_of_24_bits_may_be_anything() -> None:
    data = bytes.fromhex("563412 aa ffffff 00 000080 7f")

    assert channel_values(data, pcm("S24_LE"), 0).tolist() == [0x12345600, -256, -(2**31)]


def test_a_float_that_is_no_number_is_silence_and_none_is_beyond_full_scale() -> None:
    said = np.array([0.5, np.nan, np.inf, -np.inf, -3.0], "<f4").tobytes()

    assert channel_values(said, pcm("FLOAT_LE"), 0).tolist() == [0.5, 0.0, 1.0, -1.0, -1.0]


@pytest.mark.parametrize("sample_format", FORMATS)
def test_every_channel_is_told_apart(sample_format: SampleFormat) -> None:
    one = bytes_of(np.array([16_384.0, -8_192.0]), pcm(sample_format))
    size = SAMPLE_BYTES[sample_format]
    frames = b"".join(one[at : at + size] + bytes(size) for at in (0, size))

    assert all_channels_of(frames, pcm(sample_format, 2)).tolist() == [[0.5, 0.0], [-0.25, 0.0]]


@pytest.mark.parametrize("sample_format", FORMATS)
def test_a_part_of_a_frame_is_refused(sample_format: SampleFormat) -> None:
    with pytest.raises(ValueError, match="is not whole frames of"):
        channel_values(bytes(SAMPLE_BYTES[sample_format] * 2 + 1), pcm(sample_format, 2), 0)


@pytest.mark.parametrize("sample_format", FORMATS)
def test_no_sound_is_no_frames(sample_format: SampleFormat) -> None:
    assert channel_values(b"", pcm(sample_format, 2), 1).tolist() == []
    assert all_channels_of(b"", pcm(sample_format, 2)).shape == (0, 2)
