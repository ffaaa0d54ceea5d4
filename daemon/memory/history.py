"""What was said, in the state file, for so many days; only where the household wants it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.memory.forgetting import Selection, forget, teach
from daemon.memory.retention import delete_expired
from daemon.memory.said import Said
from daemon.memory.store import StateError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from daemon.memory.store import Store

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
        return said_of(self.store.rows(f"{_SELECT} ORDER BY id DESC LIMIT ?", (count,)))[::-1]

    async def find(self, words: Sequence[str], limit: int) -> list[Said]:
        """The newest remarks in which one of `words` was said, or any if there are none; oldest first."""

        def search(database: sqlite3.Connection) -> list[Said]:
            teach(database)
            wanted = " OR ".join("holds(text, ?)" for _ in words) or "1"
            query = f"{_SELECT} WHERE {wanted} ORDER BY id DESC LIMIT ?"
            return said_of(database.execute(query, (*words, limit)).fetchall())

        return (await self.store.run(search))[::-1]

    async def forget(self, selection: Selection) -> int:
        """Remove `selection` for good; how many remarks that were. Raises StateError."""
        return await self.store.run(lambda database: forget(database, selection))

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


_SELECT: Final = "SELECT at, turn, speaker, text, sources FROM remarks"


def remarks_in(database: sqlite3.Connection, selection: Selection) -> list[Said]:
    """The remarks of an open state file, oldest first. Raises sqlite3.Error."""
    teach(database)
    return said_of(database.execute(f"{_SELECT} WHERE {selection.condition} ORDER BY id", selection.values))


def said_of(rows: Iterable[tuple[float, int, str, str, str]]) -> list[Said]:
    return [
        Said(at, turn, speaker, text, tuple((title, uri) for title, uri in json.loads(sources)))  # type: ignore[arg-type]
        for at, turn, speaker, text, sources in rows
    ]
