"""A model that goes to the edge: look-alikes, a thousand calls, and what a refusal named, done to the letter."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import Sensors
from daemon.abilities.inputs.settings import InputSettings
from daemon.abilities.inputs.tools import sensor_tools
from daemon.abilities.quiet.hours import Hours
from daemon.house.settings import Settings
from daemon.house.wiring import gpio_pins, wired
from daemon.tools.tool import Toolbox
from tests.daemon.abilities.devices.asking import ask
from tests.daemon.abilities.devices.together.test_members import FLAT
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MORNING = datetime(2026, 11, 22, 6, tzinfo=UTC)


def gate_of(clock: Clock, **limits: Bounds) -> Gate:
    devices = [(Pretended(name), bounds) for name, bounds in limits.items()]
    return Gate(
        devices, now=clock, schedule=clock.schedule, local=lambda: MORNING + timedelta(seconds=clock.now - START_S)
    )


START_S = Clock().now


def fix_of(gate: Gate, name: str) -> str:
    with pytest.raises(Refused) as refused:
        gate.switch(name, True)
    return refused.value.fix


def seconds_in(fix: str) -> float:
    found = re.fullmatch(r"try again in (\d+) s", fix)
    assert found, fix
    return float(found[1])


def test_after_the_seconds_that_a_refusal_names_it_is_done_and_not_a_second_before(clock: Clock) -> None:
    gate = gate_of(
        clock,
        rest=Bounds(min_off_s=7.5),
        worn=Bounds(max_switches_per_minute=2),
        up=Bounds(interlock="blind", interlock_gap_s=2.5),
        down=Bounds(interlock="blind"),
    )
    clock.step(60)
    for name, then in (("rest", "rest"), ("worn", "worn"), ("up", "down")):
        gate.switch(name, True)
        gate.switch(name, False)
        wait_s = seconds_in(fix_of(gate, then))
        clock.step(wait_s - 1)
        fix_of(gate, then)
        clock.step(1)
        gate.switch(then, True)


def test_what_a_refusal_says_to_do_first_helps(clock: Clock) -> None:
    gate = gate_of(clock, up=Bounds(interlock="blind"), down=Bounds(interlock="blind"))
    gate.switch("up", True)
    assert fix_of(gate, "down") == 'turn "up" off first'
    gate.switch("up", False)
    gate.switch("down", True)


def test_at_the_time_that_a_refusal_names_it_is_done(clock: Clock) -> None:
    gate = gate_of(clock, sign=Bounds(allowed=Hours(time(8), time(20))))
    assert fix_of(gate, "sign") == "try again at 08:00"
    clock.step(2 * 3600)
    gate.switch("sign", True)


@contextmanager
def tools_of(**device: Any) -> Iterator[Toolbox]:
    named = Settings.model_validate({"gpio": {"factory": "mock"}, "device": [{"name": "it", "pin": 17, **device}]})
    with wired(named, gpio_pins) as wiring:
        yield wiring.toolbox


@pytest.mark.parametrize(
    ("device", "tool", "argument", "wrong"),
    [
        ({"kind": "pwm", "min_level": 0.2, "max_level": 0.6}, "set_level", "percent", 90),
        ({"kind": "servo", "min_angle": -30, "max_angle": 60}, "set_angle", "degrees", 80),
    ],
)
async def test_both_ends_of_what_a_refusal_names_are_done(
    device: dict[str, Any], tool: str, argument: str, wrong: float
) -> None:
    with tools_of(**device) as toolbox:
        refused = await ask(toolbox, tool, device="it", **{argument: wrong})
        low, high = re.findall(r"-?\d+", refused["fix"])[-2:]
        for end in (low, high):
            assert (await ask(toolbox, tool, device="it", **{argument: float(end)}))["ok"]


@pytest.mark.parametrize("name", ["kitchen lіght", "kitchen\u200blight", "KITCHEN LIGHT ON", ""])
async def test_a_look_alike_is_none_of_the_names(name: str) -> None:
    with wired(FLAT, gpio_pins) as wiring:
        for tool, arguments in (
            ("set_device", {"device": name, "state": "on"}),
            ("set_group", {"group": name, "state": "on"}),
            ("set_scene", {"scene": name}),
            ("read_sensor", {"sensor": name}),
        ):
            answer = await ask(wiring.toolbox, tool, **arguments)
            assert ("ok" in answer, bool(answer["fix"])) == (False, True)
        states = (await ask(wiring.toolbox, "list_devices"))["devices"]
        assert [row["device"] for row in states if row["state"] == "on"] == ["fridge"]


async def test_a_thousand_calls_in_a_moment_move_no_oftener_than_they_may(clock: Clock) -> None:
    lamp = Pretended("lamp")
    gate = Gate([(lamp, Bounds(max_switches_per_minute=6))], now=clock, schedule=clock.schedule)
    toolbox = Toolbox(device_tools([lamp], gate))
    answers = [await ask(toolbox, "set_device", device="lamp", state=("on", "off")[n % 2]) for n in range(1000)]
    assert sum("error" in answer for answer in answers) == 497
    assert len(gate._guarded["lamp"].changes) == 6


async def test_a_thousand_questions_in_a_moment_are_one_reading(tmp_path: Path) -> None:
    asked = [InputSettings.model_validate({"name": "garden", "kind": "ds18b20"})]
    toolbox = Toolbox(sensor_tools(asked, {}, Sensors(asked, Source(tmp_path), lambda: 100.0)))
    answers = [await ask(toolbox, "read_sensor", sensor="garden") for _ in range(1000)]
    assert {answer["error"] for answer in answers} == {'"garden" is not there'}
