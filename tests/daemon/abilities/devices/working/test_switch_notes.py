"""A count of switches that a restart does not begin anew: noted before the pin moves, in the state file."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.counts import AHEAD_S
from daemon.abilities.devices.working.gate import Gate
from daemon.abilities.devices.working.on_times import Boot
from daemon.abilities.devices.working.switch_notes import SwitchNotes
from daemon.state.store import FILE, Store
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

MOST = 4
LIMITS = Bounds(max_switches_per_minute=MOST, keeps_count=True)
UPTIME_S = 1000.0

if TYPE_CHECKING:
    Life = Callable[[Gate, Pretended], Awaitable[None]]


class Machine:
    """Processes one after the other on one state file, whose pins are made safe by each start."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.clock = Clock(now=50_000.0)
        self.boot_id, self.began = "boot 1", self.clock.now - UPTIME_S
        with closing(sqlite3.connect(file)):
            pass

    def boot(self) -> Boot:
        return Boot(self.boot_id, self.clock.now - self.began)

    async def process(self, life: Life, lamp: Pretended | None = None, limits: Bounds = LIMITS) -> None:
        lamp = lamp or Pretended(dimmable=True)
        async with Store(self.file) as store:
            gate = Gate([(lamp, limits)], now=self.clock, schedule=self.clock.schedule)
            gate.go_on_counting(SwitchNotes(store, self.boot))
            await life(gate, lamp)
        self.clock.timers.clear()

    def power_cut(self, up_s: float) -> None:
        """Started again, and so long ago."""
        self.boot_id, self.began = f"{self.boot_id}.", self.clock.now
        self.clock.now += up_s

    def damage(self, column: str, value: object) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(f"UPDATE switches SET {column} = ?", (value,))  # noqa: S608


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    async with Store(tmp_path / FILE):
        return Machine(tmp_path / FILE)


async def on(gate: Gate) -> None:
    await gate.prepare("lamp")
    gate.switch("lamp", True)


async def flash(gate: Gate, _lamp: Pretended) -> None:
    await on(gate)
    gate.switch("lamp", False)


async def left_on(gate: Gate, _lamp: Pretended) -> None:
    await on(gate)


def refused_for(seconds: int) -> Life:
    async def life(gate: Gate, lamp: Pretended) -> None:
        with pytest.raises(Refused, match=rf"4 times a minute at most. Fix: try again in {seconds} s"):
            await on(gate)
        assert lamp.history == []

    return life


async def test_it_is_not_switched_before_that_is_noted_and_off_at_once(machine: Machine) -> None:
    async def life(gate: Gate, lamp: Pretended) -> None:
        with pytest.raises(Refused, match=r'"lamp" is not switched before that is noted. Fix: try again'):
            gate.switch("lamp", True)
        await on(gate)
        with pytest.raises(Refused, match="before that is noted"):
            gate.set_level("lamp", 0.5)
        gate.switch("lamp", False)
        assert lamp.history == [1.0, 0.0]

    await machine.process(life)


async def test_what_a_process_has_switched_counts_in_the_next(machine: Machine) -> None:
    await machine.process(flash)
    machine.clock.now += 20
    await machine.process(flash)
    machine.clock.now += 1
    await machine.process(refused_for(39))
    machine.clock.now += 39
    await machine.process(flash)


async def test_what_was_on_when_its_process_was_killed_goes_off_at_the_start(machine: Machine) -> None:
    await machine.process(flash)
    machine.clock.now += 30
    await machine.process(left_on)
    machine.clock.now += 25
    await machine.process(refused_for(5))
    machine.clock.now += 5
    await machine.process(flash)
    await machine.process(refused_for(55))


async def test_killed_between_its_note_and_its_pin_it_has_counted_too_much(machine: Machine) -> None:
    async def killed(gate: Gate, _lamp: Pretended) -> None:
        await gate.prepare("lamp")

    for _ in range(2):
        await machine.process(killed)
    await machine.process(refused_for(60))


async def test_what_another_boot_has_switched_was_before_this_one_began(machine: Machine) -> None:
    """Though the card has kept none of it, for a power cut takes what was written last."""
    machine.power_cut(up_s=25)
    await machine.process(refused_for(35))
    machine.clock.now += 35
    await machine.process(flash)


async def test_a_file_that_is_put_aside_may_have_told_of_as_many_as_there_can_be(machine: Machine) -> None:
    machine.file.write_bytes(b"no SQLite" * 1000)
    await machine.process(refused_for(60))
    machine.clock.now += 20
    await machine.process(refused_for(40))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("device", bad) for bad in ("", None, b"lamp")),
        ("boot_id", ""),
        *(
            ("at_s", bad)
            for bad in (None, "", "{}", "[true]", '["1"]', "[-1]", "[1e999]", "[NaN]", "[9e9]", "[" * 9999)
        ),
        *(("going_off", bad) for bad in ("x", None, -1)),
    ],
)
async def test_what_is_damaged_counts_as_made_now(machine: Machine, column: str, value: object) -> None:
    await machine.process(flash)
    with closing(sqlite3.connect(machine.file)) as database:
        database.executescript(
            "CREATE TABLE loose (device, boot_id, at_s, going_off); INSERT INTO loose SELECT * FROM switches;"
            "DROP TABLE switches; ALTER TABLE loose RENAME TO switches;"
        )
    machine.damage(column, value)
    machine.clock.now += 59
    await machine.process(refused_for(60))


async def test_a_start_that_turns_it_on_is_a_switch(machine: Machine) -> None:
    async def off(gate: Gate, _lamp: Pretended) -> None:
        gate.switch("lamp", False)

    for _ in range(2):
        sign = Pretended(dimmable=True)
        sign.switch(True)
        sign.history.clear()
        await machine.process(off, sign)
    await machine.process(refused_for(60))


async def test_rows_of_other_boots_go(machine: Machine) -> None:
    await machine.process(flash)
    machine.power_cut(up_s=100)

    async def none_left(_gate: Gate, _lamp: Pretended) -> None:
        """Nothing is done."""

    await machine.process(none_left)
    with closing(sqlite3.connect(machine.file)) as database:
        assert database.execute("SELECT * FROM switches").fetchall() == []


async def test_a_state_that_cannot_be_written_lets_it_only_go_off_and_is_told_once(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    async def life(gate: Gate, lamp: Pretended) -> None:
        await on(gate)
        with closing(sqlite3.connect(machine.file)) as database:
            database.execute("DROP TABLE switches")
        for _ in range(3):
            await gate.prepare("lamp")
            with pytest.raises(Refused, match=r"before that is noted. Fix: look for a full or damaged card"):
                gate.set_level("lamp", 0.5)
        gate.switch("lamp", False)
        assert lamp.history == [1.0, 0.0]

    await machine.process(life)
    assert caplog.text.count("devices with max_switches_per_minute are only turned off") == 1


async def test_one_whose_switches_are_not_kept_writes_nothing(machine: Machine) -> None:
    async def life(gate: Gate, lamp: Pretended) -> None:
        gate.switch("lamp", True)
        assert lamp.history == [1.0]

    await machine.process(life, limits=Bounds())
    with closing(sqlite3.connect(machine.file)) as database:
        assert database.execute("SELECT * FROM switches").fetchall() == []


async def test_what_is_refused_is_not_noted_and_what_only_waits_for_a_word_once(machine: Machine) -> None:
    """A model that asks a thousand times must not write a thousand times."""
    noted: list[str] = []

    class Noted(SwitchNotes):
        async def ahead(self, device: str, ages_s: Sequence[float]) -> None:
            noted.append(device)
            await super().ahead(device, ages_s)

    door, bell = Pretended("door"), Pretended("bell")
    asked = Bounds(max_switches_per_minute=MOST, keeps_count=True, confirm=True)
    rests = Bounds(max_switches_per_minute=MOST, keeps_count=True, min_off_s=90.0)
    async with Store(machine.file) as store:
        gate = Gate([(door, asked), (bell, rests)], now=machine.clock, schedule=machine.clock.schedule)
        gate.go_on_counting(Noted(store, machine.boot))
        for _ in range(5):
            with pytest.raises(Refused, match="must stay off"):
                await gate.prepare("bell")
            await gate.prepare("door")
            with pytest.raises(Refused, match="when the user has agreed"):
                gate.switch("door", True)
        assert noted == ["door"]
        machine.clock.now += AHEAD_S + 1
        await gate.prepare("door")
        assert noted == ["door", "door"], "nobody knows of one that is noted for a moment that is over"


async def test_one_that_is_being_noted_is_not_used_by_another(machine: Machine) -> None:
    async def life(gate: Gate, _lamp: Pretended) -> None:
        first = asyncio.ensure_future(gate.prepare("lamp"))
        await asyncio.sleep(0)
        await gate.prepare("lamp")
        gate.switch("lamp", True)
        await first
        gate.set_level("lamp", 0.5)
        with pytest.raises(Refused, match="before that is noted"):
            gate.set_level("lamp", 0.6)

    await machine.process(life)
