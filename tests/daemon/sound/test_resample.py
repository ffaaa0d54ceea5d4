from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sound.pcm import Samples, ms_of_samples, silence
from daemon.sound.resample import Quality, Resampler, resample
from tests.daemon.sound.signals import cut, db, noise, rms, sinad_db, sine

RATES = [(24_000, 48_000), (24_000, 44_100), (24_000, 16_000), (48_000, 16_000), (44_100, 16_000), (8_000, 16_000)]
QUALITIES = get_args(Quality)


def through(resampler: Resampler, pieces: list[Samples]) -> Samples:
    return np.concatenate([*(resampler.process(piece) for piece in pieces), resampler.flush()])


@given(
    sizes=st.lists(st.integers(0, 1_500), max_size=12), rates=st.sampled_from(RATES), quality=st.sampled_from(QUALITIES)
)
def test_the_result_does_not_depend_on_the_pieces(sizes: list[int], rates: tuple[int, int], quality: Quality) -> None:
    samples = noise(6_000)

    pieces = through(Resampler(*rates, quality), cut(samples, sizes))

    assert np.array_equal(pieces, through(Resampler(*rates, quality), [samples]))


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_no_sample_is_lost_or_added(from_hz: int, to_hz: int, quality: Quality) -> None:
    for count in (0, 1, 777, from_hz):
        length = len(through(Resampler(from_hz, to_hz, quality), [noise(count)]))
        assert abs(length - count * to_hz / from_hz) <= 1
        assert length == count * to_hz / from_hz or count % from_hz


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
@pytest.mark.parametrize("pitch_hz", [300, 1_000, 3_400])
def test_a_tone_stays_clean(from_hz: int, to_hz: int, pitch_hz: int) -> None:
    for quality in QUALITIES:
        tone = through(Resampler(from_hz, to_hz, quality), [sine(pitch_hz, from_hz)])
        assert sinad_db(tone, pitch_hz, to_hz) > 80


@pytest.mark.parametrize("from_hz", [32_000, 44_100, 48_000, 96_000, 192_000])
def test_what_the_new_rate_cannot_hold_is_removed(from_hz: int) -> None:
    too_high = sine(11_000, from_hz)  # would come back as 5 kHz
    for quality in QUALITIES:
        middle = through(Resampler(from_hz, 16_000, quality), [too_high])[1_000:-1_000]
        assert db((rms(middle) + 1e-6) / rms(too_high)) < -75


@pytest.mark.parametrize("to_hz", [32_000, 44_100, 48_000, 96_000])
def test_high_quality_holds_back_at_most_ten_milliseconds_of_a_reply(to_hz: int) -> None:
    resampler = Resampler(24_000, to_hz)
    received = returned = 0
    for piece in cut(noise(24_000), [960] * 24):
        received += len(piece)
        returned += len(resampler.process(piece))
        assert ms_of_samples(received, 24_000) - ms_of_samples(returned, to_hz) <= 10.01


def test_silence_stays_silent() -> None:
    assert not through(Resampler(24_000, 48_000), [silence(2_400)]).any()


def test_equal_rates_change_nothing() -> None:
    resampler = Resampler(16_000, 16_000)
    samples = noise(1_000)

    assert resampler.process(samples) is samples
    assert not len(resampler.flush())


def test_a_flushed_resampler_starts_afresh() -> None:
    resampler = Resampler(24_000, 48_000)
    first = through(resampler, [noise(2_000)])

    assert np.array_equal(through(resampler, [noise(2_000)]), first)


def test_too_loud_is_clipped() -> None:
    square = np.repeat(np.array([32_767, -32_768] * 40, np.int16), 20)  # overshoots between its samples

    loud = resample(square, 24_000, 48_000)

    assert loud.max() == 32_767
    assert loud.min() == -32_768
    assert np.abs(np.diff(loud.astype(int))).max() < 50_000  # wrapping would jump by 65,535


def test_resample_keeps_time() -> None:
    click = silence(2_400)
    click[1_200] = 10_000

    assert resample(click, 24_000, 48_000).argmax() == 2_400
