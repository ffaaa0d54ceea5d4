"""When to look at the clocks again, and what will be said soon: of entries and a moment alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.timers.ring_words import AHEAD_S
from daemon.abilities.timers.wall_time import shown_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from daemon.abilities.timers.entry import Entry
    from daemon.abilities.timers.now import Now

TICK_S: Final = 30.0
"""Longest time between two looks while anything waits."""
SOONEST_S: Final = 0.001
"""Shortest: less, as the rounding of a clock leaves, is no wait to the loop, and would be asked for for ever."""
WARNING_S: Final = TICK_S + 2.0
"""So long before it rings it may be told that it will: at the last look before that, with what a busy loop is late."""


def wait_s(idle: Iterable[Entry], now: Now, *, unwritten: bool) -> float | None:
    """How long until the next look, None if nothing needs one; `idle` are those that were not begun.

    Half a minute at most while anything depends on a clock that somebody may set, or on one that rests.
    """
    waiting = [entry for entry in idle if entry.phase != "paused"]
    if not waiting and not unwritten:
        return None
    left = [left_s for entry in waiting if entry.waits and (left_s := entry.due_in_s(now)) is not None]
    return max(SOONEST_S, min([TICK_S, *left]))


def rings_soon(entries: Iterable[Entry], now: Now) -> bool:
    """Whether anything rings before the look after the next one; an action is not heard."""
    heard = (entry for entry in entries if entry.waits and entry.kind != "action")
    return any(left_s is not None and left_s <= WARNING_S for left_s in (entry.due_in_s(now) for entry in heard))


def worded_soon(entries: Iterable[Entry], now: Now) -> Iterator[tuple[Entry, datetime]]:
    """What rings or will ring within `AHEAD_S`, with the wall time that it rings for."""
    for entry in entries:
        left_s = entry.due_in_s(now) if entry.waits else 0.0
        if entry.phase == "paused" or entry.kind == "action" or left_s is None or left_s > AHEAD_S:
            continue
        at = entry.occurrence if entry.occurrence and not entry.waits else shown_at(now.wall_s + left_s, now.zone)
        yield entry, at
