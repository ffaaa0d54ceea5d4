"""A light that is on or off, as the settings and the model have it."""

from __future__ import annotations

import pytest

from daemon.abilities.devices.kinds.led import shines, switched
from daemon.abilities.devices.settings import DeviceSettings
from daemon.house.settings import Settings
from daemon.house.wiring import wired
from hardware.fake_board import Board
from tests.daemon.abilities.devices.asking import ask
from tests.hardware.header.lines import process


@pytest.mark.parametrize("active", ["high", "low"])
@pytest.mark.parametrize("safe", ["on", "off"])
def test_it_is_claimed_safe_and_goes_the_other_way_round_if_it_is_wired_so(active: str, safe: str) -> None:
    device = DeviceSettings.model_validate({"name": "lamp", "kind": "led", "pin": 17, "active": active, "safe": safe})
    board = Board()
    with process(board) as pins:
        light = switched(device, pins)
        for on in (safe == "on", True, False):
            if on != light.read().on:
                light.switch(on)
            assert board.pads[17].seen[-1] == int(on == (active == "high"))
            assert (light.read().on, light.dimmable) == (on, False)
        light.close()


async def test_the_model_switches_it_and_has_no_level_for_it() -> None:
    house = Settings.model_validate({"device": [{"name": "lamp", "kind": "led", "pin": 17}]})
    with process(Board()) as pins, wired(house, lambda _: pins) as wiring:
        assert "set_level" not in [tool["name"] for tool in wiring.toolbox.declarations()]
        answer = await ask(wiring.toolbox, "set_device", device="lamp", state="on")
        assert answer == {"ok": True, "device": "lamp", "state": "on"}


def test_what_somebody_sees_begins_with_what_it_is_not() -> None:
    assert shines(safe_on=False) == "light up and go dark again"
    assert shines(safe_on=True) == "go dark and light up again"
