from itertools import combinations, pairwise

import pytest

from daemon.conversation.commands import Pattern
from hardware.header.rhythm import OFF, RHYTHMS, rhythm_of


def test_there_is_a_rhythm_for_every_pattern_and_for_no_other():
    assert set(RHYTHMS) == {pattern.value for pattern in Pattern}


@pytest.mark.parametrize(("one", "other"), list(combinations(RHYTHMS, 2)))
def test_no_two_patterns_look_alike(one, other):
    assert RHYTHMS[one] != RHYTHMS[other]


def test_only_idle_stays_dark():
    assert [name for name, rhythm in RHYTHMS.items() if not any(step.lit for step in rhythm)] == ["idle"]


@pytest.mark.parametrize("name", RHYTHMS)
def test_a_rhythm_that_moves_does_not_flicker_or_hang(name):
    rhythm = RHYTHMS[name]
    if len(rhythm) > 1:
        assert all(step.seconds is not None and 0.05 <= step.seconds <= 3 for step in rhythm)
        assert all(one.lit != other.lit for one, other in pairwise(rhythm))
    else:
        assert rhythm[0].seconds is None


def test_an_unknown_pattern_is_dark():
    assert rhythm_of("disco") is OFF
