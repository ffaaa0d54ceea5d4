"""The devices that a model may try its hands on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from daemon.chat import household_tools
from daemon.chat.household_tools import devices_line, offered_devices
from daemon.conversation.events import ToolCall
from daemon.errors import DeviceBusy, UsageError
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.house.wiring import Wiring

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


async def test_only_the_outputs_are_claimed_and_all_are_safe_at_the_end() -> None:
    with offered_devices(Settings.model_validate(PINS)) as wiring:
        assert wiring is not None
        assert (wiring.button, wiring.mute_button, wiring.indicator) == (None, None, None)
        lamp = wiring.outputs[0]
        answer = await wiring.toolbox.call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}))
        assert answer["state"] == "on"
        refused = await wiring.toolbox.call(ToolCall("2", "set_device", {"device": "heater", "state": "on"}))
        assert "error" in refused, "the gate stands between"
        pin = lamp._device.pin  # type: ignore[attr-defined]
        assert pin.state
    assert not pin.state


def test_none_are_offered_unasked() -> None:
    with offered_devices(Settings.model_validate(PINS), offered=False) as wiring:
        assert wiring is None


def test_to_offer_none_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="no devices"), offered_devices(Settings()):
        pass


def test_what_may_be_worked_is_named() -> None:
    assert devices_line(Settings.model_validate(PINS)) == "it may work, on mock pins: lamp, heater"
    real = Settings.model_validate({**PINS, "gpio": {"factory": "auto"}})
    assert devices_line(real).startswith("it may work, on real pins")


def test_pins_that_the_service_holds_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What gpiozero's claim of such a pin ends as; mock pins are nobody else's."""

    @contextmanager
    def held(_: Settings) -> Iterator[Wiring]:
        raise DeviceBusy("pin 17 is held by another program", fix="stop that program; `gpioinfo` names it")
        yield

    monkeypatch.setattr(household_tools, "wired", held)
    with pytest.raises(DeviceBusy, match=r"--tools: pin 17 is held .* the service") as raised:  # noqa: SIM117
        with offered_devices(Settings.model_validate(PINS)):
            pass
    assert raised.value.fix == "sudo systemctl stop pipit"


async def test_another_cards_trouble_is_not_taken_for_the_pins() -> None:
    with pytest.raises(DeviceBusy, match=r"^speaker"):  # noqa: SIM117
        with offered_devices(Settings.model_validate(PINS)):
            raise DeviceBusy("speaker 'default' is in use", fix="stop it")
