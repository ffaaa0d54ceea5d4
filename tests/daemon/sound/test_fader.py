import numpy as np
import pytest
from numpy.typing import NDArray

from daemon.sound.fader import Fader, amplitude
from daemon.sound.pcm import Samples
from daemon.sound.sound_kind import SoundKind
from hardware.base import PcmFormat, SampleFormat
from hardware.pcm_bytes import all_channels_of
from tests.daemon.sound.signals import noise

VOICE = SoundKind.VOICE


def fader(volume: float = 1.0, channels: int = 1, sample_format: SampleFormat = "S16_LE") -> Fader:
    return Fader(PcmFormat(rate_hz=48_000, channels=channels, sample_format=sample_format, period_frames=960), volume)


def encoded(playing: Fader, samples: Samples, kind: SoundKind = VOICE) -> bytes:
    """One period with nothing else in it."""
    return playing.encode([(kind, samples)], len(samples))


def s16(data: bytes) -> NDArray[np.int16]:
    return np.frombuffer(data, "<i2")


def constant(value: int = 10_000, frames: int = 960) -> Samples:
    return np.full(frames, value, np.int16)


def test_full_volume_is_bit_exact() -> None:
    extremes = np.array([-32_768, -1, 0, 1, 32_767], np.int16)

    assert s16(encoded(fader(), extremes)).tolist() == extremes.tolist()
    assert s16(encoded(fader(), noise(960))).tolist() == noise(960).tolist()


def test_every_channel_gets_the_same() -> None:
    assert s16(encoded(fader(channels=2), np.array([1, 2, 3], np.int16))).tolist() == [1, 1, 2, 2, 3, 3]


def test_32_bits_hold_what_16_would_round_away() -> None:
    quiet = np.frombuffer(encoded(fader(0.1, 2, "S32_LE"), np.array([-150, 32_767], np.int16)), "<i4")

    assert quiet.tolist() == [-98_304] * 2 + [round(327.67 * 65_536)] * 2  # -1.5 and 327.67


def test_every_format_says_the_same_of_a_low_volume() -> None:
    said = noise(960)
    exact = said * amplitude(0.1)
    for sample_format, step in (("S24_3LE", 1 / 256), ("S24_LE", 1 / 256), ("FLOAT_LE", 1 / 256)):
        pcm_format = PcmFormat(rate_hz=48_000, channels=2, sample_format=sample_format, period_frames=960)
        heard = all_channels_of(encoded(fader(0.1, 2, sample_format), said), pcm_format)
        assert np.abs(heard * 32_768 - exact[:, None]).max() <= step


def test_half_the_volume_is_12_db_down() -> None:
    assert amplitude(0.5) == 0.25
    assert set(s16(encoded(fader(0.5), constant())).tolist()) == {2_500}
    assert not s16(encoded(fader(0.0), noise(960))).any()


def test_a_change_is_spread_over_one_period_without_a_step() -> None:
    playing = fader(1.0)
    before = s16(encoded(playing, constant()))
    playing.set_volume(VOICE, 0.5)
    during = s16(encoded(playing, constant()))
    after = s16(encoded(playing, constant()))

    together = np.concatenate((before, during, after)).astype(int)
    assert np.abs(np.diff(together)).max() <= 8  # 7,500 in 960 steps
    assert during[-1] == 2_500
    assert set(after.tolist()) == {2_500}


def test_a_change_during_silence_needs_no_ramp() -> None:
    playing = fader(1.0)
    playing.set_volume(VOICE, 0.5)

    assert playing.silence(10) == bytes(20)
    assert set(s16(encoded(playing, constant())).tolist()) == {2_500}


def test_silence_is_whole_frames() -> None:
    assert fader(channels=2, sample_format="S32_LE").silence(10) == bytes(80)


@pytest.mark.parametrize("volume", [-0.1, 1.1, float("nan")])
def test_a_volume_out_of_range_is_refused(volume: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        fader(volume)
    playing = fader(0.5)
    with pytest.raises(ValueError, match="from 0 to 1"):
        playing.set_volume(VOICE, volume)
    assert set(s16(encoded(playing, constant())).tolist()) == {2_500}


def test_each_kind_has_its_volume() -> None:
    playing = fader(1.0)
    playing.set_volume(SoundKind.RING, 0.5)
    playing.silence(1)
    heard = s16(playing.encode([(VOICE, constant(frames=2)), (SoundKind.RING, constant(frames=2))], 5))
    assert heard.tolist() == [10_000, 10_000, 2_500, 2_500, 0]


def test_a_kind_that_is_not_heard_needs_no_ramp() -> None:
    playing = fader(1.0)
    playing.set_volume(SoundKind.RING, 0.5)
    encoded(playing, constant())
    assert set(s16(encoded(playing, constant(), SoundKind.RING)).tolist()) == {2_500}


def test_while_it_is_ducked_it_is_12_db_softer_and_no_step_is_heard_on_either_way() -> None:
    playing = fader()
    before = s16(encoded(playing, constant()))
    playing.duck(ducked=True)
    down = np.concatenate([s16(encoded(playing, constant())) for _ in range(5)])
    playing.duck(ducked=False)
    up = np.concatenate([s16(encoded(playing, constant())) for _ in range(21)])
    after = s16(encoded(playing, constant()))
    assert set(before) == set(after) == {10_000}
    assert set(down[80 * 48 :]) == {2_500}
    assert down[40 * 48] == pytest.approx(6_250, abs=5)
    assert set(up[400 * 48 :]) == {10_000}
    assert np.abs(np.diff(np.concatenate((before, down, up)).astype(int))).max() <= 3


def test_what_begins_while_it_is_ducked_begins_softly_and_full_volume_is_bit_exact_again_after() -> None:
    playing = fader()
    playing.duck(ducked=True)
    playing.silence(960)
    assert set(s16(encoded(playing, constant()))) == {2_500}
    playing.duck(ducked=False)
    playing.silence(960)
    assert s16(encoded(playing, noise(960))).tolist() == noise(960).tolist()
