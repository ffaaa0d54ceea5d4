"""From the table of timers to what keeps them and what the model may do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.abilities.timers.doings import Doings
from daemon.abilities.timers.entries_table import EntriesTable
from daemon.abilities.timers.keeper import Keeper
from daemon.abilities.timers.machine_clocks import MachineClocks
from daemon.abilities.timers.overdue import Patience
from daemon.abilities.timers.ring_words import RingWords
from daemon.abilities.timers.tools import timer_tools

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from daemon.abilities.timers.doings import Post
    from daemon.abilities.timers.now import Clocks
    from daemon.abilities.timers.settings import TimersSettings
    from daemon.abilities.timers.spoken import Book
    from daemon.sound.pcm import Samples
    from daemon.state.store import Store
    from daemon.tools.tool import Answer, Tool


@dataclass(frozen=True)
class Timers:
    """`keeper.run()` is their life; the keeper is also what the appliance rings for."""

    keeper: Keeper
    tools: Sequence[Tool]


def timers_of(
    settings: TimersSettings,
    store: Store,
    *,
    book: Book,
    speak: Callable[[str], Awaitable[Samples]],
    act: Callable[[str, str], Awaitable[Answer]],
    post: Post,
    devices: Sequence[str] = (),
    clocks: Clocks | None = None,
) -> Timers | None:
    """As `[timers]` says; None if it wants none.

    `speak` makes 24 kHz samples of a sentence, `act` works a device of `devices` as its tool does, and `post` has a
    sentence told when it suits, and calls back when it was.
    """
    if not settings.enabled:
        return None
    keeper = Keeper(
        EntriesTable(store),
        clocks or MachineClocks(),
        Doings(act, post, book, settings.tell_actions),
        Patience(alarm_s=60.0 * settings.late_min),
        RingWords(speak, book),
        ring_s=settings.ring_s,
    )
    snooze_s = 60.0 * settings.snooze_min
    tools = timer_tools(keeper, most=settings.most, snooze_s=snooze_s, devices=devices, lasts=store.lasts)
    return Timers(keeper, tools)
