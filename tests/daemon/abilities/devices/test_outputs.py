"""What the settings call a device is claimed as such."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.outputs import claimed_output
from daemon.abilities.devices.settings import KINDS, DeviceSettings
from daemon.errors import PinRefused
from hardware.fake_board import Board
from tests.hardware.header.lines import process


def device(**keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"name": "thing", "pin": 17} | keys)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_claimed_by_its_name_and_at_rest(kind: str) -> None:
    board = Board()
    with process(board) as pins:
        thing = claimed_output(device(kind=kind), pins)
        assert (thing.name, thing.read().on) == ("thing", False)
        thing.close()
    assert board.pads[17].seen == ["in", 0]


@pytest.mark.parametrize(("kind", "dimmable"), [("led", False), ("relay", False), ("pwm", True)])
def test_a_light_alone_has_levels(kind: str, dimmable: bool) -> None:
    with process(Board()) as pins:
        thing = claimed_output(device(kind=kind), pins)
        assert thing.dimmable is dimmable
        thing.close()


def test_a_pin_that_somebody_has_is_refused() -> None:
    with process(Board()) as pins:
        first = claimed_output(device(kind="led"), pins)
        with pytest.raises(PinRefused):
            claimed_output(device(kind="relay", name="other"), pins)
        first.close()
