"""A device as the gate keeps it, and what others may have of that: a mark, a hold, a view."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from daemon.abilities.devices.working.bounds import Limits
    from hardware.base import Output, OutputState


class Cancellable(Protocol):
    """A callback that is to come."""

    def cancel(self) -> None: ...


Schedule = Callable[[float, Callable[[], object]], Cancellable]
"""Calls back in the loop's thread after so many seconds: `loop.call_later`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a device stands, and by which change it came to: the same `change` is the same state, undisturbed."""

    on: bool
    level: float
    change: int
    mode: str = ""


@dataclass(eq=False, slots=True)
class Hold:
    """Who has a device for itself for a while; turning it off ends that, for it is always possible."""

    ended: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A device for whoever only looks at it: `read` is what it reports of itself, and raises HardwareError."""

    name: str
    read: Callable[[], OutputState]


@dataclass
class Guarded:
    """One device, its bounds, and what has been done to it. Times are those of the gate's clock.

    `changed_at` is when it was last turned on or off. What happened before the start is not known, so a device that
    starts off counts as turned off then. `change` is the number of the change that led to the present state.
    """

    output: Output
    limits: Limits
    changed_at: float
    on: bool
    level: float
    mode: str = ""
    rests: bool = False  # it goes off by itself when it has got there, and stays where it is
    change: int = 0
    changes: deque[float] = field(default_factory=deque)  # of the last minute; the rate limit bounds it
    ahead: list[float] = field(default_factory=list)  # changes that are noted and not made yet: until when they may be
    writing: int = 0  # how many of those are not noted yet
    turning_off: Cancellable | None = None
    hold: Hold | None = None
    watching: Cancellable | None = None  # for the end of its hours
    noted: bool = False  # that it is, or is about to be on
    used_s: float = 0.0  # of its longest time, by the process before this one
    rested_at: float = 0.0  # when that counts no more, if it is off until then

    def carried_s(self, now: float) -> float:
        """How much of its longest time is used up when it is turned on now."""
        return self.used_s if self.used_s and now < self.rested_at else 0.0

    @property
    def name(self) -> str:
        return self.output.name
