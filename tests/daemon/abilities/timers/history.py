"""A household over some days, drawn from a seed, and everything done to its clocks, its zone and its power.

Whatever a look of the keeper brings about is compared with what `owed` says that it must, and how soon it looks again
with what comes next: so nothing is lost, nothing comes twice, and nothing later than a tick.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tests.daemon.abilities.timers.owed import Debts, Owed, Walls, first_shown
from tests.daemon.abilities.timers.time_machine import START_S, HandClocks, PowerCut
from tests.daemon.abilities.timers.working_house import WorkingHouse

if TYPE_CHECKING:
    from collections.abc import Mapping

ZONES: Final = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Auckland")
DEVICES: Final = tuple(f"fan{number}" for number in range(10))
RING_S: Final = 120.0
LONGEST_WAIT_S: Final = 30.0
"""Between two looks: nothing is later than that."""
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEPS_S: Final = (-3_600, 3_600, -1_800, 1_500, 86_400, -86_400, 21 * 86_400, 45, -45)


def turns_of(zone: str) -> list[float]:
    """The instants of a year at which the clocks are changed, which is at a whole minute."""
    place, day_s, minute_s = ZoneInfo(zone), 86_400, 60
    days = [int(START_S) // day_s * day_s + day * day_s for day in range(2, 367)]
    found: list[float] = []
    for day in days:
        before, after = (datetime.fromtimestamp(at, place).utcoffset() for at in (day, day + day_s))
        if before != after:
            minutes = range(day, day + day_s, minute_s)
            found += [next(at for at in minutes if datetime.fromtimestamp(at, place).utcoffset() == after)]
    return found


def changes_of(zone: str) -> list[float]:
    """Two days before each change of the clocks in a year."""
    return [turn_s - 2 * 86_400 for turn_s in turns_of(zone)]


@dataclass(frozen=True)
class Called:
    """What came of a call. If the process was `killed` at the write, that was made or not: what is on paper counts."""

    answer: Mapping[str, Any]
    written: bool
    killed: bool
    number: int  # of what is new on paper


class Story:
    """What happens is drawn; what must come of it is kept in `debts`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a story, no secret
        zone = self.random.choice(ZONES)
        wall_s = START_S + self.random.randrange(0, 365 * 86_400)
        if self.random.random() < 0.6:  # close to a night in which the clocks are changed
            wall_s = self.random.choice(changes_of(zone)) + self.random.randrange(0, 3 * 86_400)
        self.house = WorkingHouse(HandClocks(wall_s=wall_s, zone=zone), ring_s=RING_S, devices=DEVICES)
        self.debts = Debts(RING_S)
        self.log: list[str] = []
        self._true_s = 0.0  # at the beginning of this boot, less what its clock showed
        self._clock_at_look: tuple[object, ...] | None = None
        self._answers: dict[int, float] = {}  # when somebody will stop what rings
        self._seen_rings = self._seen_told = self._seen_acts = 0
        self._words = 0
        self._ever: dict[int, str] = {}
        self._unheard: set[str] = set()

    @property
    def now_s(self) -> float:
        """The true time."""
        return self._true_s + self.house.clocks.boot_s

    # What happens

    async def happens(self) -> None:
        events = [
            *(self._set_timer, self._set_reminder, self._set_alarm, self._set_alarm, self._plan),
            *[self._change] * 7,
            *(self._pass, self._pass, self._pass, self._sleep, self._step, self._step),
            *(self._travel, self._restart, self._reboot, self._cut_at_look),
        ]
        await self.random.choice(events)()

    async def ends(self) -> None:
        """What does not repeat comes about now if it did not before."""
        for owed in list(self.debts.owed.values()):
            if owed.phase == "paused":
                await self._call("change_timer", which=str(owed.number), change="resume", kills=False)
                self._changed(owed, "resume", 0)
            elif owed.walls and owed.walls.repeats:
                await self._call("change_timer", which=str(owed.number), change="cancel", kills=False)
                self.debts.owed.pop(owed.number, None)
        for count in range(120):
            if not self.debts.owed:
                break
            self.house.clocks.passes(self.random.randrange(1, 1_500 if count < 40 else 40_000))  # suspended, mostly
            await self._look()
        assert not self.debts.owed, f"lost: {self.debts.owed}"
        assert not self.house.paper.entries

    async def _set_timer(self) -> None:
        word, seconds = self._word(), self.random.randrange(1, 7_200)
        await self._ask("set_timer", Owed(0, "timer", word), seconds=seconds, name=word)

    async def _set_reminder(self) -> None:
        word = self._word()
        if self.random.random() < 0.5:
            await self._ask(
                "set_reminder", Owed(0, "reminder", word), seconds=self.random.randrange(1, 7_200), text=word
            )
        else:
            await self._ask_at("set_reminder", Owed(0, "reminder", word), text=word)

    async def _set_alarm(self) -> None:
        word = self._word()
        await self._ask_at("set_alarm", Owed(0, "alarm", word), name=word)

    async def _plan(self) -> None:
        free = [name for name in DEVICES if name not in {owed.word for owed in self.debts.owed.values()}]
        if not free:
            return
        plan = {"device": free[0], "state": "on"}
        if self.random.random() < 0.5:
            await self._ask("plan_device", Owed(0, "action", free[0]), seconds=self.random.randrange(1, 7_200), **plan)
        else:
            await self._ask_at("plan_device", Owed(0, "action", free[0]), **plan)

    def _word(self) -> str:
        self._words += 1
        return f"w{self._words}w"

    async def _ask_at(self, tool: str, owed: Owed, **arguments: Any) -> None:
        """At a time of the wall clock: in the next hours, or in the night in which they are changed."""
        at = (self.house.clocks.now().shown + timedelta(minutes=self.random.randrange(1, 400))).replace(second=0)
        at = at.replace(microsecond=0)
        rule, days, every, count = "", frozenset[int](), 1, None
        match self.random.randrange(4):
            case 1:
                rule, days = "FREQ=DAILY", frozenset(range(7))
            case 2:
                days = frozenset(self.random.sample(range(7), self.random.randrange(1, 6)))
                rule = "FREQ=WEEKLY;BYDAY=" + ",".join(DAYS[day] for day in sorted(days))
            case 3:
                every, count = self.random.randrange(1, 4), self.random.randrange(2, 5)
                rule = f"FREQ=DAILY;INTERVAL={every};COUNT={count}"
        walls = Walls(at, days, every, count)
        await self._ask(tool, replace(owed, walls=walls), at=at.isoformat(timespec="minutes"), repeat=rule, **arguments)

    async def _ask(self, tool: str, owed: Owed, **arguments: Any) -> None:
        """What is on paper is owed."""
        called = await self._call(tool, **arguments)
        if called.written:
            self._owe(replace(owed, number=called.number), arguments.get("seconds", 0))
        elif not called.killed:
            assert owed.walls, called
            now = self.house.keeper.now()
            assert not now.trusted or first_shown(owed.walls.start, now.zone) <= now.wall_s, called
        await self._after(called)

    def _owe(self, owed: Owed, seconds: float) -> None:
        if owed.walls:
            owed = owed.after(self.house.keeper.now())
        else:
            owed = replace(owed, due=self.now_s + seconds, boot=self.house.clocks.boot)
        self.debts.owed[owed.number] = owed

    async def _change(self) -> None:
        """Of one that is there: pause, resume, extend, snooze, skip, cancel, as fits."""
        if not self.debts.owed:
            return
        await self._look()
        if not self.debts.owed:
            return
        owed = self.random.choice(list(self.debts.owed.values()))
        change, seconds = self._fitting(owed), self.random.randrange(30, 1_200)
        called = await self._call("change_timer", which=str(owed.number), change=change, seconds=seconds)
        assert called.written or called.killed, called
        if called.written:
            self._changed(self.debts.owed[owed.number], change, seconds)
        await self._after(called)

    def _fitting(self, owed: Owed) -> str:
        fits = ["cancel"]
        known = owed.left_s(self.now_s, self.house.clocks.boot, self.house.keeper.now()) is not None
        if owed.phase == "waits" and not owed.walls and known:
            fits += ["pause", "pause", "extend"]
        if owed.phase == "paused":
            fits += ["resume", "resume", "resume", "extend"]
        if owed.phase == "rings":
            fits += ["snooze", "snooze", "snooze"]
        if owed.walls and owed.walls.repeats and owed.next and owed.phase == "waits":
            fits += ["skip_next", "skip_next"]
        return self.random.choice(fits)

    def _changed(self, owed: Owed, change: str, seconds: float) -> None:
        """What it is now that the change was confirmed."""
        here: dict[str, Any] = {"boot": self.house.clocks.boot}
        match change:
            case "cancel":
                del self.debts.owed[owed.number]
                return
            case "pause":
                assert owed.due is not None
                now = replace(owed, phase="paused", left=owed.due - self.now_s, due=None)
            case "resume":
                now = replace(owed, phase="waits", due=self.now_s + owed.left, **here)
            case "extend" if owed.phase == "paused":
                now = replace(owed, left=owed.left + seconds)
            case "extend":
                assert owed.due is not None
                now = replace(owed, due=owed.due + seconds, **here)
            case "snooze":
                now = replace(owed, phase="snoozed", due=self.now_s + seconds, begun=False, **here)
            case _:
                assert owed.next
                now = replace(owed, spent=owed.spent | {owed.next}).after(self.house.keeper.now())
                if now.next is None:
                    del self.debts.owed[owed.number]
                    return
        self.debts.owed[owed.number] = now

    async def _call(self, tool: str, /, *, kills: bool = True, **arguments: Any) -> Called:
        """After a look, so that what a call finds is what was expected. Some are killed at what they write."""
        await self._look()
        paper, drawn = self.house.paper, self.random.random() if kills else 1.0
        paper.cut_before, paper.cut_after = armed = drawn < 0.1, 0.1 <= drawn < 0.2
        numbers = {*paper.entries}
        answer = await self.house.call(tool, **arguments)
        killed = armed != (paper.cut_before, paper.cut_after)
        paper.cut_before = paper.cut_after = False
        ended = f"killed {'before' if armed[0] else 'after'} it was written" if killed else str(answer)
        self.log.append(f"{self.now_s:.0f} {self.house.clocks.now().shown} {tool} {arguments} -> {ended}")
        assert not (killed and answer.get("ok")), self.log[-1]
        written = armed[1] if killed else "error" not in answer
        return Called(answer, written, killed, max({*paper.entries} - numbers, default=0))

    async def _after(self, called: Called) -> None:
        """Another process takes the place of one that was killed."""
        if called.killed:
            self._start()
            await self._look()

    async def _pass(self, seconds: float = 0) -> None:
        """Time goes by, and the keeper looks when it said that it would."""
        until = self.now_s + (seconds or self.random.randrange(1, 2_000))
        while (wait_s := await self._look()) is not None and self.now_s + wait_s < until:
            self.house.clocks.passes(wait_s)
        self.house.clocks.passes(max(0.0, until - self.now_s))
        await self._look()

    async def _sleep(self) -> None:
        """The machine is suspended; both clocks go on."""
        self.house.clocks.passes(self.random.choice([20, 200, 700, 4_000, 30_000, 86_400]))
        await self._pass(LONGEST_WAIT_S)

    async def _step(self) -> None:
        """Somebody sets the clock."""
        self.house.clocks.wall_s += self.random.choice(STEPS_S)
        await self._pass(LONGEST_WAIT_S + 1)

    async def _travel(self) -> None:
        self.house.clocks.zone = self.random.choice(ZONES)
        await self._pass(LONGEST_WAIT_S + 1)

    async def _restart(self) -> None:
        """Of the process alone, by a kill: what rings goes on."""
        self.house.clocks.passes(self.random.choice([1, 5, 100, 1_000]))
        self._start()
        await self._look()

    def _start(self) -> None:
        self.log.append(f"{self.now_s:.0f} restart")
        self.house.dies()
        self.house.start()
        self.debts.restarted()
        self._answers.clear()
        self._clock_at_look = None

    async def _reboot(self) -> None:
        """The power is cut; the clock is right at once, or what it was at the cut until the network sets it."""
        off_s = self.random.choice([10, 60, 400, 4_000, 40_000, 200_000])
        true_s = self.now_s + off_s
        knows = self.random.random() < 0.5
        self.house.clocks.reboots(off_s if knows else 0)
        self._true_s = true_s - self.house.clocks.boot_s
        self.house.clocks.synchronised = knows
        self._start()
        if not knows:
            await self._pass(self.random.randrange(1, 500))
            self.house.clocks.wall_s += off_s
            self.house.clocks.synchronised = True
        await self._pass(LONGEST_WAIT_S + 1)

    async def _cut_at_look(self) -> None:
        """The process is killed before or just after it has written what it found; it has told that by then."""
        for _ in range(self.random.randrange(1, 200)):
            before = self.random.random() < 0.5
            self.house.paper.cut_before, self.house.paper.cut_after = before, not before
            debts = self.debts.copy()
            try:
                wait_s = await self._look()
            except PowerCut:
                self.log.append(f"{self.now_s:.0f} killed {'before' if before else 'after'} a write")
                self.debts = debts if before else self.debts
                self._seen_told, self._unheard = len(self.house.told), set()
                assert len(self.house.rang) == self._seen_rings
                self._start()
                await self._look()
                return
            finally:
                self.house.paper.cut_before = self.house.paper.cut_after = False
            self.house.clocks.passes(LONGEST_WAIT_S if wait_s is None else wait_s)

    # What came of it

    async def _look(self) -> float | None:
        """One look of the keeper's, and what it brought about; how long until the next."""
        self._stop_some()
        clocks = self.house.clocks
        now = self.house.keeper.now()
        clock = (round(now.offset_s), now.zone, now.trusted)
        anew = clock != self._clock_at_look
        self._clock_at_look = clock if self.debts.owed else None
        self._ever |= {number: owed.word for number, owed in self.debts.owed.items()}
        expected = self.debts.look(self.now_s, clocks.boot, now, anew=anew)
        wait_s = await self.house.keeper.look()
        await self._compare(expected)
        for verdict, number in expected:
            if verdict == "ring":
                self._answers[number] = self.now_s + self.random.choice([1, 20, 60, 500])
        self._heed(wait_s, now)
        if any(verdict == "act" for verdict, _ in expected):
            self.debts.ended({number for verdict, number in expected if verdict == "act"})
            return await self._look()
        return wait_s

    def _stop_some(self) -> None:
        """Somebody stops what rings, or nobody does for as long as it may."""
        ringing = {int(id_) for id_ in self.house.ringing}
        self._answers = {number: at for number, at in self._answers.items() if number in ringing}
        if any(at <= self.now_s for at in self._answers.values()):
            unheard = max(self.now_s - (self.debts.owed[number].due or 0) for number in ringing) >= RING_S
            self.house.stop(answered=not unheard)
            self._unheard = {self.debts.owed[number].word for number in ringing} if unheard else set()
            self.debts.ended(ringing)
            self._answers.clear()

    async def _compare(self, expected: list[tuple[str, int]]) -> None:
        rang = sorted(int(id_) for id_, _ in self.house.rang[self._seen_rings :])
        self._seen_rings = len(self.house.rang)
        assert rang == sorted(number for verdict, number in expected if verdict == "ring"), self._why(expected)
        self._tell(expected)
        await self.house.act()
        acted = sorted(device for device, _ in self.house.acted[self._seen_acts :])
        self._seen_acts = len(self.house.acted)
        assert acted == sorted(self._ever[number] for verdict, number in expected if verdict == "act"), self._why(
            expected
        )

    def _tell(self, expected: list[tuple[str, int]]) -> None:
        told, self._seen_told = self.house.told[self._seen_told :], len(self.house.told)
        told = [text for text in told if not text.startswith("Done as planned")]
        heard = sorted(re.findall(r"\bw\d+w\b|\bfan\d\b", " ".join(told)))
        unheard, self._unheard = self._unheard, set()
        due = [self._ever[number] for verdict, number in expected if verdict == "tell"]
        assert heard == sorted([*due, *unheard]), self._why(expected)

    def _heed(self, wait_s: float | None, now: Any) -> None:
        """It looks again in time for what comes next."""
        waiting = [owed for owed in self.debts.owed.values() if owed.phase != "paused" and not owed.begun]
        if not waiting:
            return
        assert wait_s is not None, self._why([])
        assert wait_s <= LONGEST_WAIT_S
        for owed in waiting:
            left = owed.left_s(self.now_s, self.house.clocks.boot, now)
            assert left is None or wait_s <= max(left, 0) + 0.002, self._why([])
            if owed.next and now.trusted and owed.phase == "waits":
                assert wait_s <= max(first_shown(owed.next, now.zone) - now.wall_s, 0) + 0.002, self._why([])

    def _why(self, expected: list[tuple[str, int]]) -> str:
        now = self.house.keeper.now()
        return "\n".join(
            [
                *self.log[-25:],
                f"at {self.now_s:.0f}, shown {now.shown} {now.zone_name} trusted {now.trusted}",
                f"expected {expected}",
                *map(str, self.debts.owed.values()),
                "kept",
                *map(str, self.house.keeper.entries.values()),
                str(self.house.told[-3:]),
            ]
        )
