"""A slope that is sure, or none."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.sound.echo.drift import FEWEST_POINTS, Drift

POINT = 8_000  # samples between two


def learnt(ppm: float, points: int, *, noise: float = 8.0, cut_every: int = 10**6) -> float:
    drift, random = Drift(), np.random.default_rng(5)
    for number in range(points):
        if number % cut_every == 0:
            drift.end_stretch()
        offset = 1_000.0 * (number // cut_every) + number * POINT * ppm / 1e6
        drift.add(number * POINT, offset + random.normal(0, noise))
    return drift.ratio * 1e6


@pytest.mark.parametrize("ppm", [50, -50, 100])
def test_it_is_learnt_in_two_minutes(ppm: float) -> None:
    assert learnt(ppm, 240) == pytest.approx(ppm, abs=5)


def test_and_from_many_short_replies_too() -> None:
    assert learnt(50, 1_200, cut_every=40) == pytest.approx(50, abs=8)


@pytest.mark.parametrize(("ppm", "points"), [(0, 240), (50, FEWEST_POINTS), (1_000, 240)])
def test_chance_haste_and_nonsense_are_none(ppm: float, points: int) -> None:
    assert learnt(ppm, points) == 0
