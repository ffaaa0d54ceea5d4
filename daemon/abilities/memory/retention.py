"""How long the history is kept, on a machine whose clock may be wrong.

A Raspberry Pi without a battery starts with the time of its last stop, and someone may set any time by hand. So:

- A clock that has jumped by more than `JUMP_S` since the last look, in either direction, is not believed at once:
  nothing is deleted until it has gone on from there for `CONFIRMED_S`. Set right before that, it costs nothing.
- After a jump back nothing looks old, and nothing is deleted that would not have been before.
- What was said while the clock was ahead bears a date to come. It goes together with what was said after it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.state.rows import Table, moment

if TYPE_CHECKING:
    import sqlite3

DAY_S: Final = 86_400.0
JUMP_S: Final = 2 * DAY_S
CONFIRMED_S: Final = 20 * 3600.0
"""A little less than the time between two looks, so that the next one may believe it."""

log = logging.getLogger(__name__)


def believed(now: float, trusted_at: float | None, doubted_at: float | None) -> bool:
    """Whether the clock may decide what is old: it was `trusted_at` when it was last believed, and has jumped since to
    `doubted_at` if that is not None."""
    if trusted_at is None or 0 <= now - trusted_at <= JUMP_S:
        return True
    return doubted_at is not None and now - doubted_at >= CONFIRMED_S


def delete_expired(database: sqlite3.Connection, now: float, days: int) -> int:
    """Delete what was said more than `days` days before `now`, if `now` is believed; how many remarks that were."""
    database.execute("PRAGMA secure_delete = ON")
    with database:
        looks = _LOOKS.read(database)
        trusted_at, doubted_at = looks.rows[0] if looks.rows else (None, None)
        if looks.damaged:  # when the clock was right is not known: it has to show it anew
            log.warning("the state file is damaged: %s", looks.complaint)
            trusted_at, doubted_at = 0.0, None
        if not believed(now, trusted_at, doubted_at):
            if doubted_at is None or now < doubted_at:
                doubted_at = now
            database.execute("INSERT OR REPLACE INTO retention VALUES (1, ?, ?)", (trusted_at, doubted_at))
            return 0
        database.execute("INSERT OR REPLACE INTO retention VALUES (1, ?, NULL)", (now,))
        expired = now - days * DAY_S
        deleted = database.execute(_DELETE_AHEAD, (now + DAY_S, expired)).rowcount
        deleted += database.execute("DELETE FROM remarks WHERE at < ?", (expired,)).rowcount
    if deleted:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return deleted


def _look(trusted_at: object, doubted_at: object) -> tuple[float | None, float | None]:
    return moment(trusted_at), None if doubted_at is None else moment(doubted_at)


_LOOKS: Final = Table("retention", ("trusted_at", "doubted_at"), _look)

_DELETE_AHEAD: Final = """
    DELETE FROM remarks WHERE (at > ?1 OR typeof(at) NOT IN ('integer', 'real'))
    AND id < (SELECT max(id) FROM remarks WHERE at < ?2)
"""
"""What has a date to come, or none that can be read, but was said before something that is too old."""
