"""A longest on-time that a restart does not begin anew: noted before the pin moves, in the state file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.gate import REST_S, Gate
from daemon.abilities.devices.working.on_times import Boot, OnTimes
from daemon.state.store import FILE, Store
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

LONGEST_S = 600.0


class Machine:
    """Processes one after the other on one state file and one boot clock."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.clock = Clock()
        self.boot_id = "boot 1"

    async def process(self, life: Callable[[Gate, Pretended], Awaitable[None]], **limits: float) -> Pretended:
        """It ends by being killed: what was on is on until the next begins, which makes it safe."""
        lamp = Pretended()
        async with Store(self.file) as store:
            gate = Gate([(lamp, Bounds(max_on_s=LONGEST_S, **limits))], now=self.clock, schedule=self.clock.schedule)
            gate.remember(OnTimes(store, lambda: Boot(self.boot_id, self.clock.now)))
            await life(gate, lamp)
        self.clock.timers.clear()
        return lamp


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / FILE)


async def turn_on(gate: Gate) -> None:
    await gate.prepare("lamp")
    gate.switch("lamp", True)


async def test_it_is_not_turned_on_before_that_is_noted(machine: Machine) -> None:
    async def life(gate: Gate, lamp: Pretended) -> None:
        with pytest.raises(Refused, match=r'"lamp" is not turned on before that is noted'):
            gate.switch("lamp", True)
        assert lamp.history == []
        await turn_on(gate)

    await machine.process(life)


async def test_after_a_kill_what_is_left_of_its_time_is_left(machine: Machine) -> None:
    async def first(gate: Gate, _lamp: Pretended) -> None:
        await turn_on(gate)
        machine.clock.step(400)

    async def second(gate: Gate, _lamp: Pretended) -> None:
        machine.clock.step(10)
        await turn_on(gate)
        assert gate.seconds_left("lamp") == 200
        machine.clock.step(100)

    async def third(gate: Gate, lamp: Pretended) -> None:
        await turn_on(gate)
        machine.clock.step(99)
        assert lamp.state.on
        machine.clock.step(1)
        assert not lamp.state.on
        await turn_on(gate)
        assert gate.seconds_left("lamp") == LONGEST_S, "it was turned off: a new time begins"

    for life in (first, second, third):
        await machine.process(life)


async def test_one_whose_time_was_over_has_to_rest_and_then_begins_anew(machine: Machine) -> None:
    async def first(gate: Gate, _lamp: Pretended) -> None:
        await turn_on(gate)
        machine.clock.step(300)

    async def second(gate: Gate, lamp: Pretended) -> None:
        with pytest.raises(Refused, match=r'"lamp" was on for 600 s, .*Fix: try again in 60 s'):
            await turn_on(gate)
        assert lamp.history == []
        gate.settle("lamp")
        machine.clock.step(REST_S)
        await turn_on(gate)
        assert gate.seconds_left("lamp") == LONGEST_S

    await machine.process(first)
    machine.clock.now += 3600
    await machine.process(second)


async def test_of_another_boot_nobody_knows_how_long_it_was(machine: Machine) -> None:
    async def first(gate: Gate, _lamp: Pretended) -> None:
        await turn_on(gate)

    async def second(gate: Gate, _lamp: Pretended) -> None:
        with pytest.raises(Refused, match="its longest time"):
            await turn_on(gate)

    await machine.process(first)
    machine.boot_id = "boot 2"
    await machine.process(second)


async def test_what_was_turned_off_or_refused_is_noted_no_more(machine: Machine) -> None:
    async def first(gate: Gate, _lamp: Pretended) -> None:
        machine.clock.step(30)
        await turn_on(gate)
        machine.clock.step(300)
        gate.switch("lamp", False)
        with pytest.raises(Refused, match="must stay off"):
            await gate.prepare("lamp")
        with pytest.raises(Refused, match="must stay off"):
            gate.switch("lamp", True)
        gate.settle("lamp")

    async def second(gate: Gate, _lamp: Pretended) -> None:
        machine.clock.step(30)
        await turn_on(gate)
        assert gate.seconds_left("lamp") == LONGEST_S

    await machine.process(first, min_off_s=20.0)
    machine.clock.now += 20
    await machine.process(second)


async def test_a_state_file_that_cannot_be_written_keeps_it_off(machine: Machine) -> None:
    store = Store(machine.file)
    lamp, gate = Pretended(), None
    async with store:
        gate = Gate([(lamp, Bounds(max_on_s=LONGEST_S))], now=machine.clock, schedule=machine.clock.schedule)
        gate.remember(OnTimes(store, lambda: Boot("b", 0.0)))
    with pytest.raises(Exception, match="the state file is too slow"):
        await gate.prepare("lamp")
    with pytest.raises(Refused):
        gate.switch("lamp", True)
    assert lamp.history == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("boot_id", ""), ("boot_id", b"\xff"), ("since_s", "x"), ("since_s", -1), ("since_s", 1e9), ("used_s", 1e300)],
)
async def test_what_is_damaged_counts_as_used(machine: Machine, column: str, value: object) -> None:
    """Left out, it would let the device be on for twice its longest time."""

    async def life(gate: Gate, _lamp: Pretended) -> None:
        await turn_on(gate)

    async def none_is_left(gate: Gate, _lamp: Pretended) -> None:
        with pytest.raises(Refused):
            await turn_on(gate)
        with pytest.raises(Refused):
            gate.switch("lamp", True)

    await machine.process(life)
    with sqlite3.connect(machine.file) as database:
        database.execute(f"UPDATE on_times SET {column} = ?", (value,))  # noqa: S608
    database.close()
    await machine.process(none_is_left)
