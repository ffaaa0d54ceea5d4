"""Where a servo stands: an angle in degrees from the middle, or the level of an output, of which 0 is to rest."""

from typing import Final

LEAST: Final = 0.001
"""The level of the lowest angle."""


def level_of(angle: float, low: float, high: float) -> float:
    """LEAST for the angle `low`, 1.0 for `high`."""
    return LEAST + (angle - low) / (high - low) * (1 - LEAST)


def angle_of(level: float, low: float, high: float) -> float:
    """`low` for the level LEAST, `high` for 1.0."""
    return low + (level - LEAST) / (1 - LEAST) * (high - low)
