"""The tools on gpiozero's mock pins: what the model is offered, and that answers are read back from the pin."""

from collections.abc import Iterator
from typing import Any

import pytest

from daemon.events import ToolCall
from daemon.tools.devices import device_tools
from daemon.tools.gate import Gate
from daemon.tools.tool import Answer, Toolbox
from hardware.gpio import GpioOutput, OutputSpec, PinFactory, pin_factory
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

LAMP_PIN, LIGHT_PIN = 17, 12


@pytest.fixture
def factory() -> Iterator[PinFactory]:
    factory = pin_factory("mock")
    yield factory
    factory.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def toolbox(factory: PinFactory, clock: Clock) -> Iterator[Toolbox]:
    """A relay that is on at most ten minutes, and a light that is dimmed to 5 to 60 percent."""
    relay = GpioOutput(OutputSpec("Desk Lamp", "relay", LAMP_PIN, active_high=False), factory)
    light = GpioOutput(OutputSpec("night light", "pwm", LIGHT_PIN, min_level=0.05, max_level=0.6), factory)
    guarded = [(relay, Bounds(max_on_s=600)), (light, Bounds(min_level=0.05, max_level=0.6))]
    yield Toolbox(device_tools([relay, light], Gate(guarded, now=clock, schedule=clock.schedule)))
    relay.close()
    light.close()


async def ask(toolbox: Toolbox, name: str, **arguments: Any) -> Answer:
    return await toolbox.call(ToolCall("1", name, arguments))


def tools_for(*outputs: Pretended) -> Toolbox:
    clock = Clock()
    gate = Gate([(output, Bounds()) for output in outputs], now=clock, schedule=clock.schedule)
    return Toolbox(device_tools(outputs, gate))


def test_what_the_model_is_offered(toolbox: Toolbox) -> None:
    set_device, set_level, list_devices = toolbox.declarations()
    assert (set_device["name"], set_level["name"], list_devices["name"]) == ("set_device", "set_level", "list_devices")
    properties = set_device["parameters_json_schema"]["properties"]
    assert properties["device"]["enum"] == ["Desk Lamp", "night light"]
    assert properties["state"]["enum"] == ["on", "off", "toggle"]
    properties = set_level["parameters_json_schema"]["properties"]
    assert properties["device"]["enum"] == ["night light"]
    assert (properties["percent"]["minimum"], properties["percent"]["maximum"]) == (0, 100)
    for declaration in toolbox.declarations():
        assert declaration["description"]


def test_no_devices_no_tools() -> None:
    assert tools_for().declarations() == []


def test_nothing_to_dim_no_levels() -> None:
    names = [declaration["name"] for declaration in tools_for(Pretended()).declarations()]
    assert names == ["set_device", "list_devices"]


async def test_a_relay_that_is_active_at_a_low_level(toolbox: Toolbox, factory: PinFactory) -> None:
    answer = await ask(toolbox, "set_device", device="desk lamp", state="on")
    assert answer == {"ok": True, "device": "Desk Lamp", "state": "on", "turns_off_in_s": 600}
    assert factory.pin(LAMP_PIN).state == 0
    answer = await ask(toolbox, "set_device", device="DESK LAMP", state="Off")
    assert answer == {"ok": True, "device": "Desk Lamp", "state": "off"}
    assert factory.pin(LAMP_PIN).state == 1


async def test_toggle(toolbox: Toolbox) -> None:
    states = [(await ask(toolbox, "set_device", device="Desk Lamp", state="toggle"))["state"] for _ in range(3)]
    assert states == ["on", "off", "on"]


async def test_a_level(toolbox: Toolbox, factory: PinFactory) -> None:
    answer = await ask(toolbox, "set_level", device="night light", percent=40)
    assert answer == {"ok": True, "device": "night light", "state": "on", "level_percent": 40}
    assert factory.pin(LIGHT_PIN).state == pytest.approx(0.4)
    answer = await ask(toolbox, "set_level", device="night light", percent=0)
    assert answer == {"ok": True, "device": "night light", "state": "off", "level_percent": 0}
    assert factory.pin(LIGHT_PIN).state == 0


async def test_every_whole_percent_within_the_bounds_is_reported_as_asked(toolbox: Toolbox) -> None:
    for percent in range(5, 61):
        assert (await ask(toolbox, "set_level", device="night light", percent=percent))["level_percent"] == percent


async def test_a_refusal_names_device_and_limit_and_touches_nothing(toolbox: Toolbox, factory: PinFactory) -> None:
    answer = await ask(toolbox, "set_level", device="night light", percent=61)
    assert answer == {
        "error": '"night light" can be set to 5% to 60%, or 0, not to 61%',
        "fix": "choose a level from 5% to 60%",
    }
    assert factory.pin(LIGHT_PIN).state == 0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("set_device", {"device": "garage door", "state": "on"}),
        ("set_device", {"device": "Desk Lamp", "state": "blink"}),
        ("set_level", {"device": "Desk Lamp", "percent": 50}),
        ("set_level", {"device": "night light", "percent": 101}),
        ("set_level", {"device": "night light", "percent": True}),
    ],
)
async def test_what_is_not_offered_is_refused(
    toolbox: Toolbox, factory: PinFactory, name: str, arguments: dict[str, Any]
) -> None:
    assert set(await ask(toolbox, name, **arguments)) == {"error", "fix"}
    assert (factory.pin(LAMP_PIN).state, factory.pin(LIGHT_PIN).state) == (1, 0)


async def test_the_list_is_read_from_the_pins(toolbox: Toolbox, clock: Clock) -> None:
    await ask(toolbox, "set_device", device="Desk Lamp", state="on")
    await ask(toolbox, "set_level", device="night light", percent=30)
    clock.step(100)
    assert await ask(toolbox, "list_devices") == {
        "ok": True,
        "devices": [
            {"device": "Desk Lamp", "state": "on", "turns_off_in_s": 500},
            {"device": "night light", "state": "on", "level_percent": 30},
        ],
    }
    clock.step(500)
    assert (await ask(toolbox, "list_devices"))["devices"][0] == {"device": "Desk Lamp", "state": "off"}


@pytest.mark.parametrize(
    ("lamp", "state", "error"),
    [
        (Pretended(stuck_off=True), "on", '"lamp" was asked to be on, but reports that it is off'),
        (Pretended(stuck_off=True), "toggle", '"lamp" was asked to be on, but reports that it is off'),
        (Pretended(stuck_on=True), "off", '"lamp" does not turn off'),
        (Pretended(broken=True), "on", "pin of lamp failed"),
    ],
)
async def test_a_device_that_does_not_obey_is_not_reported_as_if_it_had(
    lamp: Pretended, state: str, error: str
) -> None:
    if lamp.stuck_on:
        lamp.switch(True)
    answer = await ask(tools_for(lamp), "set_device", device="lamp", state=state)
    assert answer["error"] == error
    assert "ok" not in answer


@pytest.mark.parametrize(
    ("lamp", "report"),
    [
        (Pretended(dimmable=True, stuck_off=True), "off at 0 percent"),
        (Pretended(dimmable=True, loss=0.1), "on at 30 percent"),
    ],
)
async def test_a_level_that_is_not_reached_is_an_error(lamp: Pretended, report: str) -> None:
    answer = await ask(tools_for(lamp), "set_level", device="lamp", percent=40)
    assert answer["error"] == f'"lamp" was asked to be at 40 percent, but reports that it is {report}'
