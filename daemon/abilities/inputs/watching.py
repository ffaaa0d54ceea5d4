"""From what a pin does to what it means, and to what that starts."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Protocol

from daemon.abilities.inputs.deeds import VOLUME, Allowance
from daemon.abilities.inputs.kinds.moments import MOMENTS
from daemon.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from daemon.abilities.inputs.deeds import Deeds
    from daemon.abilities.inputs.kinds.moments import Moment
    from daemon.abilities.inputs.settings import InputSettings
    from hardware.base import Knob, Switch

log = logging.getLogger(__name__)


class Later(Protocol):
    """`call_later` of a loop: seconds, and what is called then."""

    def __call__(self, delay: float, callback: Callable[[], object], /) -> asyncio.TimerHandle: ...


class Started:
    """What an input starts, within its allowance. The loop's thread only."""

    def __init__(self, table: InputSettings, deeds: Deeds, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is a clock that is never set, in seconds."""
        self._table = table
        self._deeds = deeds
        self._allowance = Allowance(table.name, table.max_actions_per_minute, now)

    def by(self, moment: Moment) -> None:
        for action in self._table.actions:
            if action.when == moment and (action.do in VOLUME or self._allowance.takes()):
                self._deeds.do(self._table.name, action)


def turning(table: InputSettings, knob: Knob, deeds: Deeds, now: Callable[[], float] = time.monotonic) -> None:
    """Have each step of a knob start what its table says."""
    started = Started(table, deeds, now)
    right, left = MOMENTS[table.kind]

    def turned(detents: int) -> None:
        for _ in range(abs(detents)):
            started.by(right if detents > 0 else left)

    knob.on_turned = turned


class Watched:
    """An input whose changes start what its table says. The loop's thread only."""

    def __init__(
        self, table: InputSettings, switch: Switch, deeds: Deeds, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` is a clock that is never set, in seconds."""
        self._table = table
        self._switch = switch
        self._started = Started(table, deeds, now)
        self._holding: asyncio.TimerHandle | None = None
        self._ended = False

    def begin(self, later: Later) -> None:
        """From now on; how it is now starts nothing. A pin that cannot be read is told to the journal."""
        self._later = later
        try:
            self._switch.watch(self._changed)
        except HardwareError as error:
            log.warning("%s", error)

    def end(self) -> None:
        """Nothing is started any more."""
        self._ended = True
        self._let_go()

    def _let_go(self) -> None:
        if self._holding:
            self._holding.cancel()
        self._holding = None

    def _changed(self, active: bool) -> None:
        if self._ended:
            return
        moments = MOMENTS[self._table.kind]
        self._let_go()
        if active and "held" in moments:
            self._holding = self._later(self._table.held_after_ms / 1000, lambda: self._started.by("held"))
        self._started.by(moments[0] if active else moments[1])


async def watch(inputs: Iterable[Watched]) -> None:
    """Until it is cancelled."""
    watched, loop = list(inputs), asyncio.get_running_loop()
    try:
        for one in watched:
            one.begin(loop.call_later)
        await loop.create_future()
    finally:
        for one in watched:
            one.end()
