"""What the state file says was used, read beside the running service, and summed up by period."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from daemon.memory.prices import Billed
from daemon.memory.store import FILE, StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PATIENCE_S: Final = 5.0
"""How long a read waits for the service's writing."""

_ROWS: Final = """
    SELECT day, model, text_in, audio_in, image_in, text_out, audio_out, thoughts, again, cost, again_cost, rested
    FROM usage ORDER BY rowid"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as it was booked; costs in micro-units, None if the model had no price."""

    day: str
    model: str
    tokens: Billed
    thoughts: int = 0
    again: int = 0
    cost: int | None = 0
    again_cost: int | None = 0
    rested: bool = False


@dataclass
class Sum:
    """What a period came to."""

    turns: int = 0
    tokens: Billed = field(default_factory=Billed)
    again: int = 0
    cost: int = 0
    again_cost: int = 0
    unpriced: int = 0
    """Turns of models without a price: their cost is in none of the sums."""
    spared: int = 0
    """What recycling would have left unspent; see `with_recycling`."""

    def add(self, entry: Entry, spared: int = 0) -> None:
        self.turns += 1
        self.tokens += entry.tokens
        self.again += entry.again
        self.cost += entry.cost or 0
        self.again_cost += entry.again_cost or 0
        self.unpriced += entry.cost is None
        self.spared += spared


def entries(folder: Path) -> list[Entry]:
    """Every report that was booked, in order. Raises StateError if there is no state file, or none that can be read."""
    path = folder / FILE
    try:
        if not path.exists():
            raise StateError(f"there is no {path}: nothing was used yet", fix="name the service's folder with --state")
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'usage'").fetchone() is None:
                return []  # of a version that did not count
            return [_entry(*row) for row in database.execute(_ROWS)]
    except (sqlite3.OperationalError, OSError) as error:
        raise StateError(f"{path} cannot be read: {error}", fix="run it as root: sudo pipit usage") from None
    except sqlite3.DatabaseError as error:
        fix = "restart the service, which puts it aside and begins a new one"
        raise StateError(f"{path} is damaged: {error}", fix=fix) from None


def _entry(
    day: str,
    model: str,
    text_in: int,
    audio_in: int,
    image_in: int,
    text_out: int,
    audio_out: int,
    thoughts: int,
    again: int,
    cost: int | None,
    again_cost: int | None,
    rested: int,
) -> Entry:
    tokens = Billed(text_in, audio_in, image_in, text_out, audio_out)
    return Entry(day, model, tokens, thoughts, again, cost, again_cost, bool(rested))


def with_recycling(booked: Iterable[Entry], tokens: int) -> list[int]:
    """What each entry would have cost less, in micro-units, if conversations beyond `tokens` had begun anew at rest.

    What was dropped then is missing from every later prompt of that conversation; compression may have dropped some of
    it anyway, so that no more is spared than was billed again.
    """
    spared = []
    dropped = 0
    for entry in booked:
        if not entry.again:  # it began anew by itself
            dropped = 0
        if entry.rested and entry.again - dropped > tokens:
            dropped = entry.again
        less = min(dropped, entry.again)
        spared.append((entry.again_cost or 0) * less // entry.again if less else 0)
    return spared


def by_period(booked: Iterable[Entry], spared: Iterable[int], digits: int) -> Mapping[str, Sum]:
    """The sum of each period, in order; the first `digits` of a date name one (10 for a day, 7 for a month)."""
    sums: dict[str, Sum] = {}
    for entry, less in sorted(zip(booked, spared, strict=True), key=lambda pair: pair[0].day):
        sums.setdefault(entry.day[:digits], Sum()).add(entry, less)
    return sums
