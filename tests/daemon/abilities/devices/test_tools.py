"""The tools on gpiozero's mock pins: what the model is offered, and that answers are read back from the pin."""

import asyncio
from typing import Any

import pytest

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Answer, Toolbox
from daemon.tools.undo import Undo
from hardware.header.factory import PinFactory
from tests.daemon.abilities.devices.asking import LAMP_PIN, LIGHT_PIN, ask, tools_for
from tests.daemon.tools.outputs import Bounds, Clock, Pretended


def test_what_the_model_is_offered(toolbox: Toolbox) -> None:
    set_device, set_level, list_devices, pulse = toolbox.declarations()
    assert (set_device["name"], set_level["name"], list_devices["name"]) == ("set_device", "set_level", "list_devices")
    assert (pulse["name"], [*pulse["parameters_json_schema"]["properties"]]) == (
        "pulse",
        ["device", "seconds", "times"],
    )
    assert pulse["parameters_json_schema"]["required"] == ["device"]
    properties = set_device["parameters_json_schema"]["properties"]
    assert properties["device"]["enum"] == ["Desk Lamp", "night light"]
    assert properties["state"]["enum"] == ["on", "off", "toggle"]
    assert set(properties) == {"device", "state"}, "how it is undone is not the model's business"
    properties = set_level["parameters_json_schema"]["properties"]
    assert properties["device"]["enum"] == ["night light"]
    assert (properties["percent"]["minimum"], properties["percent"]["maximum"]) == (0, 100)
    for declaration in toolbox.declarations():
        assert declaration["description"]


def test_no_devices_no_tools() -> None:
    assert tools_for().declarations() == []


async def test_toggle(toolbox: Toolbox) -> None:
    states = [(await ask(toolbox, "set_device", device="Desk Lamp", state="toggle"))["state"] for _ in range(3)]
    assert states == ["on", "off", "on"]


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


# Pulses


class Bell:
    """A relay for a bell, and the time that passes while it is rung."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.clock = Clock()
        self.relay = Pretended(name="bell")
        self.rung: list[tuple[float, bool]] = []
        gate = Gate([(self.relay, bounds or Bounds())], now=self.clock, schedule=self.clock.schedule)
        self.toolbox = Toolbox(device_tools([self.relay], gate, sleep=self.pass_time))

    async def pass_time(self, seconds: float) -> None:
        self.rung.append((seconds, self.relay.state.on))
        self.clock.step(seconds)
        await asyncio.sleep(0)


async def test_a_pulse_is_on_and_off_again() -> None:
    bell = Bell()
    answer = await ask(bell.toolbox, "pulse", device="bell", seconds=2)
    assert answer == {"ok": True, "device": "bell", "state": "off", "pulses": 1}
    assert bell.rung == [(2, True)]


async def test_pulses_tell_how_far_they_are() -> None:
    bell, told = Bell(), list[Answer]()
    call = ToolCall("1", "pulse", {"device": "bell", "seconds": 0.2, "times": 3})
    answer = await bell.toolbox.call(call, on_progress=told.append)
    assert [part["pulses"] for part in told] == [1, 2]
    assert answer == {"ok": True, "device": "bell", "state": "off", "pulses": 3}
    assert bell.rung == [(0.2, True), (0.5, False), (0.2, True), (0.5, False), (0.2, True)]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"seconds": 2, "times": 4}, "4 times 2 s take 9.5 s, and may take 8 s with their pauses"),
        ({"seconds": 8.5}, 'argument "seconds"'),
        ({"times": 9}, 'argument "times"'),
    ],
)
async def test_pulses_that_take_too_long_are_refused(arguments: dict[str, Any], error: str) -> None:
    bell = Bell()
    assert error in (await ask(bell.toolbox, "pulse", device="bell", **arguments))["error"]
    assert bell.relay.history == []


async def test_what_is_on_already_is_not_pulsed() -> None:
    bell = Bell()
    await ask(bell.toolbox, "set_device", device="bell", state="on")
    assert (await ask(bell.toolbox, "pulse", device="bell"))["error"] == '"bell" is on'
    assert bell.relay.state.on


async def test_pulses_keep_the_bounds() -> None:
    bell = Bell(Bounds(max_switches_per_minute=4))
    answer = await ask(bell.toolbox, "pulse", device="bell", seconds=0.1, times=3)
    assert answer == {
        "error": '"bell" may be switched 4 times a minute at most, not 6 times',
        "fix": "turn it on 2 times at most",
    }
    assert bell.relay.history == []
    assert (await ask(bell.toolbox, "pulse", device="bell", seconds=0.1, times=2))["pulses"] == 2
    assert "4 times a minute" in (await ask(bell.toolbox, "pulse", device="bell"))["error"]


@pytest.mark.parametrize(
    ("bounds", "arguments", "error"),
    [
        (Bounds(max_on_s=2), {"seconds": 8}, '"bell" may be on for 2 s at most, not for 8 s'),
        (Bounds(max_on_s=2), {"seconds": 2.0000001}, '"bell" may be on for 2 s at most, not for 2.0000001 s'),
        (Bounds(min_off_s=3), {"times": 2}, '"bell" must stay off for at least 3 s between two pulses'),
    ],
)
async def test_pulses_that_do_not_fit_are_refused_before_they_begin(
    bounds: Bounds, arguments: dict[str, Any], error: str
) -> None:
    bell = Bell(bounds)
    bell.clock.step(60)
    assert (await ask(bell.toolbox, "pulse", device="bell", **arguments))["error"] == error
    assert bell.relay.history == []


async def test_a_pulse_may_be_as_long_as_the_device_may_be_on() -> None:
    bell = Bell(Bounds(max_on_s=2, min_off_s=0.5))
    bell.clock.step(60)
    answer = await ask(bell.toolbox, "pulse", device="bell", seconds=2, times=2)
    assert answer == {"ok": True, "device": "bell", "state": "off", "pulses": 2}
    assert bell.rung == [(2, True), (0.5, False), (2, True)]


class Meanwhile(Bell):
    """Another call comes in while the bell rings for the time of this number, or rests: 0 is the first ring."""

    def __init__(self, at: int, name: str, **arguments: Any) -> None:
        super().__init__()
        self.relay.dimmable = name == "set_level"
        self.at, self.call = at, (name, arguments)
        gate = Gate([(self.relay, Bounds())], now=self.clock, schedule=self.clock.schedule)
        self.toolbox = Toolbox(device_tools([self.relay], gate, sleep=self.pass_time))
        self.undo = Undo()
        self.other: Answer = {}

    async def pass_time(self, seconds: float) -> None:
        await super().pass_time(seconds)
        if len(self.rung) == self.at + 1:
            name, arguments = self.call
            self.other = await self.toolbox.call(ToolCall("2", name, {"device": "bell"} | arguments), undo=self.undo)


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("set_device", {"state": "on"}),
        ("set_level", {"percent": 30}),
        ("pulse", {}),
    ],
)
async def test_what_is_being_pulsed_is_turned_on_by_nobody_else(at: int, name: str, arguments: dict[str, Any]) -> None:
    bell = Meanwhile(at, name, **arguments)
    answer = await ask(bell.toolbox, "pulse", device="bell", times=2)
    assert bell.other == {
        "error": '"bell" is being pulsed',
        "fix": "wait until it was pulsed, or turn it off to end that",
    }
    assert (answer["pulses"], answer["state"]) == (2, "off")
    assert bell.relay.history[:4] == [1.0, 0.0, 1.0, 0.0]
    assert not any(bell.relay.history[4:])
    assert not bell.undo
    assert "ok" in await ask(bell.toolbox, "set_device", device="bell", state="on"), "afterwards it may"


@pytest.mark.parametrize(("at", "done"), [(0, 0), (1, 1), (2, 1)])
@pytest.mark.parametrize(("name", "arguments"), [("set_device", {"state": "off"}), ("set_level", {"percent": 0})])
async def test_what_is_turned_off_while_it_is_pulsed_stays_off_and_both_are_told(
    at: int, done: int, name: str, arguments: dict[str, Any]
) -> None:
    bell = Meanwhile(at, name, **arguments)
    answer = await ask(bell.toolbox, "pulse", device="bell", times=2)
    assert (bell.other["ok"], bell.other["state"]) == (True, "off")
    assert answer["error"] == '"bell" was turned off while it was being pulsed'
    assert answer.get("pulses", 0) == done
    assert not bell.relay.state.on
    assert len(bell.rung) == at + 1, "nothing follows"


async def test_a_call_before_a_pulse_is_not_undone_in_the_midst_of_it() -> None:
    bell, earlier = Bell(), Undo()
    undone: list[bool] = []

    async def undo_meanwhile(_: float) -> None:
        undone.append(await earlier.run())

    gate = Gate([(bell.relay, Bounds())], now=bell.clock, schedule=bell.clock.schedule)
    toolbox = Toolbox(device_tools([bell.relay], gate, sleep=undo_meanwhile))
    await toolbox.call(ToolCall("1", "set_device", {"device": "bell", "state": "on"}))
    await toolbox.call(ToolCall("2", "set_device", {"device": "bell", "state": "off"}), undo=earlier)
    assert (await ask(toolbox, "pulse", device="bell"))["pulses"] == 1
    assert undone == [False]
    assert not bell.relay.state.on


async def test_a_bell_that_does_not_turn_off_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell()
    bell.relay.stuck_on = True
    assert (await ask(bell.toolbox, "pulse", device="bell"))["error"] == '"bell" does not turn off'
    assert "bell could not be turned off after it was pulsed" in caplog.text
    bell.relay.stuck_on = False
    bell.clock.step(1)
    assert not bell.relay.state.on
    assert bell.clock.pending() == []


async def test_a_pulse_that_is_cancelled_ends_at_once() -> None:
    bell = Bell()
    ringing = asyncio.Event()

    async def ring_on(_: float) -> None:
        ringing.set()
        await asyncio.Event().wait()

    gate = Gate([(bell.relay, Bounds())], now=bell.clock, schedule=bell.clock.schedule)
    toolbox = Toolbox(device_tools([bell.relay], gate, sleep=ring_on))
    task = asyncio.ensure_future(ask(toolbox, "pulse", device="bell", times=2))
    await ringing.wait()
    assert bell.relay.state.on
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bell.relay.history == [1.0, 0.0]


async def test_a_bell_that_does_not_ring_is_not_reported_as_if_it_had() -> None:
    bell = Bell()
    bell.relay.stuck_off = True
    assert (await ask(bell.toolbox, "pulse", device="bell"))["error"].startswith('"bell" was asked to be on')
