"""A servo as the settings and the model have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from daemon.abilities.devices.settings import DeviceSettings
from daemon.abilities.devices.working.gate import Gate
from daemon.conversation.tool_call import ToolCall
from daemon.house.settings import Settings
from daemon.house.wiring import make_safe, wired
from hardware.fake_board import Board
from tests.daemon.tools.outputs import Bounds
from tests.hardware.header.lines import process
from tests.hardware.header.test_servo_motor import Later, servo

if TYPE_CHECKING:
    from daemon.tools.tool import Toolbox

BLIND = {"name": "blind", "kind": "servo", "pin": 18, "min_angle": -60.0, "max_angle": 60.0}
LAMP = {"name": "lamp", "kind": "led", "pin": 17}


def house(*devices: dict[str, Any]) -> Settings:
    return Settings.model_validate({"device": list(devices)})


async def turn(toolbox: Toolbox, degrees: float) -> Any:
    return await toolbox.call(ToolCall("1", "set_angle", {"device": "blind", "degrees": degrees}))


async def test_it_is_turned_within_its_bounds_and_told_where_it_is() -> None:
    board = Board()
    with process(board) as pins, wired(house(BLIND, LAMP), lambda _: pins) as wiring:
        answer = await turn(wiring.toolbox, 30)
        assert (answer["ok"], answer["state"], answer["angle_degrees"]) == (True, "on", 30)
        refused = await turn(wiring.toolbox, 61)
        assert refused["error"] == '"blind" can be turned to -60 to 60 degrees, not to 61'
        offered = {tool["name"]: tool for tool in wiring.toolbox.declarations()}
        devices = {
            name: tool["parameters_json_schema"]["properties"]["device"]["enum"]
            for name, tool in offered.items()
            if name != "list_devices"
        }
        assert devices == {"set_device": ["lamp"], "pulse": ["lamp"], "set_angle": ["blind"]}
    assert board.pads[18].seen[-1] == 0


async def test_the_lowest_angle_is_no_rest() -> None:
    with process(Board()) as pins, wired(house(BLIND), lambda _: pins) as wiring:
        assert (await turn(wiring.toolbox, -60))["angle_degrees"] == -60
        assert [tool["name"] for tool in wiring.toolbox.declarations()] == ["set_angle", "list_devices"]


def test_after_a_kill_it_is_made_safe() -> None:
    board = Board()
    with process(board) as pins:
        assert make_safe(house(BLIND), lambda _: pins) == 1
    assert board.pads[18].seen == ["in", 0]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"min_angle": 60.0}, "must be above min_angle, which is 60, by 1 degree at least, not 60"),
        ({"min_angle": -91.0}, "greater than or equal to -90"),
        ({"max_level": 0.5}, 'has no meaning for a device of kind "servo"'),
        ({"safe": "on"}, 'cannot be "on" for a servo, which rests unpowered'),
        ({"kind": "led"}, 'has no meaning for a device of kind "led"'),
    ],
)
def test_what_it_cannot_be_is_told(table: dict[str, Any], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        DeviceSettings.model_validate(BLIND | table)


def test_a_move_that_is_taken_back_is_led_back_though_it_rests_meanwhile() -> None:
    board, later, time = Board(), Later(), Later()
    with process(board) as pins:
        blind = servo(pins, later)
        gate = Gate([(blind, Bounds())], now=lambda: 0.0, schedule=time)
        unmoved = gate.mark("blind")
        gate.set_level("blind", 0.25)
        later.due.pop()()
        first = gate.mark("blind")
        gate.set_level("blind", 0.75)
        second = gate.mark("blind")
        later.due.pop()()
        gate.restore("blind", first, second)
        assert (blind.read().on, blind.read().level) == (True, 0.25)
        later.due.pop()()
        gate.restore("blind", unmoved, gate.mark("blind"))
        assert not blind.read().on, "nobody knows where it was before its first move"
