"""Devices and inputs over gpiozero's real factory and lgpio's stand-in, in real time: from call or edge to edge.

A call counts from where the conversation has it run; what it takes to arrive is measured beside the session.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.abilities.inputs.kinds.input_kind import Source
from daemon.abilities.inputs.sensors import ROUND_S, Sensors
from daemon.abilities.inputs.settings import InputSettings
from daemon.conversation.tool_call import ToolCall
from daemon.offline.rehearsal.scenario import Scenario
from daemon.offline.rehearsal.scripted import ScriptedBrain
from daemon.offline.server import LiveServer
from daemon.sound.pcm import CAPTURE_RATE_HZ
from daemon.sound.wav import write_wav
from hardware.fake_board import Board, Pad
from hardware.header.switch_input import LOOK_S, GpioSwitch, SwitchSpec
from tests.benchmarks.test_rest import ROOT, lives, room
from tests.hardware.header.lines import process
from tests.hardware.kernel.tree import bme280, mcp3008, put, thermometer
from tests.hardware.manual_clock import ManualTimers
from tests.system.home import PATIENCE_S, home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import pytest

    from hardware.fake_board import Level
    from tests.benchmarks.figures import Figures
    from tests.system.home import Home

CALLS, TURNS = 200, 3
"""By turns, so that what else the machine does falls on both."""
EDGES = 400
TIMERS = 50
ROUNDS = 200
MANY, FEW = 25, 3
RELAY, BELL = 2, 27
APART_S = 0.045
"""Longer than a press bounces."""
SWITCHES = 5
SENSORS: list[dict[str, Any]] = [
    {"name": "balcony", "kind": "ds18b20"},
    {"name": "bedroom air", "kind": "iio", "address": "bme280"},
    {"name": "battery", "kind": "iio", "address": "mcp3008", "channel": 3, "frozen_after": 0},
    {"name": "processor", "kind": "cpu"},
]


@dataclass
class Timed(Pad):
    """When it changed, by the clock of the benchmark."""

    changed: list[float] = field(default_factory=list)

    def becomes(self, level: Level) -> None:
        before = self.seen[-1]
        super().becomes(level)
        if self.seen[-1] != before:
            self.changed.append(time.perf_counter())


@asynccontextmanager
async def flat(devices: int, models: Path, folder: Path, **tables: Any) -> AsyncIterator[tuple[Home, Board, Timed]]:
    """An appliance at rest with so many relays, on pins from RELAY on; each switch of theirs is noted before it is."""
    board, pad = Board(), Timed()
    board.pads[RELAY] = pad
    relays = [
        {"name": f"relay {number}", "kind": "relay", "pin": RELAY + number, "max_switches_per_minute": 600}
        for number in range(devices)
    ]
    server = LiveServer(ScriptedBrain(Scenario(turns=[])), certificate_dir=folder, record=False)
    with process(board) as pins:
        own = home(server, models, speed=1, state=folder / "state", pins=lambda _: pins, device=relays, **tables)
        async with server, own as here:
            yield here, board, pad


def p99(values: list[float]) -> float:
    return float(np.percentile(values, 99))


async def called_ms(devices: int, timers: int, models: Path, folder: Path) -> list[float]:
    """From each call to the edge of its pin."""
    took = []
    async with flat(devices, models, folder) as (here, _, pad):
        for number in range(timers):
            await here.appliance._parts.toolbox.call(ToolCall("t", "set_timer", {"seconds": 3600 + number}))
        pad.changed.clear()
        for number in range(CALLS):
            wanted = {"device": "relay 0", "state": ("on", "off")[number % 2]}
            began = time.perf_counter()
            here.appliance._calls.run(ToolCall(str(number), "set_device", wanted), None)
            async with asyncio.timeout(PATIENCE_S):
                while len(pad.changed) <= number:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)  # a loop that is never at rest would keep the state from being written
            took.append((pad.changed[number] - began) * 1000)
            await asyncio.sleep(0.005)
    return took


async def test_from_a_tool_call_to_the_edge_of_its_pin(
    models: Path, tmp_path_factory: pytest.TempPathFactory, figures: Figures
) -> None:
    few, many = list[float](), list[float]()
    for _ in range(TURNS):
        few += await called_ms(FEW, 0, models, tmp_path_factory.mktemp("few"))
        many += await called_ms(MANY, TIMERS, models, tmp_path_factory.mktemp("many"))
    for what, took in (("3 devices", few), ("25 devices, 50 timers", many)):
        print(f"\ncall to edge, {what}: median {np.median(took):.2f}, p99 {p99(took):.2f} ms", end="")
    print()
    figures.at_most(10, "ms", "tool call to edge, p99, 25 devices and 50 timers", p99(many))
    median = float(np.median(many) / np.median(few))
    figures.at_most(1.5, "times", "… its median to that with 3 devices and no timer", median)
    figures.at_most(1.5, "times", "… its p99 to that", p99(many) / p99(few))


async def test_from_the_edge_of_an_input_to_the_edge_of_its_relay(
    models: Path, tmp_path: Path, figures: Figures
) -> None:
    """The edge comes in another thread, as the kernel's do; the scene is set by its tool and the gate."""
    press = [{"when": "pressed", "scene": "on"}, {"when": "released", "scene": "off"}]
    bell = {"name": "bell", "kind": "button", "pin": BELL, "max_actions_per_minute": 600, "actions": press}
    scenes = [{"name": state, "steps": [{"device": "relay 0", "state": state}]} for state in ("on", "off")]
    took = []
    async with flat(MANY, models, tmp_path, scene=scenes, input=[bell]) as (_, board, pad):
        pad.changed.clear()

        def edge(level: int) -> float:
            at = time.perf_counter()
            board.drive(BELL, level)
            return at

        for number in range(EDGES):
            began = await asyncio.to_thread(edge, number % 2)
            async with asyncio.timeout(PATIENCE_S):
                while len(pad.changed) <= number:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
            took.append((pad.changed[number] - began) * 1000)
            await asyncio.sleep(APART_S)
    print(f"\nedge of an input to edge of a relay: median {np.median(took):.2f} ms of {EDGES}")
    figures.at_most(20, "ms", "edge of an input to the edge that it starts, p99", p99(took))


async def test_what_looking_after_sensors_costs_beside_the_daemon_at_rest(
    models: Path, tmp_path: Path, figures: Figures
) -> None:
    """Rounds of the sensors of a flat, and looks at its switches, in CPU of the whole process, for each second."""
    thermometer(tmp_path, "21500\n")
    bme280(tmp_path)
    mcp3008(tmp_path)
    put(tmp_path, "sys/class/thermal/thermal_zone0/temp", "48312\n")
    heard = tmp_path / "room.wav"
    write_wav(heard, await room("quiet"), CAPTURE_RATE_HZ)
    rest = sum((await lives(ROOT, heard, models, tmp_path))["cpu_ms"].values())
    rounds = await round_ms(tmp_path) / ROUND_S
    looks = SWITCHES * await look_ms() / LOOK_S
    print(f"\nat rest {rest:.1f} ms of CPU a second; sensors {rounds:.4f}, looks at {SWITCHES} switches {looks:.4f}")
    figures.at_most(0.05, "of the daemon at rest", "CPU of looking after sensors and switches", (rounds + looks) / rest)


async def round_ms(root: Path) -> float:
    """Of one round."""
    now = 0.0
    sensors = Sensors([InputSettings.model_validate(one) for one in SENSORS], Source(root), lambda: now)
    rounds = 0

    async def sleep(seconds: float) -> None:
        nonlocal now, rounds
        now += seconds
        rounds += 1
        if rounds == ROUNDS:
            raise asyncio.CancelledError

    began = time.process_time()
    await asyncio.wait([asyncio.create_task(sensors.look_after(sleep))])
    return (time.process_time() - began) * 1000 / ROUNDS


async def look_ms() -> float:
    """Of one look at a switch that does not move. It takes a running loop, and nothing of it."""
    timers = ManualTimers()
    with process(Board()) as pins:
        switch = GpioSwitch(SwitchSpec("door", 17, active_high=False), pins, later=timers)
        switch.watch(lambda _: None)
        began = time.process_time()
        timers.advance(LOOK_S * ROUNDS)
        took = time.process_time() - began
        switch.close()
    return took * 1000 / ROUNDS
