"""What the settings call a device is claimed as such."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.kinds.every_kind import KINDS
from daemon.abilities.devices.kinds.keys import OWNERS, PINS
from daemon.abilities.devices.outputs import claimed_output
from daemon.abilities.devices.settings import DeviceSettings
from daemon.errors import PinRefused
from hardware.fake_board import Board
from tests.hardware.header.lines import process


def device(**keys: Any) -> DeviceSettings:
    return DeviceSettings.model_validate({"name": "thing", "pin": 17} | keys)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_claimed_by_its_name_and_at_rest(kind: str) -> None:
    board, more = Board(), [key for key in PINS if kind in OWNERS.get(key, ())]
    with process(board) as pins:
        thing = claimed_output(device(kind=kind, **{key: 22 + index for index, key in enumerate(more)}), pins)
        assert (thing.name, thing.read().on) == ("thing", False)
        thing.close()
    assert [board.pads[pin].seen for pin in (17, *(22 + index for index in range(len(more))))] == [
        ["in", 0] for _ in range(1 + len(more))
    ]


@pytest.mark.parametrize(
    ("kind", "dimmable"), [("led", False), ("relay", False), ("pwm", True), ("fan", True), ("buzzer", False)]
)
def test_what_has_levels(kind: str, dimmable: bool) -> None:
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
