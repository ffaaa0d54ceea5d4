"""A step of the volume is heard wherever it is taken."""

from __future__ import annotations

from math import log10

import pytest

from daemon.abilities.volume.scale import FULL, SMALLEST_STEP, SOFTEST, percent_of
from daemon.sound.fader import amplitude

NOTICED_DB = 1.0


def level_db(percent: int) -> float:
    return 20 * log10(amplitude(percent / FULL))


@pytest.mark.parametrize("step", [SMALLEST_STEP, 10, 50])
def test_each_step_is_more_than_people_need_to_notice_it(step: int) -> None:
    steps = [(percent, percent + step) for percent in range(SOFTEST, FULL - step + 1)]
    assert min(level_db(louder) - level_db(softer) for softer, louder in steps) > NOTICED_DB


def test_a_step_that_is_smaller_would_not_be() -> None:
    assert level_db(FULL) - level_db(FULL - SMALLEST_STEP + 1) < NOTICED_DB


def test_the_softest_can_be_heard_in_a_quiet_room_and_half_is_about_half_as_loud() -> None:
    assert level_db(SOFTEST) == pytest.approx(-40)
    assert level_db(50) == pytest.approx(-12, abs=0.1)


@pytest.mark.parametrize(("volume", "percent"), [(0, 0), (0.004, 0), (0.29, 29), (0.8, 80), (1, 100)])
def test_a_percent_is_a_hundredth_of_the_volume(volume: float, percent: int) -> None:
    assert percent_of(volume) == percent
