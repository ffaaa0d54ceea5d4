"""A minute of what was heard, as a picture: level and room, score, voice and gate over one axis of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.timeline.svg import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daemon.meter.hearing_meter import Moment
    from daemon.timeline.svg import Layer, Point

INK, GREY, FAINT, PAPER, PLOT = "#1f2a37", "#6b7683", "#e3e7ec", "#ffffff", "#f7f8fa"
BLUE, ORANGE, GREEN, GATE = "#3f7fbf", "#d07f12", "#37946a", "#dfe9f3"

MARGIN: Final = 28
GUTTER: Final = 100
WIDTH: Final = 960
HEIGHT: Final = 90
GAP: Final = 26
LOWEST_DBFS: Final = -90.0
TICKS: Final = 6


def minute_chart(moments: Sequence[Moment], threshold: float, title: str) -> bytes:
    """An SVG document of one moment at least; `threshold` is the score from which a wake word counts."""
    return _Chart(moments, title).drawn(threshold)


class _Chart:
    """Draws from top to bottom: `_y` is where the next lane begins."""

    def __init__(self, moments: Sequence[Moment], title: str) -> None:
        self._moments = moments
        self._begin_s = moments[0].at_s
        self._length_s = max(moments[-1].at_s - self._begin_s, 0.08)
        self._picture = Picture(title)
        self._paper, self._back, self._front = (self._picture.layer() for _ in range(3))
        self._front.text((MARGIN, 38), title, 18, INK, bold=True)
        self._y = 64.0

    def drawn(self, threshold: float) -> bytes:
        self._level()
        self._share("wake word", lambda moment: moment.score, ORANGE, mark=threshold)
        self._fired()
        self._share("voice", lambda moment: moment.voice, GREEN)
        self._axis()
        width, height = GUTTER + WIDTH + MARGIN, self._y + MARGIN
        self._paper.rect(0, 0, width, height, PAPER)
        return self._picture.to_bytes(width, height)

    def _x(self, at_s: float) -> float:
        return GUTTER + (at_s - self._begin_s) / self._length_s * WIDTH

    def _points(self, share: Callable[[Moment], float]) -> list[Point]:
        bottom = self._y + HEIGHT
        return [(self._x(moment.at_s), bottom - max(0.0, min(1.0, share(moment))) * HEIGHT) for moment in self._moments]

    def _lane(self, name: str) -> Layer:
        self._back.rect(GUTTER, self._y, WIDTH, HEIGHT, PLOT)
        self._front.text((MARGIN, self._y + 16), name, 12, GREY)
        return self._front

    def _level(self) -> None:
        """Behind it is where the gate was open."""
        front = self._lane("level, dBFS")
        hop = WIDTH / max(1, len(self._moments) - 1)
        for moment in self._moments:
            if moment.gate_open:
                self._back.rect(self._x(moment.at_s), self._y, hop + 0.2, HEIGHT, GATE)
        front.area(self._points(lambda moment: 1 - moment.rms_dbfs / LOWEST_DBFS), self._y + HEIGHT, BLUE, opacity=0.55)
        front.curve(self._points(lambda moment: 1 - moment.noise_dbfs / LOWEST_DBFS), INK, width=1)
        for moment in self._moments:
            if moment.clipped:
                front.dot((self._x(moment.at_s), self._y + 4), 2.5, ORANGE)
        for dbfs in (0, -30, -60):
            front.text((GUTTER - 8, self._y + HEIGHT * dbfs / LOWEST_DBFS + 4), str(dbfs), 10, GREY, anchor="end")
        self._y += HEIGHT + GAP

    def _share(self, name: str, share: Callable[[Moment], float], colour: str, *, mark: float | None = None) -> None:
        front = self._lane(name)
        front.area(self._points(share), self._y + HEIGHT, colour, opacity=0.35)
        front.curve(self._points(share), colour)
        if mark is not None:
            height = self._y + HEIGHT * (1 - mark)
            front.line((GUTTER, height), (GUTTER + WIDTH, height), GREY, dashes="4 4")
        self._y += HEIGHT + GAP

    def _fired(self) -> None:
        """Written into the lane above."""
        for moment in self._moments:
            for word in moment.fired:
                at = (self._x(moment.at_s), self._y - GAP - HEIGHT + 14)
                self._front.text(at, word, 11, INK, anchor="middle", halo=PLOT)

    def _axis(self) -> None:
        for tick in range(TICKS + 1):
            at_s = self._begin_s + self._length_s * tick / TICKS
            self._front.text((self._x(at_s), self._y), f"{at_s:.1f} s", 11, GREY, anchor="middle")
