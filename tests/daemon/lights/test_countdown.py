"""What is left of a timer, in the steps that can be seen."""

import pytest

from daemon.lights.countdown import left_of


def test_it_is_all_at_first_and_nothing_at_the_end() -> None:
    assert left_of(60, 60, 12) == (1.0, pytest.approx(1.25))
    assert left_of(0, 60, 12)[0] == 0
    assert left_of(-5, 60, 12)[0] == 0
    assert left_of(0.01, 60, 12)[0] == pytest.approx(1 / 48)


def test_it_changes_when_it_says_so_and_not_before() -> None:
    left_s, seen = 60.0, []
    while left_s > 0:
        share, wait_s = left_of(left_s, 60, 12)
        seen.append(share)
        assert left_of(left_s - wait_s + 0.01, 60, 12)[0] == share
        left_s -= wait_s
    assert seen == pytest.approx([step / 48 for step in range(48, 0, -1)])


def test_of_a_long_one_it_wakes_hardly_ever() -> None:
    assert left_of(3600, 3600, 12)[1] == pytest.approx(75)


def test_of_a_short_one_not_too_often() -> None:
    assert left_of(1, 1, 24)[1] >= 0.2
