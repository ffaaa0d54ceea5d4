"""A door opener as the gate and the model have it: one pulse, never held, and none soon after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.devices.asking import ask
from tests.daemon.tools.outputs import Clock, Pretended

if TYPE_CHECKING:
    from collections.abc import Iterator

DOOR = DeviceSettings.model_validate({"name": "door", "kind": "pulse", "pin": 5, "max_on_s": 0.5, "min_off_s": 5.0})


@pytest.fixture
def door() -> Pretended:
    return Pretended("door")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def toolbox(door: Pretended, clock: Clock) -> Iterator[Toolbox]:
    gate = Gate([(door, DOOR)], now=clock, schedule=clock.schedule)
    return Toolbox(device_tools([door], gate, [DOOR]))


async def test_its_pulse_is_as_long_as_the_maker_says(toolbox: Toolbox, door: Pretended, clock: Clock) -> None:
    clock.step(5)
    assert (await ask(toolbox, "trigger", device="door"))["state"] == "on"
    clock.step(0.49)
    assert door.state.on
    again = await ask(toolbox, "trigger", device="door")
    assert again == {"error": '"door" has its pulse already', "fix": "wait until it has ended"}
    clock.step(0.01)
    assert not door.state.on
    soon = await ask(toolbox, "trigger", device="door")
    assert (soon["error"], soon["fix"]) == ('"door" must stay off for at least 5 s', "try again in 5 s")
    clock.step(5)
    assert (await ask(toolbox, "trigger", device="door"))["ok"]
    assert door.history == [1.0, 0.0, 1.0]


async def test_nothing_else_is_offered_for_it(toolbox: Toolbox) -> None:
    assert [tool["name"] for tool in toolbox.declarations()] == ["trigger", "list_devices"]


async def test_one_that_does_not_move_is_told(toolbox: Toolbox, door: Pretended, clock: Clock) -> None:
    clock.step(5)
    door.stuck_off = True
    answer = await ask(toolbox, "trigger", device="door")
    assert answer["error"] == '"door" was asked to be on, but reports that it is off'
