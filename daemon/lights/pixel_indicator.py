"""The light as a row or ring: patterns, and for a while what was changed or what is left. Not thread-safe."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, Self

from daemon.lights.countdown import left_of
from daemon.lights.films import GAMMA, bar_film, film_of, left_film
from daemon.lights.motions import as_level
from hardware.lights.projector import Projector

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from daemon.lights.palettes import PaletteName
    from hardware.base import Film, Pixels
    from hardware.header.pacing import Cancellable, Later

BAR_S: Final = 2.0
DIMMED: Final = 0.25
"""In quiet hours it looks a quarter as bright."""
PROMISED: Final = frozenset({"watching", "muted"})
"""No bar hides that the camera is on, or that the microphone is not."""
AT_REST: Final = "idle"
LOUD: Final = "hearing"
"""The pattern that shows how loud it is."""


class PixelIndicator:
    """Implements `hardware.base.Indicator` and `Dimmable`. What is shown is worked out here, and shown by a thread."""

    def __init__(
        self,
        pixels: Pixels,
        *,
        palette: PaletteName = "usual",
        brightness_percent: int = 100,
        later: Later | None = None,
        clock: Callable[[], float] = time.monotonic,
        projector: Projector | None = None,
    ) -> None:
        """`later` is the loop's `call_later` unless a test keeps the time, and `clock` never goes back."""
        self._projector = projector or Projector(pixels)
        self._count = pixels.count
        self._palette = palette
        self._full = brightness_percent / 100
        self._later = later
        self._clock = clock
        self._pattern = AT_REST
        self._dimmed = False
        self._level = 0.0
        self._bar: Film | None = None
        self._bar_ends: Cancellable | None = None
        self._timer: tuple[float, float] | None = None  # when it ends by the clock, and how long it is
        self._tick: Cancellable | None = None
        self._open = False

    async def __aenter__(self) -> Self:
        """Lights that cannot be used are told, and looked for again: they are no reason to be silent."""
        self._later = self._later or asyncio.get_running_loop().call_later
        self._projector.start()
        self._open = True
        self._show()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        for waiting in (self._bar_ends, self._tick):
            if waiting:
                waiting.cancel()
        await asyncio.to_thread(self._projector.stop)

    def show(self, pattern: str) -> None:
        """An unknown pattern shows as off."""
        self._pattern = pattern
        self._level = 0.0
        self._show()

    def dim(self, dimmed: bool) -> None:
        """Less bright, or as bright as ever, from the next pattern that is shown on."""
        self._dimmed = dimmed

    def loudness(self, level: float) -> None:
        """How loud it is that is heard, from 0 to 1."""
        if self._pattern == LOUD and as_level(level) != self._level:
            self._level = as_level(level)
            self._show()

    @property
    def wants_loudness(self) -> bool:
        return self._pattern == LOUD

    def bar(self, share: float) -> None:
        """Show for two seconds how much something is, from 0 to 1."""
        self._bar = bar_film(share, self._count, self._light)
        if self._bar_ends:
            self._bar_ends.cancel()
        self._bar_ends = self._call(BAR_S, self._end_bar)
        self._show()

    def count_down(self, left_s: float, length_s: float) -> None:
        """Show at rest what is left of so long a time, less and less. Of nothing there is nothing to show."""
        self._timer = (self._clock() + left_s, length_s) if left_s > 0 and length_s > 0 else None
        self._show()

    @property
    def _light(self) -> float:
        return float((self._full * (DIMMED if self._dimmed else 1.0)) ** GAMMA)

    def _end_bar(self) -> None:
        self._bar = self._bar_ends = None
        self._show()

    def _show(self) -> None:
        if self._open:
            self._projector.show(self._film())

    def _film(self) -> Film:
        if self._tick:
            self._tick.cancel()
            self._tick = None
        if self._bar and self._pattern not in PROMISED:
            return self._bar
        if self._timer and self._pattern == AT_REST:
            return self._left(*self._timer)
        return film_of(self._pattern, self._count, self._palette, self._light, self._level)

    def _left(self, ends_s: float, length_s: float) -> Film:
        share, wait_s = left_of(ends_s - self._clock(), length_s, self._count)
        if share:
            self._tick = self._call(wait_s, self._show)
        return left_film(share, self._count, self._palette, self._light)

    def _call(self, seconds: float, back: Callable[[], object]) -> Cancellable | None:
        return self._later(seconds, back) if self._later else None
