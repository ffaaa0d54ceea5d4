"""What was said, in the state file, for so many days; only where the household wants it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.abilities.memory.forgetting import HOLDS, Selection, remove, rewrite, teach
from daemon.abilities.memory.retention import delete_expired
from daemon.abilities.memory.said import SPEAKERS, Said, Source
from daemon.state.rows import DamagedRowError, Found, Table, moment, storable, text, whole
from daemon.state.store import StateError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Sequence

    from daemon.state.store import Store

DAY_S: Final = 86_400.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class History:
    """The table `remarks` of `store`. `now` is the wall clock in seconds."""

    store: Store
    now: Callable[[], float]
    days: int

    def add(self, said: Said) -> None:
        """Keep it; a sink of the transcript."""
        values = (said.at, said.turn, said.speaker, said.text, json.dumps(said.sources, ensure_ascii=False))
        self.store.write("INSERT INTO remarks (at, turn, speaker, text, sources) VALUES (?, ?, ?, ?, ?)", values)

    def newest(self, count: int) -> list[Said]:
        """The newest remarks, oldest first; for the start."""
        return self.store.read(REMARKS, "ORDER BY id DESC LIMIT ?", (count,))[::-1]

    async def find(self, words: Sequence[str], limit: int) -> list[Said]:
        """The newest remarks in which one of `words` was said, or any if there are none; oldest first."""

        def search(database: sqlite3.Connection) -> list[Said]:
            teach(database)
            wanted = " OR ".join(HOLDS.format("text").replace("?1", "?") for _ in words) or "1"
            values = (*map(storable, words), limit)
            return REMARKS.read(database, f"WHERE {wanted} ORDER BY id DESC LIMIT ?", values).rows

        return (await self.store.run(search))[::-1]

    async def forget(self, selection: Selection) -> int:
        """Remove `selection` for good; how many remarks that were. Raises StateError."""
        count = await self.store.run(lambda database: remove(database, selection))
        await self.store.run(rewrite)
        return count

    async def keep_tidy(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Delete what is older than `days`, now and every day; for ever."""
        while True:
            try:
                deleted = await self.store.run(lambda database: delete_expired(database, self.now(), self.days))
            except StateError as error:
                log.warning("what is too old stays in the history: %s", error)
            else:
                if deleted:
                    log.info("deleted %d remarks that were older than %d days", deleted, self.days)
            await sleep(DAY_S)


def remarks_in(database: sqlite3.Connection, selection: Selection) -> Found[Said]:
    """The remarks of an open state file, oldest first. Raises sqlite3.Error."""
    teach(database)
    return REMARKS.read(database, f"WHERE {selection.condition} ORDER BY id", selection.values)


def _said(at: object, turn: object, speaker: object, words: object, sources: object) -> Said:
    if speaker not in SPEAKERS:
        raise DamagedRowError
    return Said(moment(at), whole(turn), speaker, text(words), _sources(text(sources)))


def _sources(stored: str) -> tuple[Source, ...]:
    try:
        pairs = json.loads(stored)
    except (ValueError, RecursionError):
        raise DamagedRowError from None
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise DamagedRowError
    return tuple((text(title), text(uri)) for title, uri in pairs)


REMARKS: Final = Table("remarks", ("at", "turn", "speaker", "text", "sources"), _said)
