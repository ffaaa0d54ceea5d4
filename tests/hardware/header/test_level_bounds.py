"""Levels that are refused and levels that are taken."""

import pytest

from hardware.errors import HardwareError
from hardware.header.level_bounds import checked_level


@pytest.mark.parametrize(("level", "taken"), [(0.0, 0.0), (0.2, 0.2), (0.8, 0.8), (0.80001, 0.8), (0.199999, 0.199999)])
def test_off_and_what_is_within_the_bounds(level: float, taken: float) -> None:
    assert checked_level("lamp", level, 0.2, 0.8) == taken


@pytest.mark.parametrize("level", [-0.1, 0.1, 0.81, float("nan")])
def test_another_is_refused_and_the_bounds_are_told(level: float) -> None:
    with pytest.raises(HardwareError, match=r"out of bounds for 'lamp'. Fix: choose 0, or a level from 0.2 to 0.8"):
        checked_level("lamp", level, 0.2, 0.8)
