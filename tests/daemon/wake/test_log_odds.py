import math

import pytest

from daemon.wake.log_odds import UNRESOLVED, LogOdds

SCALE, ZERO = 0.19, 24


def read(said: int, before: int) -> float:
    """What is read where the network says `said` of 256, and what that was made of is `before`."""
    return LogOdds(memoryview(bytes([said])), memoryview(bytes([before & 0xFF])).cast("b"), SCALE, ZERO).latest()


@pytest.mark.parametrize(("said", "before"), [(0, -128), (0, -20), (128, 24), (255, 80), (127, 24)])
def test_it_is_the_finer_number_where_that_fits(said: int, before: int) -> None:
    assert read(said, before) == pytest.approx((before - ZERO) * SCALE)


@pytest.mark.parametrize(("said", "before"), [(0, 24), (255, -128), (128, 80)])
def test_one_that_does_not_fit_is_not_believed(said: int, before: int) -> None:
    assert read(said, before) == (math.log(said / (256 - said)) if said else UNRESOLVED)


def test_one_that_did_not_fit_once_is_not_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "daemon.wake.log_odds")
    said, before = bytearray([128]), bytearray([80])
    odds = LogOdds(memoryview(said), memoryview(before).cast("b"), SCALE, ZERO)
    assert odds.latest() == 0
    said[0], before[0] = 0, 256 - 128
    assert [odds.latest(), odds.latest()] == [UNRESOLVED, UNRESOLVED]
    assert len(caplog.messages) == 1


def test_without_one_it_is_read_off_the_byte() -> None:
    assert LogOdds(memoryview(bytes([64])), None, 1, 0).latest() == pytest.approx(math.log(1 / 3))
