"""What was spent on turns whose end was taken back: asked in a pause, and dropped when the user went on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.conversation.commands import EndActivity, StartActivity
from daemon.state.rows import Table, day, whole, whole_or_none

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from daemon.conversation.commands import Command
    from daemon.state.store import Store

_INSERT: Final = "INSERT INTO taken_back VALUES (?, ?, ?)"
_IS_THERE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'taken_back'"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A report of the service on such a turn; the cost is in micro-units, None if the model had no price."""

    day: str
    tokens: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class EarlySum:
    turns: int
    tokens: int
    cost: int


class Early:
    """Notes which reports are of such turns.

    Those that come between the end of a window and one that goes on from it, and then, for the service reports what it
    had begun once it is interrupted, those that come until that window ends.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reports: list[TakenBack] = []  # since the window ended
        self._goes_on = False

    def happened(self, commands: Sequence[Command]) -> None:
        for command in commands:
            if isinstance(command, EndActivity):
                self._reports, self._goes_on = [], False
            elif isinstance(command, StartActivity):
                self._goes_on = command.goes_on
                if command.goes_on:
                    self._write(self._reports)
                self._reports = []

    def booked(self, report: TakenBack) -> None:
        """This was reported and booked."""
        if self._goes_on:
            self._write([report])
        else:
            self._reports = [*self._reports[-7:], report]

    def _write(self, reports: Iterable[TakenBack]) -> None:
        for report in reports:
            self._store.write(_INSERT, (report.day, report.tokens, report.cost))


def _row(day_: object, tokens: object, cost: object) -> TakenBack:
    return TakenBack(day(day_), whole(tokens), whole_or_none(cost))


_ROWS: Final = Table("taken_back", ("day", "tokens", "cost"), _row)


def taken_back(database: sqlite3.Connection) -> list[TakenBack]:
    """All that was noted; rows that cannot be read are left out, for their cost is in the other sums. sqlite3.Error."""
    if database.execute(_IS_THERE).fetchone() is None:
        return []  # of a version that could not take anything back
    return _ROWS.read(database, "ORDER BY rowid").rows


def of_period(rows: Iterable[TakenBack], period: str) -> EarlySum:
    """`period` is a day or a month, YYYY-MM-DD or YYYY-MM."""
    chosen = [row for row in rows if row.day.startswith(period)]
    return EarlySum(len(chosen), sum(row.tokens for row in chosen), sum(row.cost or 0 for row in chosen))
