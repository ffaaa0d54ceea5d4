"""A motor as the model has it."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.abilities.devices.kinds.motor import MOTOR
from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.gate import Gate
from daemon.house.settings import Settings
from daemon.house.wiring import wired
from hardware.fake_board import Board
from tests.daemon.abilities.devices.asking import ask, undone
from tests.daemon.tools.outputs import Clock
from tests.hardware.header.lines import process

CURTAIN = {"name": "curtain", "kind": "motor", "pin": 5, "backward_pin": 6, "max_level": 0.8}


def house(**keys: Any) -> Settings:
    return Settings.model_validate({"device": [CURTAIN | keys]})


async def test_it_goes_both_ways_stops_and_keeps_its_speed() -> None:
    with process(Board()) as pins, wired(house(), lambda _: pins) as wiring:
        run = await ask(wiring.toolbox, "run_motor", device="curtain", direction="forward", percent=50)
        assert (run["direction"], run["level_percent"], run["turns_off_in_s"]) == ("forward", 50, 60)
        back = await ask(wiring.toolbox, "run_motor", device="curtain", direction="backward")
        assert (back["direction"], back["level_percent"]) == ("backward", 50)
        stopped = await ask(wiring.toolbox, "run_motor", device="curtain", direction="stop")
        assert stopped == {"ok": True, "device": "curtain", "state": "off", "level_percent": 0}
        fast = await ask(wiring.toolbox, "run_motor", device="curtain", direction="forward", percent=90)
        assert fast["error"] == '"curtain" can be set to 0% to 80%, or 0, not to 90%'


async def test_what_it_did_is_taken_back() -> None:
    board = Board()
    with process(board) as pins, wired(house(), lambda _: pins) as wiring:
        assert await undone(wiring.toolbox, "run_motor", device="curtain", direction="forward")
        assert board.pads[5].seen[-1] == 0


def test_one_that_has_to_rest_is_not_turned_round_while_it_runs() -> None:
    device, clock = DeviceSettings.model_validate(CURTAIN | {"min_off_s": 2.0}), Clock()
    with process(Board()) as pins:
        gate = Gate([(MOTOR.claim(device, pins), device)], now=clock, schedule=clock.schedule)
        clock.step(2)
        stopped = gate.mark("curtain")
        gate.set_level("curtain", 0.5, "forward")
        with pytest.raises(Refused, match=r'"curtain" has to rest before it goes backward. Fix: stop it first'):
            gate.set_level("curtain", 0.5, "backward")
        assert gate.read("curtain").mode == "forward"
        gate.restore("curtain", stopped, gate.mark("curtain"))
        with pytest.raises(Refused, match="must stay off for at least 2 s"):
            gate.set_level("curtain", 0.5, "backward")
        clock.step(2)
        gate.set_level("curtain", 0.5, "backward")
        assert gate.read("curtain").mode == "backward"


async def test_switching_is_not_for_it() -> None:
    with process(Board()) as pins, wired(house(), lambda _: pins) as wiring:
        assert [tool["name"] for tool in wiring.toolbox.declarations()] == ["run_motor", "list_devices"]
