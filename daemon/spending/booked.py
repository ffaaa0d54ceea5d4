"""What a start has to know of what was used before: the days of the newest month, and what the service has in mind."""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from daemon.spending.prices import Billed
from daemon.spending.spending import LATEST, last_possible_day
from daemon.state.rows import DamagedRowError, Table, day, whole, whole_or_none

if TYPE_CHECKING:
    from daemon.state.store import Store

MONTH: Final = len("YYYY-MM")
_DAYS: Final = "SELECT day, count(*) FROM usage GROUP BY day"

log = logging.getLogger(__name__)


def spent_lately(store: Store) -> dict[str, int]:
    """Micro-units by day (YYYY-MM-DD), of the newest month in which something was booked.

    What cannot be read is not known: it counts in no limit, and the log says so.
    """
    latest = store.rows(LATEST)
    last = last_possible_day(latest[0][0] if latest else None)
    days, unknown = [], 0
    for found, count in store.rows(_DAYS):
        if (named := _day_or_none(found)) and named <= last:
            days.append(named)
        else:
            unknown += count
    month = max(days, default="")[:MONTH]
    spent: dict[str, int] = defaultdict(int)
    for named, cost in store.read(_COSTS, "WHERE day >= ? AND day <= ?", (month or last, last)):
        spent[named] += cost
    if unknown:
        log.warning(
            "%d turns of the usage cannot be read: what they cost is not known, and counts in no limit", unknown
        )
    return dict(spent)


def _day_or_none(found: object) -> str | None:
    try:
        return day(found)
    except DamagedRowError:
        return None


def _cost(named: object, cost: object) -> tuple[str, int]:
    return day(named), whole_or_none(cost) or 0


_COSTS: Final = Table("usage", ("day", "cost"), _cost)


def _context(text: object, sound: object, reply: object, pictures: object) -> Billed:
    return Billed(whole(text), whole(sound) + whole(reply), whole(pictures))


CONTEXTS: Final = Table("usage", ("text_in", "audio_in", "audio_out", "image_in"), _context)
"""What of a report is in the next prompt again."""
