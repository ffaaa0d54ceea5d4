"""Colours and their names."""

import pytest

from hardware.header.colours import COLOURS, colour_of


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("level", [1.0, 0.37, 0.01])
def test_a_colour_is_known_at_any_level_to_the_step_that_a_pin_can_be_set(name: str, level: float) -> None:
    assert max(COLOURS[name]) == 1
    assert colour_of(tuple(round(share * level, 4) for share in COLOURS[name])) == name


@pytest.mark.parametrize("shares", [(0.0, 0.0, 0.0), (1.0, 0.5, 0.1), (0.2, 1.0, 0.0)])
def test_what_has_no_name_is_given_none(shares: tuple[float, ...]) -> None:
    assert colour_of(shares) == ""
