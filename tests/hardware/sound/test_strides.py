"""How much a speaker writes at a time, and when it has to be back."""

import pytest

from hardware.base import PcmFormat
from hardware.sound.strides import Strides, stride_periods, wanted_periods

FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def opened(periods: int, card_period_frames: int = 480) -> tuple[Strides, Clock]:
    clock = Clock()
    strides = Strides(FORMAT, clock)
    strides.opened(periods * 480, card_period_frames)
    return strides, clock


@pytest.mark.parametrize(("period_ms", "stride", "wanted"), [(10, 8, 12), (20, 4, 8), (40, 2, 6), (80, 1, 4)])
def test_a_stride_is_as_long_whatever_a_period_is(period_ms: int, stride: int, wanted: int) -> None:
    pcm_format = PcmFormat(rate_hz=24_000, period_frames=24 * period_ms)
    assert (stride_periods(pcm_format), wanted_periods(pcm_format)) == (stride, wanted)


@pytest.mark.parametrize(("buffer_periods", "stride"), [(4, 1), (5, 1), (6, 2), (7, 3), (8, 4), (50, 4)])
def test_a_card_that_has_less_room_is_given_less_at_a_time(buffer_periods: int, stride: int) -> None:
    strides, _ = opened(buffer_periods)
    assert strides.frames(patient=True) == stride * 480
    assert strides.frames(patient=False) == 480


def test_a_card_of_coarse_periods_is_kept_as_many_of_its_own_ahead() -> None:
    strides, _ = opened(8, card_period_frames=960)
    assert strides.frames(patient=True) == 480
    strides, _ = opened(16, card_period_frames=960)
    strides.wrote(8 * 480)
    assert strides.left_s() == pytest.approx(0.04)


def test_it_is_back_when_the_card_holds_three_periods() -> None:
    strides, clock = opened(8)
    strides.wrote(7 * 480)
    assert strides.left_s() == pytest.approx(0.08)
    clock.now_s += 0.06
    assert strides.left_s() == pytest.approx(0.02)
    clock.now_s += 0.06
    assert strides.left_s() == 0


def test_nothing_is_waited_for_by_the_clock_where_writing_waits() -> None:
    strides, _ = opened(4)
    strides.wrote(4 * 480)
    assert strides.left_s() == 0


def test_what_was_dropped_is_not_waited_for() -> None:
    strides, _ = opened(8)
    strides.wrote(7 * 480)
    strides.forget()
    assert strides.left_s() == 0
