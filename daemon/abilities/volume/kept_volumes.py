"""The volumes that somebody chose, kept over a restart."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, get_args

from daemon.abilities.volume.scale import FULL, SOFTEST, Whose
from daemon.state.rows import DamagedRowError, Table, whole
from daemon.state.store import StateError

if TYPE_CHECKING:
    import sqlite3

    from daemon.state.store import Store

log = logging.getLogger(__name__)


class KeptVolumes:
    """Rows of the state file, one for each volume that is not as the settings say."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> dict[Whose, int]:
        """In percent. A row that is damaged is left out, which the store logs: the settings count then."""
        return dict(self._store.read(_VOLUMES))

    async def keep(self, whose: Whose, percent: int) -> bool:
        """Whether it will be remembered; it is written on return. Why not is logged."""

        def write(database: sqlite3.Connection) -> None:
            with database:
                database.execute(_KEEP, (whose, percent))

        try:
            await self._store.run(write)
        except StateError as error:
            log.warning("the volume of the %s will be forgotten at a restart: %s", whose, error)
            return False
        return True

    def keep_some_time(self, whose: Whose, percent: int) -> None:
        """Have it written, without waiting for that."""
        self._store.write(_KEEP, (whose, percent))


def _volume(whose: object, percent: object) -> tuple[Whose, int]:
    chosen = whole(percent)
    for known in get_args(Whose):
        if whose == known and (SOFTEST if known == "alarm" else 0) <= chosen <= FULL:
            return known, chosen
    raise DamagedRowError


_VOLUMES: Final = Table("volumes", ("whose", "percent"), _volume)
_KEEP: Final = "INSERT OR REPLACE INTO volumes VALUES (?, ?)"
