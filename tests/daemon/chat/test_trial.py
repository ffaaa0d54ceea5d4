"""The equipment of a conversation without the appliance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from daemon.chat.choices import Choices
from daemon.chat.trial import devices_line, tried_out
from daemon.conversation.messages import Transcribed
from daemon.conversation.tool_call import ToolCall
from daemon.errors import DeviceBusy, UsageError
from daemon.house.equipment import Drivers
from daemon.house.settings import Settings
from hardware.fake_board import Board
from tests.hardware.header.lines import process

if TYPE_CHECKING:
    from daemon.controls.settings import GpioSettings
    from hardware.header.factory import PinFactory

PINS: dict[str, Any] = {
    "gpio": {"factory": "mock"},
    "button": {"pin": 5},
    "mute": {"pin": 6},
    "indicator": {"pin": 12},
    "device": [
        {"name": "lamp", "kind": "led", "pin": 17},
        {"name": "heater", "kind": "relay", "pin": 27, "min_off_s": 60},
    ],
}


TOOLS = Choices(tools=True)
KEY = {"GEMINI_API_KEY": "test-key"}
EVERYTHING: dict[str, Any] = {
    **PINS,
    "camera": {"source": "v4l2", "device": "/dev/video0"},
    "history": {"keep": True, "tools": True},
    "usage": {"daily_limit": 0.001},
}


async def test_only_the_outputs_are_claimed_and_all_are_safe_at_the_end() -> None:
    board = Board()
    with process(board) as pins:
        async with tried_out(Settings.model_validate(PINS), TOOLS, Drivers(pins=lambda _: pins)) as trial:
            assert trial.toolbox is not None
            assert not any(board.pads[pin].user for pin in (5, 6, 12))
            answer = await trial.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
            assert answer["state"] == "on"
            refused = await trial.toolbox.call(ToolCall("2", "set_device", {"device": "heater", "state": "on"}))
            assert "error" in refused, "the gate stands between"
            assert board.pads[17].level
        assert not board.pads[17].level


async def test_none_are_offered_unasked() -> None:
    def pins(_: GpioSettings) -> PinFactory:
        raise AssertionError("nobody asked for them")

    async with tried_out(Settings.model_validate(PINS), Choices(), Drivers(pins=pins, environ=KEY)) as trial:
        assert trial.toolbox is None
        assert not trial.options().tools


async def test_what_belongs_to_the_appliance_is_not_there() -> None:
    with process(Board()) as pins:
        drivers = Drivers(pins=lambda _: pins, environ=KEY)
        async with tried_out(Settings.model_validate(EVERYTHING), TOOLS, drivers) as trial:
            offered = {tool["name"] for tool in trial.options().tools}
    assert offered == {"set_device", "list_devices", "pulse"}


async def test_the_model_is_told_of_the_household_as_the_appliance_tells_it() -> None:
    named = {**PINS, "household": {"room": "kitchen"}, "live": {"system_instruction": "Here are: $devices."}}
    async with tried_out(Settings.model_validate(named), Choices(), Drivers(environ=KEY)) as trial:
        told = trial.options().system_instruction
    assert told == "Here are: lamp, heater.\nYou stand in the kitchen."


async def test_a_device_that_wants_a_word_hears_what_is_said() -> None:
    oven = {"name": "oven", "kind": "relay", "pin": 17, "confirm": True}
    named = Settings.model_validate({**PINS, "device": [oven]})
    with process(Board()) as pins:
        async with tried_out(named, TOOLS, Drivers(pins=lambda _: pins, environ=KEY)) as trial:
            assert trial.toolbox is not None
            on = ToolCall("1", "set_device", {"device": "oven", "state": "on"})
            answers = []
            for turn, text in enumerate(("oven on, yes", "yes"), 1):
                for witness in trial.witnesses:
                    witness.received(Transcribed(turn, "user", text))
                answers.append(await trial.toolbox.call(on))
            assert ["error" in answer for answer in answers] == [True, False]


async def test_to_offer_none_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="no devices"):
        async with tried_out(Settings(), TOOLS, Drivers()):
            pass


def test_what_may_be_worked_is_named() -> None:
    assert devices_line(Settings.model_validate(PINS)) == "it may work, on mock pins: lamp, heater"
    real = Settings.model_validate({**PINS, "gpio": {"factory": "auto"}})
    assert devices_line(real).startswith("it may work, on real pins")


async def test_pins_that_the_service_holds_are_refused_with_what_to_do() -> None:
    board = Board()
    board.pads[17].user = "pipit"
    with process(board) as pins, pytest.raises(DeviceBusy, match=r"--tools: .* the service holds its pins") as raised:
        async with tried_out(Settings.model_validate(PINS), TOOLS, Drivers(pins=lambda _: pins)):
            pass
    assert raised.value.fix == "sudo systemctl stop pipit"


async def test_another_cards_trouble_is_not_taken_for_the_pins() -> None:
    trial = tried_out(Settings.model_validate(PINS), TOOLS, Drivers())
    with pytest.raises(DeviceBusy, match=r"^speaker"):
        async with trial:
            raise DeviceBusy("speaker 'default' is in use", fix="stop it")
