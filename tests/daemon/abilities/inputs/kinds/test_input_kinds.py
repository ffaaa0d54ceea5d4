"""Every kind of input is a file of its name, and knows its moments."""

from __future__ import annotations

from typing import get_args

import pytest

from daemon.abilities.inputs.kinds.input_kind import SwitchKind
from daemon.abilities.inputs.kinds.input_kinds import SWITCHES, switch_kind
from daemon.abilities.inputs.kinds.moments import MOMENTS, Moment
from daemon.abilities.inputs.settings import InputSettings


@pytest.mark.parametrize("name", SWITCHES)
def test_each_is_found(name: str) -> None:
    assert isinstance(switch_kind(name), SwitchKind)


def test_the_settings_know_them_all_and_each_moment_is_some_kinds() -> None:
    assert set(SWITCHES) <= set(get_args(InputSettings.model_fields["kind"].annotation))
    assert {moment for moments in MOMENTS.values() for moment in moments} == set(get_args(Moment))
