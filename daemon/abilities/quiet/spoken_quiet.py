"""What somebody said of being disturbed, kept over a restart."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.state.rows import Table, moment
from daemon.state.store import StateError

if TYPE_CHECKING:
    import sqlite3

    from daemon.state.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """Do not disturb until `until_s`; the hours of the settings do not count until `lifted_until_s`.

    Both in seconds since 1970; None if nobody said so.
    """

    until_s: float | None = None
    lifted_until_s: float | None = None


class SpokenQuiet:
    """The row of the state file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> Said:
        """What was said last. A row that is damaged counts as none, which the store logs."""
        return next(iter(self._store.read(_SAID)), Said())

    async def keep(self, said: Said) -> bool:
        """Whether it will be remembered; it is written on return. Why not is logged."""

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.execute(_KEEP, (said.until_s, said.lifted_until_s))

        try:
            await self._store.run(write)
        except StateError as error:
            log.warning("what was said of being disturbed will be forgotten at a restart: %s", error)
            return False
        return True


def _said(until_s: object, lifted_until_s: object) -> Said:
    return Said(_moment_or_none(until_s), _moment_or_none(lifted_until_s))


def _moment_or_none(value: object) -> float | None:
    return None if value is None else moment(value)


_SAID: Final = Table("quiet", ("until", "lifted_until"), _said)
_KEEP: Final = "INSERT OR REPLACE INTO quiet VALUES (1, ?, ?)"
