"""When devices were switched lately, in the state file: a restart does not begin their count anew."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.devices.working.bounds import RATE_WINDOW_S
from daemon.abilities.devices.working.counts import AHEAD_S
from daemon.errors import PipitError
from daemon.state.rows import DamagedRowError, Table, storable, whole, word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from daemon.abilities.devices.working.on_times import Boot
    from daemon.state.store import Store

_NOTE: Final = "INSERT OR REPLACE INTO switches (device, boot_id, at_s, going_off) VALUES (?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM switches WHERE boot_id IS NOT ?"

_log: Final = logging.getLogger(__name__)


class SwitchNotes:
    """A `SwitchLedger` in the table `switches` of a store."""

    def __init__(self, store: Store, boot: Callable[[], Boot]) -> None:
        """What is in it is what the process before this one left."""
        self._store = store
        self._boot = boot
        now = boot()
        readable = bool(store.rows("SELECT count(*) FROM switches"))
        rows = store.read(SWITCHES)
        self._lost: Final = store.begun_anew or not readable or any(row.damaged for row in rows)
        self._left: Final = {row.device: row for row in rows if row.boot_id == now.id}
        if len(self._left) < len(rows):
            store.write(_FORGET, (now.id,))
        self._failed = False

    async def ahead(self, device: str, ages_s: Sequence[float]) -> None:
        """Written before the pin moves: a process that is killed in between has noted too much, not too little."""
        row = self._row(device, ages_s, going_off=True)
        try:
            await self._store.run(lambda database: _written(database, row))
        except PipitError as error:
            if not self._failed:
                _log.warning("devices with max_switches_per_minute are only turned off: %s", error.message)
            self._failed = True
            raise
        self._failed = False

    def note(self, device: str, ages_s: Sequence[float], *, going_off: bool) -> None:
        self._store.write(_NOTE, self._row(device, ages_s, going_off=going_off))

    def ages_s(self, device: str, most: int) -> Sequence[float]:
        """What is lost counts as made now.

        So does the going off of what was on, for the start has seen to that. What another boot has made, and a power
        cut may have kept from the card, was made before this one began.
        """
        now = self._boot()
        if self._lost:
            return [0.0] * most
        if not self._left:
            return [now.seconds] * most if now.seconds < RATE_WINDOW_S else []
        if (row := self._left.get(device)) is None:
            return []
        if any(at > now.seconds + AHEAD_S for at in row.at_s):
            return [0.0] * most
        ages = [max(0.0, now.seconds - at) for at in sorted(row.at_s)] + [0.0] * row.going_off
        return [age for age in ages if age < RATE_WINDOW_S]

    def _row(self, device: str, ages_s: Sequence[float], *, going_off: bool) -> tuple[str, str, str, int]:
        now = self._boot()
        return device, now.id, json.dumps([round(now.seconds - age, 3) for age in ages_s]), int(going_off)


@dataclass(frozen=True, slots=True)
class _Row:
    device: str
    boot_id: str
    at_s: tuple[float, ...]
    going_off: int
    damaged: bool = False


def _row(device: Any, boot_id: Any, at_s: Any, going_off: Any) -> _Row:
    """One that is damaged is of nobody knows which device."""
    try:
        return _Row(word(device), word(boot_id), _moments(word(at_s)), min(1, whole(going_off)))
    except DamagedRowError:
        return _Row("", "", (), 0, damaged=True)


def _moments(found: str) -> tuple[float, ...]:
    try:
        moments = json.loads(found)
    except (ValueError, RecursionError):
        raise DamagedRowError from None
    if not isinstance(moments, list) or not all(map(_is_moment, moments)):
        raise DamagedRowError
    return tuple(map(float, moments))


def _is_moment(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _written(database: sqlite3.Connection, row: tuple[str, str, str, int]) -> None:
    with database:
        database.execute(_NOTE, tuple(map(storable, row)))


SWITCHES: Final = Table("switches", ("device", "boot_id", "at_s", "going_off"), _row)
