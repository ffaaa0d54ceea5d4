"""From the settings' pins to devices on mock pins."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.errors import HardwareError
from daemon.events import ToolCall
from daemon.settings import Settings
from daemon.wiring import make_safe, wired


def settings(**tables: Any) -> Settings:
    return Settings.model_validate({"gpio": {"factory": "mock"}, **tables})


DEVICES = [
    {"name": "lamp", "kind": "led", "pin": 17},
    {"name": "pump", "kind": "relay", "pin": 27, "active": "low", "max_on_s": 5},
    {"name": "sign", "kind": "relay", "pin": 22, "safe": "on"},
]


async def test_devices_begin_and_end_in_their_safe_state() -> None:
    with wired(settings(device=DEVICES)) as wiring:
        assert [output.read().on for output in wiring.outputs] == [False, False, True]
        pins = [output._device.pin for output in wiring.outputs]  # type: ignore[attr-defined]
        for output, pin in zip(wiring.outputs, pins, strict=True):
            output.switch(not output.read().on)
            pin.clear_states()
    after = [[bool(entry.state) for entry in pin.states] for pin in pins]
    assert after[0][1] is False
    assert after[1][1] is True, "the pump is active low: off is high"
    assert after[2][1] is True
    assert {pin.function for pin in pins} == {"input"}, "released"


async def test_the_tools_work_the_devices_within_their_limits() -> None:
    with wired(settings(device=DEVICES)) as wiring:
        answer = await wiring.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
        assert answer["ok"]
        assert wiring.outputs[0].read().on
        pump = await wiring.toolbox.call(ToolCall("2", "set_device", {"device": "pump", "state": "on"}))
        assert 0 < pump["turns_off_in_s"] <= 5


async def test_button_and_light_exist_only_where_the_settings_have_a_pin() -> None:
    with wired(settings()) as wiring:
        assert (wiring.button, wiring.indicator, wiring.outputs) == (None, None, ())
        assert wiring.toolbox.declarations() == []
    with wired(settings(button={"pin": 5}, indicator={"pin": 6})) as wiring:
        assert wiring.button is not None
        assert wiring.indicator is not None


async def test_on_a_machine_without_pins_the_error_says_what_to_do() -> None:
    auto = Settings.model_validate({"device": DEVICES})
    with pytest.raises(HardwareError) as error, wired(auto):
        pass
    assert error.value.fix


def test_make_safe_visits_every_output() -> None:
    assert make_safe(settings(device=DEVICES)) == 3
    assert make_safe(settings()) == 0
