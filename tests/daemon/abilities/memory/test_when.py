"""Moments of the wall clock, as the household counts them."""

from __future__ import annotations

import pytest

from daemon.abilities.memory.when import midnight, moment, shown_time

AT = moment("2026-03-01T18:05")


def test_a_day_begins_at_midnight_here() -> None:
    assert shown_time(midnight(AT)) == "2026-03-01 00:00"


@pytest.mark.parametrize("text", ["2026-03-01T18:05", "2026-03-01 18:05:59", "20260301T1805"])
def test_a_moment_is_shown_to_the_minute_in_the_time_that_it_was_given_in(text: str) -> None:
    assert shown_time(moment(text)) == "2026-03-01 18:05"


def test_a_date_is_its_midnight() -> None:
    assert moment("2026-03-01") == midnight(AT) == midnight(midnight(AT))


@pytest.mark.parametrize("text", ["yesterday", "", "2026-02-30", "18:05", "0001-01-01T00:00+23:59"])
def test_what_is_no_moment_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's
        moment(text)
