"""How a light of one colour shows the named patterns: by rhythm alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """Lit or dark for `seconds`; None is for ever."""

    lit: bool
    seconds: float | None = None


Rhythm = tuple[Step, ...]
"""Steps that repeat, at least one."""

OFF: Final[Rhythm] = (Step(lit=False),)


def _blink(*seconds: float) -> Rhythm:
    """Lit, dark, lit, dark … for these seconds each."""
    return tuple(Step(lit=place % 2 == 0, seconds=length) for place, length in enumerate(seconds))


RHYTHMS: Final[Mapping[str, Rhythm]] = MappingProxyType(
    {
        "idle": OFF,
        "listening": (Step(lit=True),),
        "hearing": _blink(0.4, 0.1),  # solid that winks: still listening, and to you
        "thinking": _blink(0.5, 0.5),  # slow pulse
        "speaking": _blink(0.1, 0.1, 0.1, 0.7),  # double blink
        "watching": _blink(0.1, 0.1, 0.1, 0.1, 0.1, 0.3),  # triple blink without a rest: the camera is on
        "ringing": _blink(0.4, 0.2, 0.4, 1.0),  # as a telephone rings: two long, and a rest
        "muted": _blink(0.1, 2.9),  # a short flash now and then: alive, but deaf
        "failed": _blink(0.1, 0.1),  # fast blink
    }
)
"""By the values of `daemon.conversation.commands.Pattern`."""


def rhythm_of(pattern: str) -> Rhythm:
    """The rhythm of a pattern; an unknown one is dark."""
    return RHYTHMS.get(pattern, OFF)
