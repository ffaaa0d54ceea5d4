"""From what clocks on the wall show to an instant: the one place that says what a missing and a doubled hour mean.

A time that is missing, because the clocks go forward over it, is the first instant after the gap; of one that comes
twice, the first of the two is meant. What `zoneinfo` itself makes of a missing time lies before it or after it, by
`fold` (PEP 495).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


@lru_cache(maxsize=256)
def instant_of(wall: datetime, zone: tzinfo) -> float:
    """When clocks in `zone` show `wall`, which has no zone of its own; in seconds since 1970.

    What waits is asked for its instant at every look, several times.
    """
    first = wall.replace(tzinfo=zone, fold=0).timestamp()
    if shown_at(first, zone) == wall:
        return first
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return _turn(wall, zone, before, after)


def _turn(wall: datetime, zone: tzinfo, before: timedelta, after: timedelta) -> float:
    """The first instant after the gap that `wall` is in, found by halving the time in which the offset changes."""
    naive = wall.replace(tzinfo=UTC).timestamp()
    low, high = int(naive - after.total_seconds()) - 1, int(naive - before.total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if shown_at(middle, zone) < wall:
            low = middle
        else:
            high = middle
    return float(high)


def shown_at(at: float, zone: tzinfo) -> datetime:
    """What clocks in `zone` show at `at`, seconds since 1970; without a zone."""
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)
