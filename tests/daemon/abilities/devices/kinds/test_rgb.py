"""A light of three colours as the model has it."""

from __future__ import annotations

from daemon.house.settings import Settings
from daemon.house.wiring import wired
from hardware.fake_board import Board
from hardware.header.colours import COLOURS
from tests.daemon.abilities.devices.asking import ask, undone
from tests.hardware.header.lines import process

MOOD = {"name": "mood", "kind": "rgb", "pin": 5, "green_pin": 6, "blue_pin": 13}
DIMMER = {"name": "dimmer", "kind": "pwm", "pin": 17}
HOUSE = Settings.model_validate({"device": [MOOD, DIMMER]})


async def test_colours_are_an_enumeration_and_levels_are_those_of_dimmers() -> None:
    with process(Board()) as pins, wired(HOUSE, lambda _: pins) as wiring:
        tools = {tool["name"]: tool["parameters_json_schema"]["properties"] for tool in wiring.toolbox.declarations()}
        assert tools["set_colour"]["colour"]["enum"] == list(COLOURS)
        assert tools["set_colour"]["device"]["enum"] == ["mood"]
        assert tools["set_level"]["device"]["enum"] == ["mood", "dimmer"]


async def test_a_colour_stays_when_it_is_dimmed_turned_off_and_on() -> None:
    with process(Board()) as pins, wired(HOUSE, lambda _: pins) as wiring:
        red = await ask(wiring.toolbox, "set_colour", device="mood", colour="red", percent=40)
        assert red == {"ok": True, "device": "mood", "state": "on", "colour": "red", "level_percent": 40}
        assert (await ask(wiring.toolbox, "set_level", device="mood", percent=70))["colour"] == "red"
        assert "colour" not in await ask(wiring.toolbox, "set_device", device="mood", state="off")
        on = await ask(wiring.toolbox, "set_device", device="mood", state="on")
        assert (on["colour"], on["level_percent"]) == ("red", 70)
        assert await undone(wiring.toolbox, "set_colour", device="mood", colour="green")
        assert (await ask(wiring.toolbox, "list_devices"))["devices"][0]["colour"] == "red"


async def test_a_colour_that_is_not_there_is_told_those_that_are() -> None:
    with process(Board()) as pins, wired(HOUSE, lambda _: pins) as wiring:
        answer = await ask(wiring.toolbox, "set_colour", device="mood", colour="taupe")
        assert "warm white" in answer["error"]


async def test_pins_that_do_not_obey_are_told() -> None:
    board = Board()
    with process(board) as pins, wired(HOUSE, lambda _: pins) as wiring:
        board.broken.add(13)
        answer = await ask(wiring.toolbox, "set_colour", device="mood", colour="blue")
        assert "pin 13 of 'mood'" in answer["error"]
        board.broken.clear()
