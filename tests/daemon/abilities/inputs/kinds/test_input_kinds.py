"""Every kind of input is a file of its name."""

from __future__ import annotations

from typing import get_args

import pytest

from daemon.abilities.inputs.kinds.input_kind import SensorKind, SwitchKind
from daemon.abilities.inputs.kinds.input_kinds import KNOBS, SENSORS, SWITCHES, sensor_kind, switch_kind
from daemon.abilities.inputs.settings import InputSettings


@pytest.mark.parametrize("name", SWITCHES)
def test_each_switch_is_found(name: str) -> None:
    assert isinstance(switch_kind(name), SwitchKind)


@pytest.mark.parametrize("name", SENSORS)
def test_each_sensor_is_found_and_knows_what_cannot_be(name: str) -> None:
    assert isinstance(sensor_kind(name), SensorKind)
    assert all(low < high for low, high in sensor_kind(name).bounds.values())


def test_the_settings_know_them_all() -> None:
    assert {*SWITCHES, *KNOBS, *SENSORS} == set(get_args(InputSettings.model_fields["kind"].annotation))
