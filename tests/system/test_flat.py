"""A whole flat in the demo's household: pins, sensors, rooms, scenes; by voice, by inputs, and without a network."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from daemon.conversation.events import MessageTold
from daemon.conversation.exchange import State
from daemon.house.file import check
from hardware.header.factory import pin_factory
from tests.hardware.kernel.tree import bme280, mcp3008, put, thermometer
from tests.system.asking import go_on, press_and_ask

if TYPE_CHECKING:
    from tests.system.conftest import Homes

pytestmark = pytest.mark.hears_levels

FILE = Path(__file__).parents[2] / "docs/examples/flat.toml"
FLAT: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))


def test_the_file_has_no_fault() -> None:
    checked = check(FILE)
    assert (checked.problems, checked.warnings) == ((), ())
    pins = [value for table in (*FLAT["device"], *FLAT["input"]) for key, value in table.items() if key.endswith("pin")]
    assert len(set(pins)) == len(pins) == 22


async def test_it_is_worked_and_read_by_voice_and_by_what_is_on_its_pins(
    at_home_offline: Homes, tmp_path: Path
) -> None:
    thermometer(tmp_path, "-3400\n")
    bme280(tmp_path)
    mcp3008(tmp_path)
    put(tmp_path, "sys/class/thermal/thermal_zone0/temp", "48312\n")
    pins: Any = pin_factory("mock")
    tables = {name: FLAT[name] for name in ("device", "group", "scene", "input")}
    async with at_home_offline(pins=lambda _: pins, root=tmp_path, **tables) as home:
        ((name, answer),) = await press_and_ask(home, "turn on the kitchen light")
        assert (name, answer["state"]) == ("set_device", "on")
        ((name, answer),) = await press_and_ask(home, "how warm is it in the bedroom")
        assert (name, answer["readings"][0]["value"]) == ("read_sensor", 21.42)
        ((name, answer),) = await press_and_ask(home, "turn off the kitchen")
        assert (name, pins.pin(9).state) == ("set_group", 0)
        pins.pin(27).drive_low()
        await asyncio.sleep(1)
        pins.pin(27).drive_high()
        await home.diary.until_happened(MessageTold)
        pins.pin(26).drive_low()
        await home.until(lambda: pins.pin(3).state == pytest.approx(0.1))
        await home.until_state(State.MUTED)
    assert pins.pin(2).state == 1, "safe: its relay is active at a low level"


async def test_what_wants_a_word_is_done_after_a_spoken_yes_in_the_same_conversation(at_home_offline: Homes) -> None:
    oven = {"name": "oven", "kind": "relay", "pin": 17, "confirm": True}
    listening = {"follow_up_s": 8, "linger_s": 30, "nothing_said_s": 3, "reply_deadline_s": 5}
    async with at_home_offline(device=[oven], listening=listening) as home:
        ((_, asked),) = await press_and_ask(home, "turn on the oven")
        assert ("error" in asked, home.lamp_is_on()) == (True, False)
        ((name, answer),) = await go_on(home, "yes please")
        assert (name, answer["state"], home.lamp_is_on()) == ("set_device", "on", True)
