"""What the model reads: sensors, contacts, and rooms with all that is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import Sensors
from daemon.abilities.inputs.settings import InputSettings
from daemon.abilities.inputs.tools import sensor_tools
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Answer, Toolbox
from tests.daemon.abilities.inputs.entrance import PlayedSwitch
from tests.hardware.kernel.tree import bme280, thermometer

if TYPE_CHECKING:
    from pathlib import Path

TABLES: list[dict[str, Any]] = [
    {"name": "sofa button", "kind": "button", "pin": 4, "room": "living room"},
    {"name": "window", "kind": "contact", "pin": 5, "room": "bedroom", "aliases": ["Fenster"]},
    {"name": "hall", "kind": "motion", "pin": 6},
    {"name": "outside", "kind": "ds18b20", "room": "garden"},
    {"name": "air", "kind": "iio", "room": "Bedroom"},
]


class Flat:
    def __init__(self, root: Path, tables: list[dict[str, Any]]) -> None:
        inputs = [InputSettings.model_validate(table) for table in tables]
        self.switches = {table.name: PlayedSwitch(table.name) for table in inputs}
        self.toolbox = Toolbox(sensor_tools(inputs, self.switches, Sensors(inputs, Source(root), lambda: 100.0)))

    async def read(self, sensor: str) -> Answer:
        return await self.toolbox.call(ToolCall("1", "read_sensor", {"sensor": sensor}))


@pytest.fixture
def flat(tmp_path: Path) -> Flat:
    thermometer(tmp_path, "-3400\n")
    bme280(tmp_path)
    return Flat(tmp_path, TABLES)


OUTSIDE = {"sensor": "outside", "quantity": "temperature", "value": -3.4, "unit": "°C", "age_s": 0.0}
AIR = [
    {"sensor": "air", "quantity": "temperature", "value": 21.42, "unit": "°C", "age_s": 0.0},
    {"sensor": "air", "quantity": "humidity", "value": 48.12, "unit": "%", "age_s": 0.0},
    {"sensor": "air", "quantity": "pressure", "value": 1013.25, "unit": "hPa", "age_s": 0.0},
]


def test_one_tool_with_all_the_names_but_those_of_buttons(flat: Flat) -> None:
    [tool] = flat.toolbox.declarations()
    said = tool["parameters_json_schema"]["properties"]["sensor"]["enum"]
    assert said == ["window", "Fenster", "hall", "outside", "air", "bedroom", "garden", "everything"]


def test_without_anything_to_read_there_is_no_tool(tmp_path: Path) -> None:
    button = InputSettings.model_validate(TABLES[0])
    assert sensor_tools([button], {}, Sensors([button], Source(tmp_path), lambda: 0.0)) == []


async def test_a_value_has_its_unit_and_its_age(flat: Flat) -> None:
    assert await flat.read("outside") == {"ok": True, "readings": [OUTSIDE]}


async def test_how_a_contact_and_a_motion_sensor_stand(flat: Flat) -> None:
    assert await flat.read("Fenster") == {"ok": True, "readings": [{"sensor": "window", "state": "open"}]}
    flat.switches["window"].active = flat.switches["hall"].active = True
    assert await flat.read("window") == {"ok": True, "readings": [{"sensor": "window", "state": "closed"}]}
    assert await flat.read("hall") == {"ok": True, "readings": [{"sensor": "hall", "state": "motion"}]}


async def test_a_room_is_all_that_is_in_it(flat: Flat) -> None:
    readings = (await flat.read("bedroom"))["readings"]
    assert readings == [{"sensor": "window", "state": "open"}, *AIR]
    assert len((await flat.read("everything"))["readings"]) == 6


async def test_what_fails_is_told_beside_the_others_and_alone_it_is_the_answer(tmp_path: Path) -> None:
    broken = Flat(tmp_path / "nothing", TABLES)
    answer = await broken.read("outside")
    assert answer["error"] == '"outside" is not there'
    window, air = (await broken.read("bedroom"))["readings"]
    assert (window["state"], air["sensor"], air["error"]) == ("open", "air", '"air" is not there')


async def test_a_pin_that_cannot_be_read_is_refused(flat: Flat) -> None:
    flat.switches["window"].broken = True
    assert (await flat.read("window"))["fix"] == "check the wiring"
