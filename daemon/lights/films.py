"""From a look to a film: what each light of a row is told, frame by frame. A function of what is given, no more."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from daemon.lights.looks import look_of
from daemon.lights.motions import as_level, bar, moves_of
from daemon.lights.palettes import shares_of

if TYPE_CHECKING:
    from daemon.lights.motions import Brightnesses
    from hardware.base import Film
    from hardware.header.colours import Shares

GAMMA: Final = 2.2
"""An eye takes half of the light for nearly as bright: what is to look half as bright is this power of it."""
KEPT: Final = 64
"""Films that are remembered: each state, dimmed or not, and each level."""
BAR_HUE: Final = "white"
LEFT_BRIGHTNESS: Final = 0.45


@lru_cache(maxsize=KEPT)
def film_of(pattern: str, count: int, palette: str = "usual", light: float = 1.0, level: float = 0.0) -> Film:
    """What `count` lights show of a pattern; `light` is how bright the brightest is, 0 to 1, in light.

    `level` is how loud it is, 0 to 1.
    """
    look = look_of(pattern)
    shares = shares_of(palette, look.hue)
    return tuple(
        (_frame(brightnesses, shares, light), seconds)
        for brightnesses, seconds in moves_of(look, count, as_level(level))
    )


def bar_film(share: float, count: int, light: float = 1.0) -> Film:
    """A still bar: the volume."""
    return ((_frame(bar(share, count), shares_of("white", BAR_HUE), light), None),)


def left_film(share: float, count: int, palette: str = "usual", light: float = 1.0) -> Film:
    """A faint still bar: what is left of a timer."""
    return ((_frame(bar(share, count, LEFT_BRIGHTNESS), shares_of(palette, "yellow"), light), None),)


def frame_at(film: Film, seconds: float) -> bytes:
    """What is shown so long after the film began."""
    lengths = [length for _, length in film if length is not None]
    left = seconds % sum(lengths) if len(lengths) == len(film) else seconds
    for frame, length in film:
        if length is None or left < length:
            return frame
        left -= length
    return film[-1][0]


def _frame(brightnesses: Brightnesses, shares: Shares, light: float) -> bytes:
    return b"".join(_pixel(brightness, shares, light) for brightness in brightnesses)


def _pixel(brightness: float, shares: Shares, light: float) -> bytes:
    """Red, green and blue; whatever is not quite dark has its strongest colour lit, however faint."""
    strength = brightness**GAMMA * light
    if not strength:
        return bytes(3)
    values = [round(255 * strength * share) for share in shares]
    strongest = shares.index(max(shares))
    values[strongest] = max(1, values[strongest])
    return bytes(values)
