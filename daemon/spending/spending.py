"""What the state file says was used, read beside the running service, and summed up by period."""

from __future__ import annotations

import errno
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from daemon.files import FileTrouble, check_regular
from daemon.spending.prices import Billed
from daemon.spending.taken_back import taken_back
from daemon.state.archive import unusable
from daemon.state.rows import DamagedRowError, Table, connected, day, moment, whole, whole_or_none, word
from daemon.state.store import FILE, StateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from daemon.spending.taken_back import TakenBack

PATIENCE_S: Final = 5.0
"""How long a read waits for the service's writing."""


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


class Booked(NamedTuple):
    """Every report that can be read, in order, and how many cannot: what those cost is in no sum."""

    entries: list[Entry]
    damaged: int = 0
    taken_back: Sequence[TakenBack] = ()
    """Those of the reports that were of turns whose end was taken back."""


def entries(folder: Path) -> list[Entry]:
    """The reports of `booked`."""
    return booked(folder).entries


def booked(folder: Path) -> Booked:
    """What was booked. Raises StateError if there is no state file, or none that can be read."""
    path = folder / FILE
    try:
        check_regular(path, sys.maxsize, filled=False)  # SQLite waits for a named pipe
    except FileTrouble as trouble:
        if trouble.number in {errno.ENOENT, errno.ENOTDIR}:
            raise StateError(
                f"there is no {path}: nothing was used yet", fix="name the service's folder with --state"
            ) from None
        raise StateError(f"the state file {path} {trouble.what}", fix=trouble.fix) from None
    try:
        with closing(connected(f"{path.absolute().as_uri()}?mode=ro", PATIENCE_S, uri=True)) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'usage'").fetchone() is None:
                return Booked([])  # of a version that did not count
            found = ENTRIES.read(database, "ORDER BY rowid")
            last = last_possible_day(database.execute(LATEST).fetchone()[0])
            early = taken_back(database)
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from None
    possible = [entry for entry in found.rows if entry.day <= last]
    return Booked(possible, len(found.damaged) + len(found.rows) - len(possible), early)


LATEST: Final = "SELECT max(at) FROM usage WHERE typeof(at) IN ('integer', 'real') AND at BETWEEN 0 AND 253370000000"


def last_possible_day(latest: object) -> str:
    """No later one can have been booked, if the last report came at `latest`; days are of any time zone, YYYY-MM-DD.

    A later one would keep its day open for years, and with it whatever limit it has reached.
    """
    try:
        at = datetime.fromtimestamp(moment(latest), UTC)
    except DamagedRowError:
        return "9999-12-31"
    return (at + timedelta(days=1)).date().isoformat()


def _entry(day_: object, model: object, *counts: object) -> Entry:
    *tokens, thoughts, again, cost, again_cost, rested = counts
    return Entry(
        *(day(day_), word(model), Billed(*map(whole, tokens)), whole(thoughts), whole(again)),
        *(whole_or_none(cost), whole_or_none(again_cost), bool(whole(rested))),
    )


_COLUMNS: Final = "day model text_in audio_in image_in text_out audio_out thoughts again cost again_cost rested"
ENTRIES: Final = Table("usage", tuple(_COLUMNS.split()), _entry)


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
