"""Promise 6: no sequence of calls, steps of the clocks, restarts and kills breaks a limit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from daemon.abilities.devices.working.bounds import RATE_WINDOW_S, Refused
from daemon.abilities.devices.working.gate import REST_S, WATCH_S, Gate
from daemon.abilities.devices.working.on_times import Boot
from daemon.abilities.devices.working.switch_notes import SwitchNotes
from daemon.abilities.quiet.hours import Hours
from daemon.state.rows import connected
from daemon.state.state_file import StateError
from daemon.state.versions import bring_up_to_date
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from daemon.state.rows import Table
    from daemon.state.store import Store

HOURS = Hours(time(8), time(20))
LONGEST_S, REST_OFF_S, GAP_S, RATE = 100.0, 7.0, 3.0, 6
LIMITS = {
    "up": Bounds(interlock="blind", interlock_gap_s=GAP_S, max_on_s=LONGEST_S, min_off_s=REST_OFF_S),
    "down": Bounds(interlock="blind", max_switches_per_minute=RATE, keeps_count=True),
    "dimmer": Bounds(max_switches_per_minute=RATE, keeps_count=True),
    "sign": Bounds(allowed=HOURS),
    "fridge": Bounds(read_only=True),
    "door": Bounds(confirm=True, max_on_s=3.0),
}
COUNTED = ("down", "dimmer")
STEP_S = 1.0
NAMES = st.sampled_from(sorted(LIMITS))


def at_once(work: Coroutine[Any, Any, None]) -> None:
    """Carry it out, as the ledger below never waits; who is refused may still try."""
    with suppress(StopIteration, Refused):
        work.send(None)


@dataclass
class Kept:
    """A ledger that outlives processes, on the boot clock that they share."""

    clock: Clock
    rows: dict[str, tuple[float, float]] = field(default_factory=dict)

    async def begin(self, device: str, used_s: float) -> None:
        self.rows[device] = (self.clock.now, used_s)

    def end(self, device: str) -> None:
        self.rows.pop(device, None)


@dataclass
class Left(Kept):
    """… as one process finds it."""

    def __post_init__(self) -> None:
        self.found = dict(self.rows)

    def used_s(self, device: str, longest_s: float) -> float:
        since, used = self.found.get(device, (self.clock.now, 0.0))
        return min(longest_s, used + self.clock.now - since)


class Card:
    """A state file at once and in one thread, of which a power cut takes what was written last."""

    def __init__(self) -> None:
        self.database = connected(":memory:", 0)
        bring_up_to_date(self.database)
        self.begun_anew = False
        self.full = False
        self.safe = self.database.serialize()

    def rows(self, query: str) -> list[Any]:
        return self.database.execute(query).fetchall()

    def read(self, table: Table[Any]) -> list[Any]:
        return table.read(self.database).rows

    def write(self, statement: str, values: tuple[Any, ...]) -> None:
        if not self.full:
            with self.database:
                self.database.execute(statement, values)

    async def run(self, work: Callable[[Any], None]) -> None:
        if self.full:
            raise StateError("the card is full", fix="make room")
        work(self.database)

    def flush(self) -> None:
        self.safe = self.database.serialize()

    def cut(self) -> None:
        self.database.deserialize(self.safe)


@dataclass
class Told(Pretended):
    """One that notes when it was turned on and off, or set to another level."""

    clock: Clock = field(default_factory=Clock)
    turned: list[tuple[float, bool]] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)

    def _write(self, level: float) -> None:
        was = self.state
        super()._write(level)
        if self.state.on != was.on:
            self.turned.append((self.clock.now, self.state.on))
        if self.state != was and (self.state.on or was.on):
            self.changed.append(self.clock.now)


class Household(RuleBasedStateMachine):
    """Everything that may be done to some devices, each with limits of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.noon = datetime(2026, 11, 22, 12, tzinfo=UTC) - timedelta(seconds=self.clock.now)
        self.offset_s = 0.0
        self.outside_since: float | None = None
        self.agreed = False
        self.unagreed = 0
        self.kept: dict[str, tuple[float, float]] = {}
        self.spells: dict[str, float] = {}  # how long each has been on without an end
        self.restarted_at: dict[str, float] = {}  # when a restart turned it off
        self.looked_at = self.clock.now
        self.outputs = {name: Told(name, name == "dimmer", clock=self.clock) for name in LIMITS}
        self.card = Card()
        self.boots, self.booted = 1, self.clock.now - 300.0
        self.start()

    def teardown(self) -> None:
        self.card.database.close()

    def boot(self) -> Boot:
        return Boot(str(self.boots), self.clock.now - self.booted)

    def start(self) -> None:
        ledger = Left(self.clock, self.kept)
        devices = [(self.outputs[name], limits) for name, limits in LIMITS.items()]
        self.gate = Gate(
            devices,
            now=self.clock,
            schedule=self.clock.schedule,
            local=lambda: self.noon + timedelta(seconds=self.clock.now + self.offset_s),
            consent=lambda *_: self.agreed,
        )
        self.gate.remember(ledger)
        self.gate.go_on_counting(SwitchNotes(cast("Store", self.card), self.boot))

    def advance(self, seconds: float) -> None:
        """By steps so small that no breach between them is missed."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.step(min(STEP_S, end - self.clock.now))
            self.look()

    @rule(name=NAMES, on=st.booleans())
    def switch(self, name: str, on: bool) -> None:
        before = self.outputs[name].state.on
        at_once(self.gate.prepare(name))
        with suppress(Refused):
            self.gate.switch(name, on)
        self.gate.settle(name)
        if name == "door" and on and not before and self.outputs[name].state.on:
            self.unagreed += not self.agreed
        self.look()

    @rule(name=NAMES)
    def switch_unprepared(self, name: str) -> None:
        was = self.outputs[name].state.on
        with suppress(Refused):
            self.gate.switch(name, True)
        if LIMITS[name].max_on_s and not was:
            assert not self.outputs[name].state.on
        if name == "door" and not was and self.outputs[name].state.on:
            self.unagreed += not self.agreed
        self.look()

    @rule(notes=st.integers(0, 3), changes=st.integers(0, 5), killed=st.booleans())
    def dim(self, notes: int, changes: int, killed: bool) -> None:
        """Calls that overlap: each is noted before one is made, and some are not noted at all."""
        for _ in range(notes):
            at_once(self.gate.prepare("dimmer"))
        for number in range(changes):
            with suppress(Refused):
                self.gate.set_level("dimmer", 0.2 + number / 10)
        if killed:
            self.restart()
        self.look()

    @rule()
    def dim_again_and_again(self) -> None:
        for _ in range(RATE):
            self.dim(1, 3, killed=True)

    @rule()
    def dimmed_to_nothing(self) -> None:
        self.gate.set_level("dimmer", 0.0)

    @rule(times=st.integers(1, 4), name=st.sampled_from(COUNTED))
    def switched_and_killed(self, times: int, name: str) -> None:
        for _ in range(times):
            self.switch(name, on=True)
            self.switch(name, on=False)
        self.switch(name, on=True)
        self.restart()

    @rule(full=st.booleans())
    def card_full(self, full: bool) -> None:
        self.card.full = full

    @rule()
    def card_flushed(self) -> None:
        self.card.flush()

    @rule(up_s=st.sampled_from((0.5, 25.0, 61.0)), flushed=st.booleans())
    def power_cut(self, up_s: float, flushed: bool) -> None:
        """What was on goes off by itself; the longest on-time is told of by another card here."""
        if flushed:
            self.card.flush()
        self.all_off()
        self.card.cut()
        self.boots, self.booted = self.boots + 1, self.clock.now
        self.clock.now += up_s
        self.start()
        self.look()

    @rule(name=NAMES)
    def killed_between_note_and_pin(self, name: str) -> None:
        at_once(self.gate.prepare(name))
        self.restart()

    @rule(name=NAMES, seconds=st.sampled_from((0.5, 2.0)))
    def pulsed(self, name: str, seconds: float) -> None:
        with suppress(Refused), self.gate.held(name, times=2, seconds=seconds, pause_s=8.0) as hold:
            for on in (True, False, True, False):
                at_once(self.gate.prepare(name))
                self.gate.switch(name, on, hold)
                self.advance(seconds if on else 8.0)
                if hold.ended:
                    break
        self.gate.settle(name)

    @rule(seconds=st.sampled_from((1.0, 6.0, 30.0, 61.0, 99.0)))
    def wait(self, seconds: float) -> None:
        self.advance(seconds)

    @rule(seconds=st.sampled_from((50.0, 99.0)))
    def killed_while_it_is_on(self, seconds: float) -> None:
        for _ in range(2):
            self.advance(REST_OFF_S)
            self.switch("down", on=False)
            self.switch("up", on=True)
            self.advance(seconds)
            self.restart()

    @rule()
    def at_night(self) -> None:
        shown = self.noon + timedelta(seconds=self.clock.now + self.offset_s)
        self.offset_s += (23 - shown.hour) * 3600.0
        self.switch("sign", on=True)
        self.advance(WATCH_S + STEP_S)

    @rule(hours=st.sampled_from((-9, -1, 1, 9)))
    def clock_set(self, hours: int) -> None:
        self.offset_s += hours * 3600.0

    @rule(agreed=st.booleans())
    def word(self, agreed: bool) -> None:
        self.agreed = agreed

    @rule()
    def restart(self) -> None:
        """Killed; the next process makes everything safe at once."""
        self.all_off()
        self.start()
        self.look()

    def all_off(self) -> None:
        self.clock.timers.clear()
        for output in self.outputs.values():
            if output.state.on:
                output._write(0.0)
                self.restarted_at[output.name] = self.clock.now

    @invariant()
    def look(self) -> None:
        now = self.clock.now
        on = {name for name, output in self.outputs.items() if output.state.on}
        assert not {"up", "down"} <= on
        assert self.outputs["fridge"].turned == []
        assert self.unagreed == 0
        self.look_at_hours(now, "sign" in on)
        for name in ("up", "door"):
            self.look_at_spell(now, name, name in on)
        self.looked_at = now
        self.look_at_gap("up", "down")
        self.look_at_gap("down", "up")
        for name in COUNTED:
            assert sum(at > now - RATE_WINDOW_S for at in self.outputs[name].changed) <= RATE

    def look_at_gap(self, first: str, then: str) -> None:
        went_off = [at for at, on in self.outputs[first].turned if not on]
        came_on = [at for at, on in self.outputs[then].turned if on]
        assert not any(0 <= on - off < GAP_S for off in went_off for on in came_on)

    def look_at_hours(self, now: float, on: bool) -> None:
        within = HOURS.hold((self.noon + timedelta(seconds=now + self.offset_s)).time())
        self.outside_since = None if within or not on else self.outside_since or now
        assert self.outside_since is None or now - self.outside_since <= WATCH_S

    def look_at_spell(self, now: float, name: str, on: bool) -> None:
        """A longest on-time, in which the blink of a restart is no end; looked at each second."""
        if on:
            self.spells[name] = self.spells.get(name, 0.0) + now - self.looked_at
            self.restarted_at.pop(name, None)
            assert self.spells[name] <= LIMITS[name].max_on_s + STEP_S
        elif now - self.restarted_at.get(name, now - REST_S) >= REST_S:
            self.spells[name] = 0.0
        if rest_s := LIMITS[name].min_off_s:
            turned = self.outputs[name].turned
            assert all(b - a >= rest_s for (a, was), (b, _) in pairwise(turned) if not was)


TestPromise = Household.TestCase
TestPromise.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
