"""What is done to a device is read back from it, and can be undone."""

import pytest

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.conversation.tool_call import ToolCall
from daemon.errors import HardwareError
from daemon.tools.tool import Toolbox
from daemon.tools.undo import Undo
from hardware.header.factory import PinFactory
from tests.daemon.abilities.devices.asking import LAMP_PIN, LIGHT_PIN, ask, tools_for, undone
from tests.daemon.tools.outputs import Bounds, Clock, Pretended


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


async def test_switching_and_dimming_are_undone(toolbox: Toolbox, factory: PinFactory) -> None:
    assert await undone(toolbox, "set_device", device="Desk Lamp", state="on")
    assert factory.pin(LAMP_PIN).state == 1, "off"
    await ask(toolbox, "set_level", device="night light", percent=20)
    for change in ({"percent": 60}, {"percent": 0}):
        assert await undone(toolbox, "set_level", device="night light", **change)
        assert factory.pin(LIGHT_PIN).state == pytest.approx(0.2)
    assert await undone(toolbox, "set_device", device="night light", state="toggle")
    assert factory.pin(LIGHT_PIN).state == pytest.approx(0.2)


async def test_what_changed_nothing_leaves_nothing_to_undo(toolbox: Toolbox) -> None:
    undo = Undo()
    for name, arguments in (
        ("set_device", {"device": "Desk Lamp", "state": "blink"}),
        ("set_level", {"device": "night light", "percent": 99}),
        ("list_devices", {}),
    ):
        await toolbox.call(ToolCall("1", name, arguments), undo=undo)
    assert not undo


async def test_two_calls_are_undone_one_after_the_other(toolbox: Toolbox, factory: PinFactory) -> None:
    first, second = Undo(), Undo()
    for percent, undo in ((20, first), (40, second)):
        arguments = {"device": "night light", "percent": percent}
        await toolbox.call(ToolCall("1", "set_level", arguments), undo=undo)
    assert await second.run()
    assert factory.pin(LIGHT_PIN).state == pytest.approx(0.2)
    assert await first.run()
    assert factory.pin(LIGHT_PIN).state == 0


async def test_what_somebody_else_has_changed_meanwhile_stays(
    toolbox: Toolbox, factory: PinFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    undo = Undo()
    await toolbox.call(ToolCall("1", "set_device", {"device": "Desk Lamp", "state": "on"}), undo=undo)
    await ask(toolbox, "set_device", device="Desk Lamp", state="off")
    await ask(toolbox, "set_device", device="Desk Lamp", state="on")
    assert not await undo.run()
    assert factory.pin(LAMP_PIN).state == 0, "on"
    assert '"Desk Lamp" has been changed since' in caplog.text


async def test_the_bounds_may_forbid_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clock, fan = Clock(), Pretended(name="fan")
    toolbox = Toolbox(device_tools([fan], Gate([(fan, Bounds(min_off_s=60))], now=clock, schedule=clock.schedule)))
    clock.step(60)
    await ask(toolbox, "set_device", device="fan", state="on")
    assert not await undone(toolbox, "set_device", device="fan", state="off")
    assert not fan.state.on
    assert "must stay off for at least 60 s" in caplog.text


async def test_what_somebody_else_has_asked_for_again_stays(toolbox: Toolbox, factory: PinFactory) -> None:
    first, second = Undo(), Undo()
    on = {"device": "Desk Lamp", "state": "on"}
    for undo in (first, second):
        await toolbox.call(ToolCall("1", "set_device", on), undo=undo)
    assert await second.run()
    assert await first.run()
    assert factory.pin(LAMP_PIN).state == 1, "both were taken back: off"
    first, second = Undo(), Undo()
    for undo in (first, second):
        await toolbox.call(ToolCall("1", "set_device", on), undo=undo)
    assert not await first.run()
    assert factory.pin(LAMP_PIN).state == 0, "the second still wants it on"


async def test_what_a_pin_did_before_it_failed_is_undone() -> None:
    class Failing(Pretended):
        def _write(self, level: float) -> None:
            super()._write(level)
            if level:
                raise HardwareError("the pin failed", fix="look at it")

    lamp, undo = Failing(), Undo()
    answer = await tools_for(lamp).call(ToolCall("1", "set_device", {"device": "lamp", "state": "on"}), undo=undo)
    assert answer["error"] == "the pin failed"
    assert lamp.state.on
    assert await undo.run()
    assert not lamp.state.on


async def test_who_turns_it_on_waits_for_the_gap_of_its_interlock_and_who_turns_it_off_does_not(clock: Clock) -> None:
    blind = Bounds(interlock="blind", interlock_gap_s=0.5)
    up, down = Pretended("up"), Pretended("down")
    gate = Gate([(up, blind), (down, blind)], now=clock, schedule=clock.schedule)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.step(seconds)

    toolbox = Toolbox(device_tools([up, down], gate, sleep=sleep))
    clock.step(1)
    assert (await ask(toolbox, "set_device", device="up", state="on"))["state"] == "on"
    assert (await ask(toolbox, "set_device", device="up", state="off"))["state"] == "off"
    assert (await ask(toolbox, "set_device", device="down", state="off"))["state"] == "off"
    assert slept == []
    assert (await ask(toolbox, "set_device", device="down", state="on"))["state"] == "on"
    assert slept == [0.5]
    assert "may not be on together" in (await ask(toolbox, "set_device", device="up", state="on"))["error"]
