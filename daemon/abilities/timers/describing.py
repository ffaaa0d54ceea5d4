"""Entries as the model hears of them: absolute and relative, so that a mistake is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.timers.wall_time import shown_at

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.abilities.timers.entry import Entry
    from daemon.abilities.timers.now import Now

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def described(entry: Entry, now: Now, *, over: bool = False) -> dict[str, Any]:
    """One of `list_timers`, or one that is `over` by a change.

    What is paused, rings, is over, or waits for a clock that is not set has no time when it is due.
    """
    answer: dict[str, Any] = {"number": entry.number, "kind": entry.kind, "name": entry.name}
    answer["state"] = "over" if over else "running" if entry.phase == "acting" else entry.phase
    answer |= {} if over else due(entry, now)
    if entry.phase == "paused" and not over:
        answer["left_s"] = round(entry.left_s)
    if entry.schedule and entry.schedule.rule:
        answer["repeat"] = str(entry.schedule.rule)
    if entry.kind == "reminder":
        answer["text"] = entry.text
    if entry.kind == "action":
        answer |= {"device": entry.device, "state_wanted": entry.wanted}
    return answer


def due(entry: Entry, now: Now) -> dict[str, Any]:
    """When, in the household's time with its offset, in words, and in how many seconds."""
    left_s = entry.due_in_s(now) if entry.waits else None
    if left_s is None:
        return {}
    at = now.wall_s + left_s
    local = shown_at(at, now.zone)
    return {"due": local_time(at, now), "due_in_words": in_words(local), "left_s": max(0, round(left_s))}


def local_time(at: float, now: Now) -> str:
    """`at`, seconds since 1970, as ISO 8601 to the second."""
    local = now.shown.fromtimestamp(at, now.zone)
    return local.isoformat(timespec="seconds")


def in_words(wall: datetime) -> str:
    """Such as "Tuesday 1 December, 07:00"; in English, whatever the machine's language."""
    return f"{DAYS[wall.weekday()]} {wall.day} {MONTHS[wall.month - 1]}, {wall:%H:%M}"
