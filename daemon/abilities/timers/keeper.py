"""Keeps what was asked for, brings it about in its time, and writes down each change before it shows.

It looks at the clocks when something is due, and every half minute while anything waits: somebody may set the wall
clock or the zone, and the loop's own clock stands still while the machine is suspended. With nothing that waits it
does not wake at all.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from daemon.abilities.timers.coming_due import begun_before, come_due, planned_anew, rested
from daemon.abilities.timers.looking_ahead import WARNING_S, rings_soon, wait_s, worded_soon
from daemon.abilities.timers.now import STEP_S
from daemon.abilities.timers.occurrences import Walked, walked
from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.spoken import missed_words
from daemon.conversation.events import RingDue, RingWithdrawn
from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from datetime import datetime

    from daemon.abilities.timers.coming_due import Outcome
    from daemon.abilities.timers.doings import Doings
    from daemon.abilities.timers.entry import Entry, Schedule
    from daemon.abilities.timers.now import Clocks, Now
    from daemon.abilities.timers.overdue import Patience
    from daemon.abilities.timers.ring_words import RingWords
    from daemon.conversation.events import Event
    from daemon.sound.pcm import Samples

WALK_S: Final = 10.0
"""Longest time for walking a rule, which takes half a second at most (`occurrences`) where nothing hinders it."""

T = TypeVar("T")
Changes = dict[int, "Entry | None"]

log = logging.getLogger(__name__)


class Ledger(Protocol):
    """Where entries outlive the process; `EntriesTable` is one."""

    def load(self) -> tuple[list[Entry], float]: ...
    async def commit(self, changes: Mapping[int, Entry | None], zone: str, written_s: float) -> None: ...


@dataclass
class _Outcomes:
    """Of one look: what changes, what to tell, and what begins to ring or act once the changes are written."""

    changes: Changes = field(default_factory=dict)
    missed: dict[int, str] = field(default_factory=dict)
    unheard: dict[int, str] = field(default_factory=dict)
    begun: list[Entry] = field(default_factory=list)


async def in_a_thread(function: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.to_thread(function, *arguments)


class Keeper:
    """Implements the appliance's `Ringing`. `run()` is its life; `off_loop` carries out what may take a second."""

    def __init__(
        self,
        ledger: Ledger,
        clocks: Clocks,
        doings: Doings,
        patience: Patience,
        words: RingWords,
        *,
        ring_s: float,
        off_loop: Callable[..., Awaitable[Any]] = in_a_thread,
        walk_s: float = WALK_S,
    ) -> None:
        self._ledger, self._clocks, self._doings, self._patience = ledger, clocks, doings, patience
        self._spoken, self._ring_s, self._off_loop, self._walk_s = words, ring_s, off_loop, walk_s
        entries, self._written_s = ledger.load()
        self._entries = {entry.number: entry for entry in entries}
        self._seen: Now | None = None
        self._begun: set[int] = set()  # what rings or acts, and was begun by this process
        self._ended: list[tuple[int, bool]] = []
        self._unwritten: Changes = {}
        self._untold: Changes = {}  # to be written once it was heard
        self._last: dict[int, Entry] = {}
        self._was_off = True
        self._doubted = False
        self._report: Callable[[Event], None] = lambda _event: None
        self._warn: Callable[[float], None] = lambda _seconds: None
        self._on_change: Callable[[], object] = lambda: None
        self.spawn: Callable[[Any], object] | None = None
        """Starts a coroutine beside the keeper; `run` sets it."""
        self._changed = asyncio.Event()
        self._lock = asyncio.Lock()

    # As the appliance sees it

    def reports_to(self, report: Callable[[Event], None]) -> None:
        self._report = report
        for number in sorted(self._begun):
            if (entry := self._entries.get(number)) and entry.phase == "ringing":
                report(RingDue(entry.id))

    def warns(self, soon: Callable[[float], None]) -> None:
        self._warn = soon

    def tells(self, changed: Callable[[], object]) -> None:
        """Call `changed` when an entry has, which may be often: what it looks at is `entries`."""
        self._on_change = changed

    def words(self) -> Samples:
        """What is said between two tunes, of all that rings now: 24 kHz, empty if it was not synthesised yet."""
        return self._spoken.of(entry for entry in self._entries.values() if entry.phase == "ringing")

    def rung(self, ids: tuple[str, ...], *, answered: bool) -> None:
        """These ring no longer: somebody has stopped them, or nobody did in time. What is not known is nothing."""
        numbers = [number for number, entry in self._entries.items() if entry.id in ids and entry.phase == "ringing"]
        self._ended += [(number, answered) for number in numbers]
        if numbers:
            self._last = {number: self._entries[number] for number in numbers}
            self._changed.set()

    # As the tools see it

    @property
    def entries(self) -> Mapping[int, Entry]:
        return self._entries

    @property
    def last(self) -> Mapping[int, Entry]:
        """What rang last, as it was."""
        return self._last

    def now(self) -> Now:
        return replace(self._clocks.now(), written_s=self._written_s)

    async def walk(self, schedule: Schedule, now: Now) -> Walked:
        """`schedule` planned from `now` on; rules are walked off the loop. Raises Refused if that takes too long."""
        if schedule.rule is None:
            return walked(schedule, now)
        try:
            async with asyncio.timeout(self._walk_s):
                done: Walked = await self._off_loop(walked, schedule, now)
        except TimeoutError:
            raise Refused(f"{self._walk_s:g} s did not suffice to find out when it repeats", fix="try again") from None
        return done

    async def change(self, changes_of: Callable[[Mapping[int, Entry]], Changes]) -> Changes:
        """Carry out what `changes_of` makes of the entries, once it is written. Raises its errors, and StateError."""
        async with self._lock:
            outcomes = _Outcomes()
            now = self.now()
            await self._end_rings(now, outcomes)
            await self._take(now, outcomes)
            if not self._entries:
                self._seen, self._was_off = now, False
            changes = changes_of(self._entries)
            await self._commit({**self._unwritten, **changes}, now)
            self._unwritten = {}
            for number in changes:
                self._untold.pop(number, None)
            stopped = [number for number in changes if number in self._begun]
            self._put(changes)
            for number in stopped:
                if number not in self._begun:
                    self._report(RingWithdrawn(str(number)))
        self._changed.set()
        return changes

    # Its life

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            self.spawn = group.create_task
            while True:
                self._changed.clear()
                wait_s = await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._changed.wait()

    async def look(self) -> float | None:
        """Bring about what is due; how many seconds until the next look, None if nothing waits."""
        async with self._lock:
            if not self._entries and not self._unwritten:
                self._seen, self._was_off = None, False
                return None
            outcomes = _Outcomes()
            now = self.now()
            await self._end_rings(now, outcomes)
            now = await self._see(now, outcomes)
            for entry in list(self._entries.values()):
                await self._bring_about(entry, now, outcomes)
            await self._take(now, outcomes)
            self._was_off = self._was_off and not now.trusted
            self._prepare(now)
            idle = [entry for entry in self._entries.values() if entry.number not in self._begun]
            return wait_s(idle, now, unwritten=bool(self._unwritten))

    async def _see(self, now: Now, outcomes: _Outcomes) -> Now:
        """Look at the clocks, and plan anew if somebody has set one."""
        seen, self._seen = self._seen, now
        moved_s = now.offset_s - seen.offset_s if seen else 0.0
        if abs(moved_s) > STEP_S and not now.synchronised:  # set by hand: that counts, whatever was written before
            self._written_s = min(self._written_s, now.wall_s)
            self._seen = now = replace(now, written_s=self._written_s)
        self._tell_doubt(now)
        if seen and abs(moved_s) <= STEP_S and now.zone is seen.zone and now.trusted == seen.trusted:
            return now
        log.debug("timers are planned anew: the clock moved by %+.0f s and is trusted: %s", moved_s, now.trusted)
        for number, entry in self._entries.items():
            try:
                self._entries[number] = await planned_anew(entry, now, self.walk)
            except Refused as refused:
                log.warning("%s %d stays as it was planned before: %s", entry.kind, number, refused)
        outcomes.changes |= self._entries
        return now

    def _tell_doubt(self, now: Now) -> None:
        waiting = sum(entry.waits and entry.due_in_s(now) is None for entry in self._entries.values())
        if waiting and not self._doubted:
            log.warning("the clock is not set yet: %d alarms or the like wait until it is", waiting)
        self._doubted = bool(waiting)

    async def _bring_about(self, entry: Entry, now: Now, outcomes: _Outcomes) -> None:
        if entry.waits:
            left_s = entry.due_in_s(now)
            outcome = None if left_s is None or left_s > 0 else await self._come_due(entry, now)
        elif entry.phase == "paused" or entry.number in self._begun:
            return
        else:
            outcome = begun_before(entry, now, self._ring_s, self._patience)
        if outcome is None:
            return
        outcomes.changes[entry.number] = outcome.entry
        if outcome.verdict == "tell" and outcome.at:
            log.debug("%s %d is told and does not come about: it was due at %s", entry.kind, entry.number, outcome.at)
            outcomes.missed[entry.number] = await self._missed(entry, outcome.at, now)
        elif outcome.verdict and outcome.entry:
            outcomes.begun.append(outcome.entry)

    async def _come_due(self, entry: Entry, now: Now) -> Outcome | None:
        try:
            return await come_due(entry, now, self._patience, self.walk)
        except Refused as refused:
            log.warning("%s %d is due, and waits for the next look: %s", entry.kind, entry.number, refused)
            return None

    async def _end_rings(self, now: Now, outcomes: _Outcomes) -> None:
        ended, self._ended = self._ended, []
        for number, answered in ended:
            entry = self._entries.get(number)
            if entry is None or entry.phase != "ringing":
                continue
            outcomes.changes[number] = self._put_back(number, rested(entry))
            if not answered:
                at = entry.occurrence or now.shown
                outcomes.unheard[number] = await self._missed(entry, at, now)

    async def _missed(self, entry: Entry, at: datetime, now: Now) -> str:
        sentence: str = await self._off_loop(missed_words, entry, at, now.shown, self._doings.book)
        return sentence

    def _put_back(self, number: int, rest: Entry | None) -> Entry | None:
        """Put `rest` in the place of what rang or acted."""
        self._put({number: rest})
        return rest

    # What comes of it

    async def _take(self, now: Now, outcomes: _Outcomes) -> None:
        """Tell, write, then begin: what was told twice because of a power cut is better than what was never told.

        So what was missed stays written as it was until it was heard.
        """
        untold = {**outcomes.unheard, **outcomes.missed}
        for number, entry in outcomes.changes.items():
            self._untold.pop(number, None)
            (self._untold if number in untold else self._unwritten)[number] = entry
        self._tell(outcomes.unheard, opening=False)
        self._tell(outcomes.missed, opening=self._was_off)
        self._put(outcomes.changes)
        if self._unwritten:
            try:
                await self._commit(self._unwritten, now)
                self._unwritten = {}
            except PipitError as error:  # it rings all the same
                log.warning("timers cannot be written, and would be lost by a restart: %s", error)
        for entry in outcomes.begun:
            self._begin(entry)

    def _begin(self, entry: Entry) -> None:
        self._begun.add(entry.number)
        log.info("%s %d is due", entry.kind, entry.number)
        if entry.phase == "acting":
            self._spawn(self._act(entry))
            return
        self._last = {
            **{number: old for number, old in self._last.items() if number in self._begun},
            entry.number: entry,
        }
        self._report(RingDue(entry.id))

    async def _act(self, entry: Entry) -> None:
        await self._doings.act_and_tell(entry.device, entry.wanted or "off")
        async with self._lock:
            if self._entries.get(entry.number) == entry:
                self._unwritten[entry.number] = self._put_back(entry.number, rested(entry))
        self._changed.set()

    def _tell(self, sentences: Mapping[int, str], *, opening: bool) -> None:
        told = {number: self._untold[number] for number in sentences}
        self._doings.tell(
            sentences, opening=opening, heard=lambda numbers: self._heard({number: told[number] for number in numbers})
        )

    def _heard(self, changes: Changes) -> None:
        """What was missed was told: it may be written, unless something newer was since."""
        told = {n: entry for n, entry in changes.items() if n in self._untold and self._untold[n] is entry}
        for number in told:
            del self._untold[number]
        self._unwritten |= told
        self._changed.set()

    def _put(self, changes: Mapping[int, Entry | None]) -> None:
        for number, entry in changes.items():
            if entry is None:
                self._entries.pop(number, None)
            else:
                self._entries[number] = entry
            if entry is None or entry.waits:
                self._begun.discard(number)
        self._on_change()

    async def _commit(self, changes: Mapping[int, Entry | None], now: Now) -> None:
        written_s = now.wall_s if now.trusted else self._written_s
        await self._ledger.commit(changes, now.zone_name, written_s)
        self._written_s = written_s

    def _prepare(self, now: Now) -> None:
        if rings_soon(self._entries.values(), now):
            self._warn(WARNING_S)
        self._spoken.keep(self._entries)
        if self.spawn:
            for entry, at in worded_soon(self._entries.values(), now):
                self._spawn(self._spoken.prepare(entry, at))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self.spawn is None:
            work.close()
        else:
            self.spawn(work)
