"""What the tool tests switch: a device that does as told, or as the test says, and a clock with its timers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from daemon.abilities.quiet.hours import Hours
from hardware.base import OutputState
from hardware.errors import HardwareError


@dataclass
class Pretended:
    """An `Output` without a pin. It has faults to choose from; `history` is what it was told."""

    name: str = "lamp"
    dimmable: bool = False
    state: OutputState = field(default_factory=lambda: OutputState(on=False))
    stuck_on: bool = False
    stuck_off: bool = False
    broken: bool = False
    loss: float = 0.0
    history: list[float] = field(default_factory=list)

    def switch(self, on: bool) -> None:
        self._write(1.0 if on else 0.0)

    def set_level(self, level: float) -> None:
        assert self.dimmable
        self._write(level)

    def read(self) -> OutputState:
        return self.state

    def make_safe(self) -> None:
        self.state = OutputState(on=False)

    def close(self) -> None:
        self.make_safe()

    def _write(self, level: float) -> None:
        if self.broken:
            raise HardwareError(f"pin of {self.name} failed", fix="look at it")
        self.history.append(level)
        on = (level > 0 or self.stuck_on) and not self.stuck_off
        self.state = OutputState(on=on, level=(level - self.loss if on else 0.0) if self.dimmable else None)


@dataclass
class Timer:
    due: float
    callback: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Clock:
    """A clock that moves when told, and calls what falls due on the way, at its time."""

    now: float = 1000.0
    timers: list[Timer] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def schedule(self, seconds: float, callback: Callable[[], object]) -> Timer:
        timer = Timer(self.now + seconds, callback)
        self.timers.append(timer)
        return timer

    def pending(self) -> list[Timer]:
        return sorted((timer for timer in self.timers if not timer.cancelled), key=lambda timer: timer.due)

    def step(self, seconds: float) -> None:
        until = self.now + seconds
        while (pending := self.pending()) and pending[0].due <= until:
            timer = pending[0]
            timer.cancelled = True
            self.now = timer.due
            timer.callback()
        self.now = until


@dataclass(frozen=True)
class Bounds:
    """`daemon.abilities.devices.working.gate.Limits` with nothing limited."""

    max_on_s: float = 0.0
    min_off_s: float = 0.0
    min_level: float = 0.0
    max_level: float = 1.0
    max_switches_per_minute: int = 600
    keeps_count: bool = False
    interlock: str = ""
    interlock_gap_s: float = 0.0
    allowed: Hours | None = None
    read_only: bool = False
    confirm: bool = False
