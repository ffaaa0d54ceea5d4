"""Timers in the state file: each row checked, each change on the card before it is confirmed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.timers.entry import KINDS, PHASES, SPENT, Entry, Schedule
from daemon.abilities.timers.now import Stamp
from daemon.abilities.timers.recurrence import stored_rule
from daemon.abilities.timers.refused import Refused
from daemon.state.rows import DamagedRowError, Table, moment, storable, text, whole, word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from daemon.state.store import Store

COLUMNS: Final = (
    *("number", "kind", "name", "words", "device", "wanted", "phase", "length_s", "left_s"),
    *("boot_id", "boot_s", "wall_s", "occurrence"),
    *("start", "rule", "used", "planned", "spent", "zone", "written_s"),
)
_REPLACE: Final = f"INSERT OR REPLACE INTO timers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


class EntriesTable:
    """The table `timers` of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def load(self) -> tuple[list[Entry], float]:
        """What there is, and when any of it was last written; what is damaged is left out, and logged."""
        found = self._store.read(ENTRIES, "ORDER BY number")
        return [entry for entry, _ in found], max((written_s for _, written_s in found), default=0.0)

    async def commit(self, changes: Mapping[int, Entry | None], zone: str, written_s: float) -> None:
        """Have what changed on the card, all of it or nothing; None is removed. Raises StateError."""
        rows = [row_of(entry, zone, written_s) for entry in changes.values() if entry]
        gone = [(number,) for number, entry in changes.items() if entry is None]
        await self._store.run(lambda database: committed(database, rows, gone))


def committed(database: sqlite3.Connection, rows: list[tuple[Any, ...]], gone: list[tuple[int]]) -> None:
    """Raises sqlite3.Error. The file's other writes may be lost by a power cut; what was confirmed aloud may not."""
    database.execute("PRAGMA synchronous = FULL")
    try:
        with database:
            for row in rows:
                database.execute(_REPLACE, row)
            for number in gone:
                database.execute("DELETE FROM timers WHERE number = ?", number)
    finally:
        database.execute("PRAGMA synchronous = NORMAL")


def row_of(entry: Entry, zone: str, written_s: float) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    stamp, plan = entry.stamp, entry.schedule
    row = (
        *(entry.number, entry.kind, entry.name, entry.text, entry.device, entry.wanted or "", entry.phase),
        *(entry.length_s, entry.left_s),
        *((stamp.boot_id, stamp.boot_s, stamp.wall_s) if stamp else (None, None, None)),
        _written(entry.occurrence),
        *(
            (_written(plan.start), str(plan.rule or ""), plan.used, _written(plan.next))
            if plan
            else (None, "", 0, None)
        ),
        json.dumps([_written(wall) for wall in plan.spent] if plan else []),
        *(zone, written_s),
    )
    return tuple(map(storable, row))


def _written(wall: datetime | None) -> str | None:
    return wall.isoformat() if wall else None


def _entry(*row: Any) -> tuple[Entry, float]:
    values = dict(zip(COLUMNS, row, strict=True))
    if values["kind"] not in KINDS or values["phase"] not in PHASES:
        raise DamagedRowError
    if values["wanted"] not in ({"on", "off", "toggle"} if values["kind"] == "action" else {""}):
        raise DamagedRowError
    entry = Entry(
        whole(values["number"]),
        values["kind"],
        text(values["name"]),
        text(values["words"]),
        text(values["device"]),
        values["wanted"] or None,
        values["phase"],
        moment(values["length_s"]),
        moment(values["left_s"]),
        _stamp(values["boot_id"], values["boot_s"], values["wall_s"]),
        _schedule(values),
        None if values["occurrence"] is None else _wall(values["occurrence"]),
    )
    text(values["zone"])
    return _sound(entry), moment(values["written_s"])


def _sound(entry: Entry) -> Entry:
    """Something has to bring it about, or have brought it about."""
    planned = entry.schedule is not None and entry.schedule.next is not None
    if entry.phase == "running" and entry.stamp is None and not planned:
        raise DamagedRowError
    if entry.phase in {"ringing", "acting", "snoozed"} and entry.stamp is None:
        raise DamagedRowError
    return entry


def _stamp(boot_id: object, boot_s: object, wall_s: object) -> Stamp | None:
    if boot_id is None and boot_s is None and wall_s is None:
        return None
    return Stamp(word(boot_id), _seconds(boot_s), _seconds(wall_s))


def _seconds(value: object) -> float:
    """Of a clock: before its beginning, too, for what was overdue at the boot."""
    if isinstance(value, int | float) and value < 0:
        return -moment(-value)
    return moment(value)


def _schedule(values: Mapping[str, Any]) -> Schedule | None:
    if values["start"] is None:
        return None
    try:
        rule = stored_rule(values["rule"]) if text(values["rule"]) else None
        spent = json.loads(text(values["spent"]))
    except (Refused, ValueError, RecursionError):
        raise DamagedRowError from None
    if not isinstance(spent, list) or len(spent) > SPENT:
        raise DamagedRowError
    planned = None if values["planned"] is None else _wall(values["planned"])
    return Schedule(_wall(values["start"]), rule, whole(values["used"]), planned, tuple(map(_wall, spent)))


def _wall(value: object) -> datetime:
    """Of no zone, and as we write it."""
    try:
        wall = datetime.fromisoformat(text(value))
    except ValueError:
        raise DamagedRowError from None
    if wall.tzinfo or wall.isoformat() != value or not 1970 <= wall.year <= 9000:
        raise DamagedRowError
    return wall


ENTRIES: Final = Table("timers", COLUMNS, _entry)
