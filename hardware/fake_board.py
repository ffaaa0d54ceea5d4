"""A GPIO chip that remembers: the kernel's side of `hardware.fake_lgpio`. It outlives the processes that use it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

OUR_NAME = "lg"
"""What lgpio tells the kernel that it is called."""

Level = Literal["in", 0, 1] | tuple[Literal["wave"], float]
"""What a line is at one time: an input, low, high, or a wave with its share of high in percent."""


@dataclass
class Pad:
    """A line as somebody with a probe sees it, and who has claimed it."""

    seen: list[Level] = field(default_factory=lambda: ["in"])
    """Everything it was, in order; the last is what it is."""
    level: int | None = 0
    """What it drives; None while, and after, a wave: nobody knows where it is."""
    pull: str = ""
    outside: int | None = None
    """What something outside drives an input to."""
    shorted: int | None = None
    """What it is whoever drives it: a wire is where it should not be."""
    user: str = ""

    def becomes(self, level: Level) -> None:
        self.level = level if isinstance(level, int) else None if isinstance(level, tuple) else self.level
        if self.seen[-1] != level:
            self.seen.append(level)

    @property
    def reading(self) -> int:
        if self.shorted is not None:
            return self.shorted
        if self.seen[-1] != "in":
            return self.level or 0
        return int(self.pull == "up") if self.outside is None else self.outside


@dataclass
class Board:
    """A GPIO chip and its lines. What is done to it stays when the process that did it has died."""

    label: str = "pinctrl-rp1"
    keeps_outputs: bool = True
    """Whether the kernel leaves an output as it is when nobody claims it any more, as a Raspberry Pi's own does."""
    pads: dict[int, Pad] = field(default_factory=lambda: {line: Pad() for line in range(54)})
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    """What was called, in order: the name, the line, and what else was given."""
    broken: set[int] = field(default_factory=set)
    """Lines that can be neither claimed, written nor read."""
    ticks_ns: int = 0
    """When an edge was, by the kernel's clock."""
    listeners: dict[int, list[Callable[[int, int, int, int], None]]] = field(default_factory=dict)

    def called(self, line: int) -> list[tuple[Any, ...]]:
        """The calls that were about this line, without it."""
        return [(name, *rest) for name, *about in self.calls if about and about[0] == line for rest in [about[1:]]]

    def drive(self, line: int, level: int | None) -> None:
        """What a button does; those who listen are told in this thread."""
        pad = self.pads[line]
        before, pad.outside = pad.reading, level
        if pad.reading != before:
            for listener in list(self.listeners.get(line, ())):
                listener(0, line, pad.reading, self.ticks_ns)

    def let_go(self, line: int) -> None:
        """Nobody claims the line any more."""
        pad = self.pads[line]
        pad.user = ""
        if pad.seen[-1] != "in" and not self.keeps_outputs:
            pad.becomes("in")
