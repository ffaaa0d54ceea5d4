"""Which colour each hue of a look is, for the eyes of the household."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from hardware.header.colours import COLOURS, Shares

PaletteName = Literal["usual", "distinct", "white"]

_DISTINCT: Final[Mapping[str, Shares]] = {
    "white": (1.0, 1.0, 1.0),
    "blue": (0.0, 0.24, 1.0),
    "cyan": (0.12, 0.5, 1.0),
    "purple": (0.0, 0.24, 1.0),
    "green": (1.0, 0.8, 0.06),
    "yellow": (1.0, 1.0, 1.0),
    "red": (1.0, 0.16, 0.0),
    "orange": (1.0, 0.4, 0.0),
}
"""Blue, yellow and what lies between orange and red: after Okabe and Ito, Color Universal Design (2008), in light."""

PALETTES: Final[Mapping[str, Mapping[str, Shares]]] = MappingProxyType(
    {
        "usual": {hue: COLOURS[hue] for hue in _DISTINCT},
        "distinct": _DISTINCT,
        "white": dict.fromkeys(_DISTINCT, (1.0, 1.0, 1.0)),
    }
)
"""By the values of `[indicator] colours`: each has every hue of `daemon.lights.looks`."""


def shares_of(palette: str, hue: str) -> Shares:
    """How much red, green and blue, of which one is full."""
    return PALETTES[palette][hue]
