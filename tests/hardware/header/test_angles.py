import pytest

from hardware.header.angles import LEAST, angle_of, level_of


@pytest.mark.parametrize(("angle", "level"), [(-60, LEAST), (0, (1 + LEAST) / 2), (60, 1.0)])
def test_an_angle_is_a_level_and_back(angle: float, level: float) -> None:
    assert level_of(angle, -60, 60) == pytest.approx(level)
    assert angle_of(level, -60, 60) == pytest.approx(angle)
