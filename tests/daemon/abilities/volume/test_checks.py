"""Buttons for the volume are two, and a knob has two pins."""

from __future__ import annotations

import pytest

from daemon.abilities.volume.checks import faults_of_volume


@pytest.mark.parametrize(
    ("given", "missing"),
    [("up_pin", "down_pin"), ("down_pin", "up_pin"), ("encoder_a", "encoder_b"), ("encoder_b", "encoder_a")],
)
def test_one_of_two_is_a_fault_at_the_other(given: str, missing: str) -> None:
    (fault,) = faults_of_volume({given: 17})
    assert fault.path == ("volume", missing)
    assert given in fault.what
    assert missing in fault.fix


def test_both_or_none_are_fine() -> None:
    assert list(faults_of_volume({})) == []
    assert list(faults_of_volume({"up_pin": 5, "down_pin": 6, "encoder_a": 17, "encoder_b": 27})) == []
