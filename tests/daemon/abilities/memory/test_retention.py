"""What is too old goes, and a wrong clock takes nothing with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from daemon.abilities.memory.retention import DAY_S, delete_expired
from daemon.state.store import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 30
NOW = 20_000 * DAY_S


class Kept:
    """A history with a remark of each of these days, counted from NOW."""

    def __init__(self, *days: float) -> None:
        self.database = sqlite3.connect(":memory:")
        for step in STEPS:
            self.database.executescript(step)
        self.say(*days)

    def say(self, *days: float) -> None:
        for day in days:
            at = NOW + day * DAY_S
            self.database.execute("INSERT INTO remarks VALUES (NULL, ?, 1, 'user', 'x', '[]')", (at,))

    def look(self, day: float) -> list[float]:
        """What is left after a look at the clock on that day."""
        delete_expired(self.database, NOW + day * DAY_S, DAYS)
        return [(at - NOW) / DAY_S for (at,) in self.database.execute("SELECT at FROM remarks ORDER BY id")]


@contextmanager
def keeping(*days: float) -> Iterator[Kept]:
    kept = Kept(*days)
    with closing(kept.database):
        yield kept


@pytest.fixture
def kept() -> Iterator[Kept]:
    with keeping(-29, -2, 0) as kept:
        kept.look(0)
        yield kept


def test_day_by_day_what_is_too_old_goes(kept: Kept) -> None:
    assert kept.look(0.9) == [-29, -2, 0]
    assert kept.look(1.9) == [-2, 0]
    for day in range(3, 30):
        kept.look(day)
    assert kept.look(30.5) == []


@pytest.mark.parametrize("jump", [5 * 7, 9_000, -5 * 7, -9_000])
def test_a_jump_of_the_clock_that_is_set_right_costs_nothing(kept: Kept, jump: float) -> None:
    assert kept.look(jump) == [-29, -2, 0]
    assert kept.look(jump + 0.5) == [-29, -2, 0]
    assert kept.look(0.5) == [-29, -2, 0]
    assert kept.look(0.9) == [-29, -2, 0]


def test_after_a_long_time_without_power_it_goes_a_day_later(kept: Kept) -> None:
    assert kept.look(35) == [-29, -2, 0]
    assert kept.look(36) == []


def test_one_that_is_on_for_an_hour_a_week_forgets_too(kept: Kept) -> None:
    for week in range(1, 6):
        kept.look(7 * week)
    assert kept.look(42) == []


def test_a_clock_that_stays_behind_deletes_nothing_more_than_before(kept: Kept) -> None:
    assert [kept.look(-35 + day) for day in (0, 1, 2)] == [[-29, -2, 0]] * 3


def test_what_was_said_while_the_clock_was_ahead_goes_with_what_was_said_after_it() -> None:
    with keeping(-3, 9_000, 0) as kept:
        for day in range(27):
            kept.look(day)
        assert kept.look(27.5) == [9_000, 0]
        for day in range(28, 30):
            kept.look(day)
        assert kept.look(30.5) == []
