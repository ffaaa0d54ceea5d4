"""Since when devices with a longest on-time are on, in the state file: a restart does not begin it anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from daemon.state.rows import DamagedRowError, Table, moment, storable, word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from daemon.state.store import Store

_BEGIN: Final = "INSERT OR REPLACE INTO on_times (device, boot_id, since_s, used_s) VALUES (?, ?, ?, ?)"
_END: Final = "DELETE FROM on_times WHERE device = ?"


@dataclass(frozen=True, slots=True)
class Boot:
    """The clock that counts since the machine started, and which start that was."""

    id: str
    seconds: float


class Ledger(Protocol):
    """What outlives the process of when a device was turned on."""

    async def begin(self, device: str, used_s: float) -> None:
        """It is about to be on, and was so for `used_s` before. Raises PipitError if that cannot be kept."""
        ...

    def end(self, device: str) -> None:
        """It is off."""
        ...

    def used_s(self, device: str, longest_s: float) -> float:
        """How long it was on when the process before this one ended, `longest_s` at most; 0 if it was off."""
        ...


class OnTimes:
    """A `Ledger` in the table `on_times` of a store."""

    def __init__(self, store: Store, boot: Callable[[], Boot]) -> None:
        """What is in it is what the process before this one left."""
        self._store = store
        self._boot = boot
        self._left: Final = {row.device: row for row in store.read(ON_TIMES)}

    async def begin(self, device: str, used_s: float) -> None:
        """Written before the pin moves: a process that is killed in between has noted too much, not too little."""
        now = self._boot()
        await self._store.run(lambda database: _written(database, (device, now.id, now.seconds, used_s)))

    def end(self, device: str) -> None:
        self._store.write(_END, (device,))

    def used_s(self, device: str, longest_s: float) -> float:
        """What another boot noted ended nobody knows when, nor what is damaged: all of it counts as used."""
        if (row := self._left.get(device)) is None:
            return 0.0
        now = self._boot()
        if row.boot_id != now.id or row.since_s > now.seconds:
            return longest_s
        return min(longest_s, row.used_s + now.seconds - row.since_s)


@dataclass(frozen=True, slots=True)
class _Row:
    device: str
    boot_id: str | None
    since_s: float
    used_s: float


def _row(device: Any, boot_id: Any, since_s: Any, used_s: Any) -> _Row:
    name = word(device)
    try:
        return _Row(name, word(boot_id), moment(since_s), moment(used_s))
    except DamagedRowError:  # it was on, and nobody knows since when
        return _Row(name, None, 0.0, 0.0)


def _written(database: sqlite3.Connection, row: tuple[str, str, float, float]) -> None:
    with database:
        database.execute(_BEGIN, tuple(map(storable, row)))


ON_TIMES: Final = Table("on_times", ("device", "boot_id", "since_s", "used_s"), _row)
