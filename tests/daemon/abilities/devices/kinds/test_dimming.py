"""Levels as an answer says them, and which are taken for those that were asked for."""

import pytest

from daemon.abilities.devices.kinds.dimming import disobeys, level_words
from daemon.abilities.devices.settings import DeviceSettings
from hardware.base import OutputState

LIGHT = DeviceSettings(name="lamp", kind="pwm", pin=17)


@pytest.mark.parametrize(
    ("level", "words"),
    [(0.4, {"level_percent": 40}), (1 / 3, {"level_percent": 33.33}), (0.0, {"level_percent": 0}), (None, {})],
)
def test_a_whole_percent_is_said_as_one(level: float | None, words: dict[str, float]) -> None:
    said = level_words(OutputState(on=True, level=level), LIGHT)
    assert (said, [type(value) for value in said.values()]) == (words, [type(value) for value in words.values()])


@pytest.mark.parametrize(
    ("on", "level", "asked", "wrong"),
    [
        (True, 0.404, 0.4, False),
        (True, 0.41, 0.4, True),
        (False, 0.4, 0.4, True),
        (False, None, 0.0, False),
        (True, 0.003, 0.0, True),
    ],
)
def test_half_a_percent_is_nobodys_fault_but_darkness_is(
    on: bool, level: float | None, asked: float, wrong: bool
) -> None:
    assert disobeys(OutputState(on=on, level=level), asked) is wrong
