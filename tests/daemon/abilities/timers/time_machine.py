"""Both clocks and the store of a keeper in the hands of a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.abilities.timers.doings import Doings
from daemon.abilities.timers.entries_table import ENTRIES, row_of
from daemon.abilities.timers.keeper import Keeper
from daemon.abilities.timers.now import Now
from daemon.abilities.timers.overdue import Patience
from daemon.abilities.timers.ring_words import RingWords
from daemon.abilities.timers.tools import timer_tools
from daemon.abilities.timers.wall_time import shown_at
from daemon.conversation.events import Event, RingDue, RingWithdrawn, ToolCall
from daemon.sentences.book import Book
from daemon.sound.pcm import Samples, silence
from daemon.tools.tool import Toolbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.abilities.timers.entry import Entry

START_S = 1_796_000_000.0
"""30 November 2026, seven minutes to one in the night (UTC)."""


class PowerCut(Exception):
    pass


@dataclass
class HandClocks:
    """Turned by hand; `boot` is another one with each start of the machine."""

    boot_s: float = 1_000.0
    wall_s: float = START_S
    boot: int = 1
    zone: str = "UTC"
    synchronised: bool = True

    def now(self) -> Now:
        zone = ZoneInfo(self.zone)
        return Now(self.boot_s, self.wall_s, f"boot {self.boot}", zone, self.zone, self.synchronised)

    def passes(self, seconds: float) -> None:
        self.boot_s += seconds
        self.wall_s += seconds

    def reboots(self, off_s: float) -> None:
        self.boot, self.boot_s, self.wall_s = self.boot + 1, 5.0, self.wall_s + off_s


@dataclass
class Paper:
    """What outlives a keeper. The power may be cut before, or just after, what is written next."""

    entries: dict[int, Entry] = field(default_factory=dict)
    written_s: float = 0.0
    cut_before: bool = False
    cut_after: bool = False

    def load(self) -> tuple[list[Entry], float]:
        """By way of the rows that they are in the state file: what could not be read again is no entry."""
        rows = [row_of(entry, "", self.written_s) for entry in self.entries.values()]
        return [ENTRIES.make(*row)[0] for row in rows], self.written_s

    async def commit(self, changes: Mapping[int, Entry | None], zone: str, written_s: float) -> None:  # noqa: ARG002
        if self.cut_before:
            self.cut_before = False
            raise PowerCut
        for number, entry in changes.items():
            if entry is None:
                self.entries.pop(number, None)
            else:
                self.entries[number] = entry
        self.written_s = written_s
        if self.cut_after:
            self.cut_after = False
            raise PowerCut


@cache
def english() -> Book:
    return Book.of("en")


async def mute_voice(_: str) -> Samples:
    return silence(0)


class _Present:
    """The keeper that a house has now: tools are made once, for that takes longer than a day of their use."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house.keeper, name)


class House:
    """A keeper, what it reported, told and did; it may be started anew."""

    words: type[RingWords] = RingWords
    walk_s = 10.0

    def __init__(
        self,
        clocks: HandClocks | None = None,
        *,
        ring_s: float = 600.0,
        most: int = 100,
        devices: Sequence[str] = ("lamp",),
    ) -> None:
        self.clocks = clocks or HandClocks()
        self.paper = Paper()
        self.rang: list[tuple[str, float]] = []
        self.rang_at_boot: list[tuple[str, float]] = []
        self.told: list[str] = []
        self.tells = True
        """Whether a message is heard at once; else it waits for `hears`."""
        self._waiting: list[tuple[str, Callable[[], None] | None]] = []
        self.acted: list[tuple[str, str]] = []
        self._ring_s, self._most, self._devices = ring_s, most, devices
        self.start()
        tools = timer_tools(_Present(self), most=self._most, snooze_s=540.0, devices=self._devices)  # type: ignore[arg-type]
        self.toolbox = Toolbox(tools)

    def start(self) -> None:
        doings = Doings(self._act, self._post, english())
        self.keeper = Keeper(
            self.paper,
            self.clocks,
            doings,
            Patience(600.0),
            self.words(mute_voice, english()),
            ring_s=self._ring_s,
            off_loop=self.off_loop,
            walk_s=self.walk_s,
        )
        self._waiting.clear()
        self.ringing: set[str] = set()
        self.keeper.reports_to(self._reported)

    def _post(self, text: str, ended: Callable[[], None] | None = None) -> None:
        self._waiting.append((text, ended))
        if self.tells:
            self.hears()

    def hears(self) -> None:
        """All the messages that wait."""
        waiting, self._waiting = self._waiting, []
        for text, ended in waiting:
            self.told.append(text)
            if ended:
                ended()

    async def call(self, tool: str, /, **arguments: Any) -> Mapping[str, Any]:
        return await self.toolbox.call(ToolCall("1", tool, arguments))

    async def passes(self, seconds: float) -> None:
        """Time goes by, and the keeper looks when it said that it would."""
        until = self.clocks.boot_s + seconds
        while (wait_s := await self.keeper.look()) is not None and self.clocks.boot_s + wait_s < until:
            self.clocks.passes(max(wait_s, 0.001))
        self.clocks.passes(max(0.0, until - self.clocks.boot_s))
        await self.keeper.look()

    def stop(self, *, answered: bool = True) -> None:
        ids, self.ringing = tuple(sorted(self.ringing)), set()
        self.keeper.rung(ids, answered=answered)

    def day_of(self, at: float) -> str:
        """The day that clocks of the house show at `at`."""
        return f"{shown_at(at, ZoneInfo(self.clocks.zone)):%Y-%m-%d}"

    async def off_loop(self, function: Any, *arguments: Any) -> Any:
        """At once."""
        return function(*arguments)

    async def _act(self, device: str, state: str) -> Mapping[str, Any]:
        self.acted.append((device, state))
        return {"ok": True}

    def _reported(self, event: Event) -> None:
        if isinstance(event, RingDue):
            self.ringing.add(event.id)
            self.rang.append((event.id, self.clocks.wall_s))
            self.rang_at_boot.append((event.id, self.clocks.boot_s))
        elif isinstance(event, RingWithdrawn):
            self.ringing.discard(event.id)
