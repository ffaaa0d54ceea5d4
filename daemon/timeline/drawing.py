"""The picture of a `Timeline`: one lane under the other over one axis of time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from daemon.timeline.svg import Picture, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daemon.timeline.timeline import Reading, Timeline

INK, GREY, FAINT, PAPER, PLOT = "#1f2a37", "#6b7683", "#e3e7ec", "#ffffff", "#f7f8fa"
BLUE, PURPLE, AMBER, GREEN, YELLOW = "#3f7fbf", "#8a63b8", "#d07f12", "#37946a", "#f2c744"

STATE_COLOURS: Final = {
    "idle": "#e7eaee",
    "listening": "#cfe4f7",
    "hearing": "#8fc1ee",
    "thinking": "#e0d2f0",
    "speaking": "#bfe5d0",
    "muted": "#f5c4c0",
}
"""By the conversation's own names; a name that is not here is grey."""

# Lengths in pixels
MARGIN: Final = 28
GUTTER: Final = 132  # left of the lanes, for their names
SHORTEST_WIDTH: Final = 1_020  # of the lanes
LONGEST_WIDTH: Final = 4_000
WIDTH_OF_1_S: Final = 24  # at least, up to LONGEST_WIDTH
LEVEL_HEIGHT: Final = 82
SCORE_HEIGHT: Final = 60
STATE_HEIGHT: Final = 30
BAR_HEIGHT: Final = 22
GAP: Final = 22  # between lanes
ROW: Final = 18  # of labels
LABEL: Final = 11.5
IN_BAR: Final = 12

MOST_ROWS: Final = 14
CROWDED: Final = -1
"""Instead of a row: what happened in too dense a crowd keeps its line and loses its label."""

LOWEST_DBFS: Final = -60
LONGEST_GAP_MS: Final = 200  # readings further apart belong to different sounds


def draw(timeline: Timeline) -> bytes:
    """`timeline` as an SVG document."""
    return Drawing(timeline).draw()


class Drawing:
    """Draws from top to bottom: `_y` is where the next lane begins."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._end_ms = timeline.end_ms
        self._width = min(max(SHORTEST_WIDTH, self._end_ms / 1000 * WIDTH_OF_1_S), LONGEST_WIDTH)
        self._right = GUTTER + self._width
        self._reach = self._right  # how far to the right anything goes
        self._y = 0.0
        self._picture = Picture(timeline.title)
        self._paper, self._back, self._front = (self._picture.layer() for _ in range(3))

    def draw(self) -> bytes:
        self._titles()
        marks = sorted((self._x(at), label) for at, label in self._timeline.marks)
        rows = stack(marks)
        self._y += ROW * (max(rows, default=CROWDED) + 1)
        top = self._y
        self._states()
        self._level("Microphone", self._timeline.microphone, BLUE, self._windows())
        self._score()
        self._sent()
        self._level("Speaker", self._timeline.speaker, GREEN, [])
        self._devices()
        self._marks(marks, rows, top)
        self._axis()
        width, height = self._reach + MARGIN, self._y + MARGIN
        self._paper.rect(0, 0, width, height, PAPER)
        return self._picture.to_bytes(width, height)

    def _x(self, at_ms: float) -> float:
        return GUTTER + at_ms / self._end_ms * self._width

    def _windows(self) -> list[tuple[float, float]]:
        """From which x to which x audio was sent."""
        return [(self._x(span.start_ms), self._x(span.end_ms or self._end_ms)) for span in self._timeline.activity]

    # Lanes

    def _titles(self) -> None:
        self._y = 40
        self._front.text((MARGIN, self._y), self._timeline.title, 20, INK, bold=True)
        self._reach = max(self._reach, MARGIN + text_width(self._timeline.title, 20))
        if self._timeline.subtitle:
            self._y += 22
            self._front.text((MARGIN, self._y), self._timeline.subtitle, 13, GREY)
        self._y += 22

    def _states(self) -> None:
        if not self._timeline.states:
            return
        self._name("State", STATE_HEIGHT)
        too_short: list[tuple[float, str]] = []
        for (start, name), (end, _) in pairwise([*self._timeline.states, (self._end_ms, "")]):
            left, right = self._x(start), self._x(end)
            if left == right:  # it was entered as the recording ended
                continue
            colour = STATE_COLOURS.get(name, "#d5dae1")
            self._front.rect(left, self._y, right - left - 1, STATE_HEIGHT, colour, r=4)
            if not self._in_bar((left, right), STATE_HEIGHT, name, INK):
                too_short.append((left, name))
        self._y += STATE_HEIGHT
        self._below(too_short)
        self._y += GAP

    def _below(self, labels: Sequence[tuple[float, str]]) -> None:
        """The names of states too short to hold them, with a line up to each."""
        rows = stack(labels)
        for (x, name), row in zip(labels, rows, strict=True):
            if row == CROWDED:
                continue
            baseline = self._y + 14 + ROW * row
            self._front.line((x + 0.5, self._y), (x + 0.5, baseline + 1), GREY, width=0.75)
            self._label(x, baseline, name, GREY)
        self._y += ROW * (max(rows, default=CROWDED) + 1)

    def _level(
        self, name: str, readings: Iterable[Reading], colour: str, tinted: Iterable[tuple[float, float]]
    ) -> None:
        """Loudness over time, on tinted ground where it was sent."""
        self._name(name, LEVEL_HEIGHT)
        self._front.text((MARGIN, self._y + LEVEL_HEIGHT / 2 + 20), "dBFS", 10.5, GREY)
        self._back.rect(GUTTER, self._y, self._width, LEVEL_HEIGHT, PLOT)
        base = self._y + LEVEL_HEIGHT
        for dbfs in (0, -20, -40, -60):
            self._rule(base - LEVEL_HEIGHT * loudness(dbfs), f"{dbfs}".replace("-", "−"))
        for left, right in tinted:
            self._back.rect(left, self._y, right - left, LEVEL_HEIGHT, AMBER, opacity=0.14)
        for sound in sounds(readings):
            points = [(self._x(at), base - LEVEL_HEIGHT * loudness(dbfs)) for at, dbfs in sound]
            self._front.area(points, base, colour, opacity=0.35)
            self._front.curve(points, colour, width=1)
        self._y = base + GAP

    def _score(self) -> None:
        self._name("Wake score", SCORE_HEIGHT)
        self._back.rect(GUTTER, self._y, self._width, SCORE_HEIGHT, PLOT)
        base = self._y + SCORE_HEIGHT
        self._rule(base, "0")
        self._rule(self._y, "1")
        points = [(self._x(at), base - SCORE_HEIGHT * score) for at, score in self._timeline.wake_score]
        if points:
            self._front.area(points, base, PURPLE, opacity=0.25)
            self._front.curve(points, PURPLE)
        threshold = self._timeline.wake_threshold
        y = base - SCORE_HEIGHT * threshold
        self._front.line((GUTTER, y), (self._right, y), PURPLE, dashes="4 4")
        self._front.text((self._right - 5, y - 5), f"threshold {threshold:g}", LABEL, PURPLE, anchor="end", halo=PLOT)
        self._y = base + GAP

    def _sent(self) -> None:
        self._rail("Audio sent")
        for left, right in self._windows():
            self._front.rect(left, self._y, right - left, BAR_HEIGHT, AMBER, r=3)
            seconds = (right - left) / self._width * self._end_ms / 1000
            self._in_bar((left, right), BAR_HEIGHT, f"{seconds:.2f} s", PAPER)
        self._y += BAR_HEIGHT + GAP

    def _devices(self) -> None:
        for name, changes in self._timeline.devices.items():
            self._rail(name)
            for (start, level), (end, _) in pairwise([*changes, (self._end_ms, 0.0)]):
                if level > 0:
                    left, right = self._x(start), self._x(end)
                    self._front.rect(left, self._y, right - left, BAR_HEIGHT, YELLOW, opacity=0.35 + 0.65 * level, r=3)
                    self._in_bar((left, right), BAR_HEIGHT, "on" if level >= 1 else f"{level * 100:.0f} %", INK)
            self._y += BAR_HEIGHT + 8

    def _marks(self, marks: Sequence[tuple[float, str]], rows: Sequence[int], top: float) -> None:
        """Lines across all lanes, from their labels above the lanes."""
        for (x, label), row in zip(marks, rows, strict=True):
            dot = top - 18 - ROW * row
            self._back.line((x, dot), (x, self._y), GREY, width=0.75, dashes="2 3")
            if row != CROWDED:
                self._front.dot((x, dot), 2.5, INK)
                self._label(x + 3, dot + 4, label, INK)

    def _axis(self) -> None:
        self._front.line((GUTTER, self._y), (self._right, self._y), GREY)
        step_ms = tick_step_ms(self._end_ms, self._width)
        for number in range(int(self._end_ms / step_ms) + 1):
            x = self._x(number * step_ms)
            self._front.line((x, self._y), (x, self._y + 5), GREY)
            self._front.text((x, self._y + 19), f"{number * step_ms / 1000:g} s", LABEL, GREY, anchor="middle")
        self._y += 22

    # Their parts

    def _name(self, name: str, height: float) -> None:
        fits = text_width(name, 12.5) <= GUTTER - MARGIN
        self._front.text((MARGIN, self._y + height / 2 + 4.5), name if fits else f"{name[:12]}…", 12.5, INK, bold=True)

    def _rail(self, name: str) -> None:
        """The ground of a lane of bars."""
        self._name(name, BAR_HEIGHT)
        self._back.rect(GUTTER, self._y, self._width, BAR_HEIGHT, PLOT, r=3)

    def _rule(self, y: float, text: str) -> None:
        self._back.line((GUTTER, y), (self._right, y), FAINT)
        self._front.text((GUTTER - 6, y + 3.5), text, 9.5, GREY, anchor="end")

    def _in_bar(self, bar: tuple[float, float], height: float, text: str, fill: str) -> bool:
        """Write `text` in the middle of a bar; whether there was room."""
        left, right = bar
        if text_width(text, IN_BAR) + 8 > right - left:
            return False
        self._front.text(((left + right) / 2, self._y + height / 2 + 4.5), text, IN_BAR, fill, anchor="middle")
        return True

    def _label(self, x: float, baseline: float, text: str, fill: str) -> None:
        self._front.text((x + 4, baseline), text, LABEL, fill, halo=PAPER)
        self._reach = max(self._reach, x + 4 + text_width(text, LABEL))


def stack(labels: Sequence[tuple[float, str]]) -> list[int]:
    """How many rows away from its lane each label must stand, so that none overlaps another or another's line.

    Labels extend to the right of their line, in the order of their x: one that reaches over the lines of others stands
    further away than all of those, and is CROWDED if that is too far.
    """
    rows = [0] * len(labels)
    for index in reversed(range(len(labels))):
        x, text = labels[index]
        reach = x + text_width(text, LABEL) + 14
        under = [rows[later] for later in range(index + 1, len(labels)) if labels[later][0] < reach]
        row = max(under, default=CROWDED) + 1
        rows[index] = row if row < MOST_ROWS else CROWDED
    return rows


def sounds(readings: Iterable[Reading]) -> list[list[Reading]]:
    """`readings` cut where nothing was heard for a while."""
    cut: list[list[Reading]] = []
    for reading in readings:
        if not cut or reading[0] - cut[-1][-1][0] > LONGEST_GAP_MS:
            cut.append([])
        cut[-1].append(reading)
    return cut


def loudness(dbfs: float) -> float:
    """0 for what is not worth showing, 1 for full scale."""
    return min(max(1 - dbfs / LOWEST_DBFS, 0.0), 1.0)


def tick_step_ms(end_ms: float, width: float) -> float:
    """A round step that leaves at least 60 pixels between two ticks."""
    steps = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000)
    return next((step for step in steps if step / end_ms * width >= 60), 600_000)
