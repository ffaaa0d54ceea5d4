"""Levels of full scale."""

import pytest

from daemon.sound.full_scale import dbfs


@pytest.mark.parametrize(
    ("amplitude", "level"), [(1.0, 0), (0.5, -6.02), (2.0, 6.02), (1e-3, -60), (1e-6, -96), (0, -96)]
)
def test_full_scale_is_zero_and_nothing_is_the_floor(amplitude: float, level: float) -> None:
    assert dbfs(amplitude, -96.0) == pytest.approx(level, abs=0.01)
