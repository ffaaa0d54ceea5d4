"""What is done to entries that are there: which are meant, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from daemon.abilities.timers.coming_due import rested
from daemon.abilities.timers.refused import Refused
from daemon.abilities.timers.timer_arguments import LONGEST_S, seconds_of
from daemon.names import folded

if TYPE_CHECKING:
    from daemon.abilities.timers.entry import Entry
    from daemon.abilities.timers.now import Now

Change = Literal["cancel", "pause", "resume", "extend", "snooze", "skip_next"]
Entries = Mapping[int, "Entry"]

LIST: Final = "look first at what is set"
"""For the model, which has `list_timers`, and for people, who read it and hear it as well."""


def meant(which: str, entries: Entries, last: Entries) -> list[Entry]:
    """By number, name, kind, "all" or "last": what rings, or rang last, or was set last. Raises Refused."""
    name = folded(which)
    if name == "all":
        return list(entries.values())
    if name == "last":
        ringing = [entry for entry in entries.values() if entry.phase == "ringing"]
        rang = [entries.get(number, entry) for number, entry in last.items()]
        newest = [entries[max(entries)]] if entries else []
        return ringing or rang or newest
    if name.isdecimal() and len(name) < 10 and (entry := entries.get(int(name))):
        return [entry]
    found = [entry for entry in entries.values() if entry.is_called(which)]
    found = found or [entry for entry in last.values() if entry.is_called(which)]
    found = found or [entry for entry in entries.values() if entry.kind == name]
    if len(found) > 1:
        numbers = " and ".join(str(entry.number) for entry in found[:10])
        raise Refused(f"{len(found)} are called so: numbers {numbers}", fix="ask which, and give its number")
    if not found:
        raise Refused(f'there is none called "{which[:40]}"', fix=LIST)
    return found


def changed(entry: Entry, change: Change, seconds: int, now: Now, snooze_s: float) -> Entry | None:
    """What `entry` becomes; None if it is cancelled. `skip_next` is left to who can walk a rule. Raises Refused."""
    match change:
        case "cancel":
            return None
        case "pause":
            return _paused(entry, now)
        case "resume":
            if entry.phase != "paused":
                raise Refused(f"{_title(entry)} is not paused", fix=LIST)
            return replace(entry, phase="running", stamp=now.stamp(entry.left_s), left_s=0.0)
        case "extend":
            return _extended(entry, seconds_of(seconds), now)
        case _:
            if entry.kind == "action":
                raise Refused("a planned action does not ring", fix="cancel it, or plan another")
            later = now.stamp(seconds_of(seconds) if seconds else snooze_s)
            return replace(entry, phase="snoozed", stamp=later)


def is_snoozable(entry: Entry, last: Entries) -> bool:
    """Whether it rings, has just rung, or was snoozed before."""
    return entry.phase in {"ringing", "snoozed"} or entry.number in last


def _paused(entry: Entry, now: Now) -> Entry:
    left_s = entry.stamp.left_s(now) if entry.stamp and entry.phase == "running" else None
    if entry.schedule or left_s is None:
        fix = "skip its next time, or cancel it" if entry.schedule else LIST
        raise Refused(f"{_title(entry)} cannot be paused: only what runs for a time can", fix=fix)
    return replace(entry, phase="paused", stamp=None, left_s=max(0.0, left_s))


def _extended(entry: Entry, seconds: float, now: Now) -> Entry:
    if entry.schedule and entry.phase != "snoozed":
        raise Refused(f"{_title(entry)} has a time of day, and is not extended", fix="cancel it and set another")
    left_s = _left_s(entry, now) + seconds
    if left_s > LONGEST_S:
        raise Refused("it would run for more than a year", fix="set an alarm or a reminder with at")
    if entry.phase == "paused":
        return replace(entry, left_s=left_s)
    length_s = entry.length_s + seconds
    if entry.phase == "snoozed":
        return replace(entry, stamp=now.stamp(left_s), length_s=length_s)
    return replace(entry, phase="running", stamp=now.stamp(left_s), length_s=length_s)


def _left_s(entry: Entry, now: Now) -> float:
    if entry.phase == "paused":
        return entry.left_s
    if entry.phase == "ringing" or entry.stamp is None:
        return 0.0
    return max(0.0, entry.stamp.left_s(now) or 0.0)


def restored(before: Entries, after: Mapping[int, Entry | None], present: Entries) -> dict[int, Entry | None]:
    """What takes a change back, of those that are still as it left them."""
    back: dict[int, Entry | None] = {}
    for number, entry in after.items():
        if present.get(number) == entry:
            old = before.get(number)
            back[number] = rested(old) if old and old.phase in {"ringing", "acting"} else old
    return back


def _title(entry: Entry) -> str:
    return f"{entry.kind} {entry.number}"
