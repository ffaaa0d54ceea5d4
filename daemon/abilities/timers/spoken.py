"""What Pipit says of what rings, was missed or done, by a book of sentences in the household's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from daemon.abilities.timers.entry import Entry


class Book(Protocol):
    """The sentences of one language, and how it writes times."""

    def __call__(self, key: str, /, **values: object) -> str: ...
    def duration(self, seconds: int) -> str: ...
    def clock(self, at: datetime) -> str: ...
    def day(self, at: datetime) -> str: ...


def ringing_words(entry: Entry, at: datetime, book: Book) -> str:
    """What is said while it rings; `at` is what it rings for, by the wall clock."""
    if entry.kind == "reminder":
        return book("reminder", text=entry.text)
    if entry.kind == "timer" and entry.name:
        return book("timer_done", name=entry.name)
    if entry.kind == "timer":
        return book("timer_done_unnamed", duration=book.duration(round(entry.length_s)))
    if entry.name:
        return book("alarm", name=entry.name, clock=book.clock(at))
    return book("alarm_unnamed", clock=book.clock(at))


def missed_words(entry: Entry, at: datetime, today: datetime, book: Book) -> str:
    """What is said of one that was due at `at` and came to nothing, or to nobody's ears."""
    clock = book.clock(at) if at.date() == today.date() else f"{book.clock(at)}, {book.day(at)}"
    if entry.kind == "reminder":
        return book("missed_reminder", text=entry.text, clock=clock)
    if entry.kind == "action":
        return book("missed_action", device=entry.device, clock=clock)
    if entry.kind == "timer" and not entry.name:
        return book("missed_timer_unnamed", duration=book.duration(round(entry.length_s)), clock=clock)
    if not entry.name:
        return book("missed_alarm_unnamed", clock=clock)
    return book("missed_timer" if entry.kind == "timer" else "missed_alarm", name=entry.name, clock=clock)
