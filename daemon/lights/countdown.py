"""What is left of a timer as a bar: which share, and when that will be another picture."""

from typing import Final

PARTS: Final = 4
"""Steps in which the last light of the bar fades."""
SOONEST_S: Final = 0.2


def left_of(left_s: float, length_s: float, count: int) -> tuple[float, float]:
    """The share that a bar of `count` lights shows of `length_s`, in steps, and in how many seconds it is less."""
    steps = count * PARTS
    step_s = length_s / steps
    shown = min(steps, max(0, -int(-left_s // step_s)))
    return shown / steps, max(SOONEST_S, left_s - (shown - 1) * step_s)
