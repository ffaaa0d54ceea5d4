"""Rules: which are taken, and which are refused before any library walks them."""

from __future__ import annotations

from datetime import UTC

import pytest

from daemon.abilities.timers.recurrence import rule_of, stored_rule
from daemon.abilities.timers.refused import Refused

TAKEN = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SA",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=DAILY;COUNT=3",
    "FREQ=DAILY;UNTIL=20271231",
    "freq=weekly;byday=mo;",
]
REFUSED = [
    "",
    "every day",
    "FREQ=HOURLY",
    "FREQ=SECONDLY;INTERVAL=1",
    "FREQ=DAILY;DTSTART=20260101T000000",
    "FREQ=DAILY;TZID=Europe/Berlin",
    "FREQ=DAILY;EXDATE=20260101T000000",
    "FREQ=DAILY;BYSECOND=1",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;COUNT=3;UNTIL=20271231",
    "FREQ=DAILY;UNTIL=20271231T070000",
    "FREQ=DAILY;FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,1,2,3,4",
    "FREQ=DAILY;" * 10_000,
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_a_household_asks_for_is_taken_and_read_back_as_it_was(text: str) -> None:
    rule = rule_of(text, UTC)
    assert stored_rule(str(rule)) == rule


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refused) as refused:
        rule_of(text, UTC)
    assert refused.value.fix
    assert len(refused.value.message) < 200
