"""`pipit lights`: the row of lights as coloured squares in a terminal, from the frames that real ones would get."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.lights.films import film_of, frame_at
from daemon.lights.looks import LOOKS, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

FRAME_S: Final = 0.05
SQUARE: Final = "  "
PLAIN: Final = "\x1b[0m"
LOUDNESS: Final = (0.0, 0.25, 0.6, 1.0, 0.5, 0.8, 0.3, 0.1)
"""As if somebody spoke, for the one state that shows it."""
LOUDNESS_S: Final = 0.2
BLACK: Final = 24
"""A light that is off is still there."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Without `states` it is all of them."""

    states: Sequence[str] = ()
    count: int = 12
    palette: str = "usual"


def draw(
    drawn: Drawn,
    seconds: float,
    output: TextIO,
    *,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], object] = time.sleep,
) -> None:
    """Each state for so long, in its line of the terminal, which shows colours by 24 bits; else one frame a state."""
    moves = output.isatty()
    for state in drawn.states or LOOKS:
        label = f" {state}: {look_of(state).meaning}"
        began_s = clock()
        while moves and (passed_s := clock() - began_s) < seconds:
            print(f"\r{line_of(drawn, state, passed_s)}{label}", end="", file=output, flush=True)
            pause(FRAME_S)
        print(f"{chr(13) if moves else ''}{line_of(drawn, state, 0.0)}{label}", file=output, flush=True)


def line_of(drawn: Drawn, state: str, seconds: float) -> str:
    """The lights so long after the state began."""
    level = LOUDNESS[int(seconds / LOUDNESS_S) % len(LOUDNESS)]
    frame = frame_at(film_of(state, drawn.count, drawn.palette, 1.0, level), seconds)
    squares = (_square(*frame[at : at + 3]) for at in range(0, len(frame), 3))
    return f"{' '.join(squares)}{PLAIN}"


def _square(red: int, green: int, blue: int) -> str:
    """A screen has the gamma in it that lights have not."""
    shown = (BLACK + round((255 - BLACK) * (value / 255) ** (1 / 2.2)) for value in (red, green, blue))
    return "\x1b[48;2;{};{};{}m{}{}".format(*shown, SQUARE, PLAIN)
