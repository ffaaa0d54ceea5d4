"""Lit and dark in turn: how a light of one colour says something."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """Lit or dark for `seconds`; None is for ever."""

    lit: bool
    seconds: float | None = None


Rhythm = tuple[Step, ...]
"""Steps that repeat, at least one."""

OFF: Final[Rhythm] = (Step(lit=False),)
STEADY: Final[Rhythm] = (Step(lit=True),)


def blink(*seconds: float) -> Rhythm:
    """Lit, dark, lit, dark … for these seconds each."""
    return tuple(Step(lit=place % 2 == 0, seconds=length) for place, length in enumerate(seconds))
