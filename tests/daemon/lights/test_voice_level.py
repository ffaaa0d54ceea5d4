"""How loud it is, from the samples that arrive."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.lights.voice_level import Loudness, level_of


def tone(amplitude: float) -> np.ndarray:
    return (amplitude * np.sin(np.arange(640) / 5)).astype(np.int16)


@pytest.mark.parametrize(("amplitude", "level"), [(0, 0.0), (20, 0.0), (826, 0.5), (20_000, 1.0)])
def test_a_level_is_where_it_stands_between_a_room_and_a_loud_voice(amplitude: float, level: float) -> None:
    assert level_of(tone(amplitude)) == pytest.approx(level, abs=0.02)


def test_of_no_samples() -> None:
    assert level_of(tone(1)[:0]) == 0


class Light:
    wants_loudness = True

    def __init__(self) -> None:
        self.levels: list[float] = []

    def loudness(self, level: float) -> None:
        self.levels.append(level)


def test_it_rises_at_once_and_falls_slowly() -> None:
    light = Light()
    loudness = Loudness(light)
    for amplitude in (20_000, 0, 0):
        loudness.captured(tone(amplitude))
    assert light.levels == pytest.approx([1.0, 0.6, 0.36])


def test_nothing_is_measured_for_a_light_that_does_not_ask() -> None:
    light = Light()
    light.wants_loudness = False
    Loudness(light).captured(tone(20_000))
    assert light.levels == []
