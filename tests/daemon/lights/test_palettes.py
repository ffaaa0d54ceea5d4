"""Every palette has every hue, and the one for the colour blind tells apart what is told by colour."""

import pytest

from daemon.lights.looks import LOOKS
from daemon.lights.palettes import PALETTES, shares_of


@pytest.mark.parametrize("palette", PALETTES)
def test_every_look_has_its_hue_and_something_of_it_is_full(palette: str) -> None:
    assert [look.hue for look in LOOKS.values() if max(shares_of(palette, look.hue)) != 1.0] == []


def test_without_colours_all_are_white() -> None:
    assert set(PALETTES["white"].values()) == {(1.0, 1.0, 1.0)}


def deuteranope(shares: tuple[float, float, float]) -> tuple[float, float]:
    """What is left of a colour to somebody without green cones: about how yellow and how blue it is."""
    red, green, blue = shares
    return (0.37 * red + 0.63 * green, blue)


def test_what_matters_most_differs_without_red_and_green() -> None:
    listening, muted = (deuteranope(shares_of("distinct", LOOKS[name].hue)) for name in ("listening", "muted"))
    assert abs(listening[1] - muted[1]) > 0.8
