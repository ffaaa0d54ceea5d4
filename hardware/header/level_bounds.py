"""Levels of outputs: refused where they are out of bounds, never clamped."""

from hardware.errors import HardwareError
from hardware.header.dimmer import HALF_STEP


def checked_level(name: str, level: float, low: float, high: float) -> float:
    """0.0, which is off, or `low` to `high`, in hundredths of a percent. Raises HardwareError for another.

    Refused rather than clamped, so that nobody is told of a level that was not set.
    """
    if not (level == 0 or (level > 0 and low - HALF_STEP <= level <= high + HALF_STEP)):
        raise HardwareError(
            f"level {level:g} is out of bounds for {name!r}", fix=f"choose 0, or a level from {low:g} to {high:g}"
        )
    return min(level, high)
