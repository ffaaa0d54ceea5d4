import numpy as np
import pytest
from numpy.typing import NDArray

from daemon.sound.fader import Fader, amplitude
from daemon.sound.pcm import Samples
from hardware.base import PcmFormat, SampleFormat
from tests.daemon.sound.signals import noise


def fader(volume: float = 1.0, channels: int = 1, sample_format: SampleFormat = "S16_LE") -> Fader:
    return Fader(PcmFormat(rate_hz=48_000, channels=channels, sample_format=sample_format, period_frames=960), volume)


def s16(data: bytes) -> NDArray[np.int16]:
    return np.frombuffer(data, "<i2")


def constant(value: int = 10_000, frames: int = 960) -> Samples:
    return np.full(frames, value, np.int16)


def test_full_volume_is_bit_exact() -> None:
    extremes = np.array([-32_768, -1, 0, 1, 32_767], np.int16)

    assert s16(fader().encode(extremes)).tolist() == extremes.tolist()
    assert s16(fader().encode(noise(960))).tolist() == noise(960).tolist()


def test_every_channel_gets_the_same() -> None:
    assert s16(fader(channels=2).encode(np.array([1, 2, 3], np.int16))).tolist() == [1, 1, 2, 2, 3, 3]


def test_32_bits_hold_what_16_would_round_away() -> None:
    quiet = np.frombuffer(fader(0.1, 2, "S32_LE").encode(np.array([-150, 32_767], np.int16)), "<i4")

    assert quiet.tolist() == [-98_304] * 2 + [round(327.67 * 65_536)] * 2  # -1.5 and 327.67


def test_half_the_volume_is_12_db_down() -> None:
    assert amplitude(0.5) == 0.25
    assert set(s16(fader(0.5).encode(constant())).tolist()) == {2_500}
    assert not s16(fader(0.0).encode(noise(960))).any()


def test_a_change_is_spread_over_one_period_without_a_step() -> None:
    playing = fader(1.0)
    before = s16(playing.encode(constant()))
    playing.set_volume(0.5)
    during = s16(playing.encode(constant()))
    after = s16(playing.encode(constant()))

    together = np.concatenate((before, during, after)).astype(int)
    assert np.abs(np.diff(together)).max() <= 8  # 7,500 in 960 steps
    assert during[-1] == 2_500
    assert set(after.tolist()) == {2_500}


def test_a_change_during_silence_needs_no_ramp() -> None:
    playing = fader(1.0)
    playing.set_volume(0.5)

    assert playing.silence(10) == bytes(20)
    assert set(s16(playing.encode(constant())).tolist()) == {2_500}


def test_silence_is_whole_frames() -> None:
    assert fader(channels=2, sample_format="S32_LE").silence(10) == bytes(80)


@pytest.mark.parametrize("volume", [-0.1, 1.1, float("nan")])
def test_a_volume_out_of_range_is_refused(volume: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        fader(volume)
    playing = fader(0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        playing.set_volume(volume)
    assert set(s16(playing.encode(constant())).tolist()) == {2_500}
