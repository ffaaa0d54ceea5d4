"""The largest volume by time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from daemon.abilities.quiet.hours import Hours
from daemon.abilities.volume.scale import FULL


@dataclass(frozen=True)
class Ceiling:
    """In these hours nothing but an alarm is louder than `percent`."""

    hours: Hours
    percent: int


def ceiling_at(ceilings: Sequence[Ceiling], at: time) -> Ceiling | None:
    """The lowest of those that hold when the wall clock shows `at`; None if none does."""
    holding = [ceiling for ceiling in ceilings if ceiling.hours.hold(at) and ceiling.percent < FULL]
    return min(holding, key=lambda ceiling: ceiling.percent, default=None)
