"""A fan as the model has it."""

from __future__ import annotations

from daemon.abilities.devices.kinds.fan import FAN
from daemon.house.settings import Settings
from daemon.house.wiring import wired
from hardware.fake_board import Board
from tests.daemon.abilities.devices.asking import ask
from tests.hardware.header.lines import process

HOUSE = Settings.model_validate({"device": [{"name": "fan", "kind": "fan", "pin": 5, "min_level": 0.3}]})


async def test_its_speed_is_a_level_that_is_never_so_low_that_it_stands_still() -> None:
    board = Board()
    with process(board) as pins, wired(HOUSE, lambda _: pins) as wiring:
        assert (await ask(wiring.toolbox, "set_level", device="fan", percent=60))["level_percent"] == 60
        assert board.pads[5].seen[-1] == ("wave", 60.0)
        slow = await ask(wiring.toolbox, "set_level", device="fan", percent=20)
        assert slow["fix"] == "choose a level from 30% to 100%"


def test_what_somebody_sees() -> None:
    assert FAN.sign(True) != FAN.sign(False)
