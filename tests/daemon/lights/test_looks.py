"""The one table: every state has its look, and no two look alike to anybody, on any light."""

from itertools import combinations, pairwise

import pytest

from daemon.conversation.commands import Pattern
from daemon.lights.looks import LOOKS, RHYTHMS, look_of
from daemon.lights.motions import moves_of
from hardware.header.rhythm import OFF


def test_there_is_a_look_for_every_pattern_and_for_no_other() -> None:
    assert set(LOOKS) == {pattern.value for pattern in Pattern}


def test_no_two_rhythms_are_alike() -> None:
    assert [(one, other) for one, other in combinations(RHYTHMS, 2) if RHYTHMS[one] == RHYTHMS[other]] == []


@pytest.mark.parametrize("count", [1, 2, 3, 12, 24])
@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_no_two_states_move_alike_whatever_their_colours(count: int, level: float) -> None:
    moves = {name: moves_of(look, count, level) for name, look in LOOKS.items()}
    assert [pair for pair in combinations(moves, 2) if moves[pair[0]] == moves[pair[1]]] == []


def test_only_idle_stays_dark() -> None:
    assert [name for name, rhythm in RHYTHMS.items() if not any(step.lit for step in rhythm)] == ["idle"]


@pytest.mark.parametrize("name", RHYTHMS)
def test_a_rhythm_that_moves_does_not_flicker_or_hang(name: str) -> None:
    rhythm = RHYTHMS[name]
    if len(rhythm) > 1:
        assert all(step.seconds is not None and 0.05 <= step.seconds <= 3 for step in rhythm)
        assert all(one.lit != other.lit for one, other in pairwise(rhythm))
    else:
        assert rhythm[0].seconds is None


def test_an_unknown_pattern_is_dark() -> None:
    assert look_of("disco").rhythm is OFF
