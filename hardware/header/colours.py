"""Colours by their names, as shares of red, green and blue, of which one is always full."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Shares = tuple[float, float, float]

COLOURS: Final[Mapping[str, Shares]] = MappingProxyType(
    {
        "white": (1.0, 1.0, 1.0),
        "warm white": (1.0, 0.7, 0.35),
        "red": (1.0, 0.0, 0.0),
        "orange": (1.0, 0.35, 0.0),
        "yellow": (1.0, 0.75, 0.0),
        "green": (0.0, 1.0, 0.0),
        "cyan": (0.0, 1.0, 1.0),
        "blue": (0.0, 0.0, 1.0),
        "purple": (0.55, 0.0, 1.0),
        "magenta": (1.0, 0.0, 1.0),
        "pink": (1.0, 0.3, 0.5),
    }
)
"""Chosen by eye for what light-emitting diodes look like, whose green is brighter than that of a screen."""

_ALIKE: Final = 0.02
_STEP: Final = 1e-4
"""As finely as a pin can be set."""


def colour_of(shares: tuple[float, ...]) -> str:
    """The name of what shines so, at whatever level; empty for none that has a name."""
    if not (level := max(shares)):
        return ""
    for name, wanted in COLOURS.items():
        if all(abs(share - part * level) <= _ALIKE * level + _STEP for share, part in zip(shares, wanted, strict=True)):
            return name
    return ""
