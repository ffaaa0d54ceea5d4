"""The largest volume at a time of day."""

from __future__ import annotations

from datetime import time

import pytest

from daemon.abilities.quiet.hours import Hours
from daemon.abilities.volume.ceilings import Ceiling, ceiling_at

NIGHT = Ceiling(Hours(time(22), time(7)), 30)
SMALL_HOURS = Ceiling(Hours(time(1), time(5)), 20)
EVENING = Ceiling(Hours(time(20), time(23)), 60)
NONE = Ceiling(Hours(time(6), time(6, 30)), 100)


@pytest.mark.parametrize(
    ("at", "ceiling"),
    [
        (time(12), None),
        (time(20), EVENING),
        (time(22), NIGHT),
        (time(1), SMALL_HOURS),
        (time(6, 15), NIGHT),
        (time(7), None),
    ],
)
def test_the_lowest_of_those_that_hold_counts(at: time, ceiling: Ceiling | None) -> None:
    assert ceiling_at([EVENING, NONE, NIGHT, SMALL_HOURS], at) == ceiling


def test_one_of_full_is_none() -> None:
    assert ceiling_at([NONE], time(6, 15)) is None
