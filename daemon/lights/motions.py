"""How a row or ring of `count` lights moves: how bright each is, from step to step. No colours, and no time but steps.

A frame is short enough to be seen as movement and no shorter: each one wakes the machine.
"""

from __future__ import annotations

from itertools import pairwise
from math import acos, ceil, pi
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from daemon.lights.looks import Look
    from hardware.header.rhythm import Rhythm

Brightnesses = tuple[float, ...]
"""Of each light as an eye sees it, 0 to 1."""
Moves = tuple[tuple[Brightnesses, float | None], ...]
"""Brightnesses and how many seconds they last, over and over; None is for ever."""

BREATH_S: Final = 3.2
BREATH_STEPS: Final = 7
"""From the faintest to the brightest, each as large as the others: where it changes slowly, frames last longer."""
FAINTEST: Final = 0.15
"""While it breathes it is never quite dark."""
TURN_S: Final = 1.2
LEAST_FRAME_S: Final = 0.05
"""Twenty a second at most."""
TAIL: Final = (1.0, 0.5, 0.22)
LEVELS: Final = 8
"""As finely as loudness is shown."""
SMALLEST_SPIN: Final = 3
SMALLEST_DOTS: Final = 2
SMALLEST_SWELL: Final = 3


def moves_of(look: Look, count: int, level: float = 0.0) -> Moves:
    """`level` is how loud it is, 0 to 1, for the one motion that asks."""
    match look.motion:
        case "breathe":
            return _breath(count)
        case "spin" if count >= SMALLEST_SPIN:
            return _turn(count)
        case "dots" if count >= SMALLEST_DOTS:
            return ((_dots(count), None),)
        case "swell" if count >= SMALLEST_SWELL:
            return ((_swollen(count, level), None),)
    return _blinks(look.rhythm, count)


def bar(share: float, count: int, brightness: float = 1.0) -> Brightnesses:
    """The first `share` of the lights, the last of them in part; never all dark for what is more than nothing."""
    full = share * count
    lit = tuple(max(0.0, min(1.0, full - place)) * brightness for place in range(count))
    return lit if any(value > FAINTEST * brightness for value in lit) or share <= 0 else (FAINTEST, *lit[1:])


def as_level(level: float) -> float:
    """`level` as finely as it is shown: what shows no difference is no new picture."""
    return round(max(0.0, min(1.0, level)) * LEVELS) / LEVELS


def _blinks(rhythm: Rhythm, count: int) -> Moves:
    return tuple((((1.0 if step.lit else 0.0),) * count, step.seconds) for step in rhythm)


def _breath(count: int) -> Moves:
    """In and out as a cosine."""
    depths = [step / BREATH_STEPS for step in range(BREATH_STEPS + 1)]
    turns = [acos(1 - 2 * min(1.0, depth + 0.5 / BREATH_STEPS)) / pi for depth in depths]  # when the next is nearer
    lengths = [(end - start) * BREATH_S / 2 for start, end in pairwise([0.0, *turns[:-1], 1.0])]
    frames = [
        ((FAINTEST + (1 - FAINTEST) * depth,) * count, length) for depth, length in zip(depths, lengths, strict=True)
    ]
    (faintest, first_s), *rising, (brightest, last_s) = frames
    return ((faintest, 2 * first_s), *rising, (brightest, 2 * last_s), *reversed(rising))


def _turn(count: int) -> Moves:
    frames = min(count, int(TURN_S / LEAST_FRAME_S))
    heads = (n * count // frames for n in range(frames))
    return tuple((_comet(head, count), TURN_S / frames) for head in heads)


def _comet(head: int, count: int) -> Brightnesses:
    lit = [0.0] * count
    for behind, brightness in reversed(list(enumerate(TAIL[: count - 1]))):
        lit[(head - behind) % count] = brightness
    return tuple(lit)


def _dots(count: int) -> Brightnesses:
    places = {0, count // 2} if count > SMALLEST_SWELL else {0}
    return tuple(1.0 if place in places else 0.0 for place in range(count))


def _swollen(count: int, level: float) -> Brightnesses:
    """From the middle on; a third at least, and never all, which is another state."""
    lit = min(count - 1, ceil(count / 3) + round((count - 1 - ceil(count / 3)) * as_level(level)))
    first = (count - lit) // 2
    return tuple((0.4 + 0.6 * as_level(level)) if first <= place < first + lit else 0.0 for place in range(count))
