"""Looks at two cards, and what follows from them."""

from __future__ import annotations

import pytest

from daemon.sound.echo.alignment import FIRST_LOOKS, JUMP_SAMPLES, STALE_S, WINDOW, Alignment

PERIOD_S = 0.02
PERIOD = 320


class Looks:
    def __init__(self) -> None:
        self.alignment = Alignment()
        self.now_s = 0.0
        self.end = 0

    def look(self, *lates_s: float, ahead: float = 1_000) -> None:
        """One look a period, so late each; `ahead` is by how much the speaker's position is ahead."""
        for late_s in lates_s:
            self.now_s += PERIOD_S
            self.end += PERIOD
            self.alignment.heard(self.end + ahead, self.now_s)
            self.alignment.captured(self.end, self.now_s + late_s)

    @property
    def offset(self) -> float:
        return self.alignment.position_at(self.end) - self.end


def test_the_first_look_is_better_than_nothing_and_some_more_set_it() -> None:
    looks = Looks()
    known_before = looks.alignment.known
    looks.look(0.01)
    assert (known_before, looks.alignment.known) == (False, True)
    assert looks.offset == pytest.approx(1_160)
    looks.look(*[0.0] * FIRST_LOOKS)
    assert looks.offset == pytest.approx(1_000)


def test_once_set_it_is_held_against_unsteady_looks() -> None:
    looks = Looks()
    looks.look(*[0.0] * WINDOW)
    looks.look(*[0.0, 0.004, 0.001, 0.003, 0.002] * 40)
    assert looks.offset == pytest.approx(1_000)
    assert looks.alignment.jumps == 0


def test_a_busy_machine_is_no_jump_but_several_looks_in_a_row_are() -> None:
    looks = Looks()
    looks.look(*[0.0] * WINDOW)
    looks.look(*[0.05] * (FIRST_LOOKS - 1), 0.0)
    assert looks.alignment.jumps == 0
    looks.look(*[0.0] * FIRST_LOOKS, ahead=1_000 + JUMP_SAMPLES)
    assert looks.alignment.jumps == 1
    assert looks.offset == pytest.approx(1_000 + JUMP_SAMPLES)


def test_what_crawls_away_is_followed_in_small_steps() -> None:
    looks = Looks()
    looks.look(*[0.0] * WINDOW)
    looks.look(*[0.0] * WINDOW, ahead=1_100)
    assert looks.offset == pytest.approx(1_000 + (100 - 32) / 4)


def test_a_speaker_that_was_not_seen_for_long_says_nothing() -> None:
    looks = Looks()
    looks.look(0.0)
    looks.alignment.captured(looks.end + 100_000, looks.now_s + STALE_S + 0.01)
    assert looks.offset == pytest.approx(1_000)
