"""Moments are some kind's, and are said by one word each."""

from typing import get_args

import pytest

from daemon.abilities.inputs.kinds.input_kinds import KNOBS, SWITCHES
from daemon.abilities.inputs.kinds.moments import MOMENTS, Moment


def test_each_moment_is_that_of_one_kind() -> None:
    told = [moment for moments in MOMENTS.values() for moment in moments]
    assert sorted(told) == sorted(get_args(Moment))


@pytest.mark.parametrize("name", SWITCHES)
def test_each_switch_becomes_the_one_and_the_other(name: str) -> None:
    assert len(MOMENTS[name]) in {2, 3}


@pytest.mark.parametrize("name", KNOBS)
def test_each_knob_goes_the_one_way_and_the_other(name: str) -> None:
    assert MOMENTS[name] == ("right", "left")
