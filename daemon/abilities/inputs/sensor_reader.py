"""What a sensor measures, off the loop and within a deadline, and what is wrong with it instead."""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.abilities.inputs.off_loop import in_a_thread
from daemon.errors import HardwareError, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.abilities.inputs.kinds.input_kind import SensorKind
    from hardware.base import Measured, Sensor

FRESH_S: Final = 2.0
"""A reading is as good as another for so long, however often one asks."""
DEADLINE_S: Final = 4.0
"""A DS18B20 takes 0.75 s, and whoever asks has to say something."""
APART_S: Final = 10.0
"""Of readings that are sooner than that nobody expects that they differ."""

log = logging.getLogger(__name__)


def _nobody(_wrong: str) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reading is taken for: the first of what is measured is from `lowest` to `highest`, and it changes."""

    lowest: float | None = None
    highest: float | None = None
    frozen_after: int = 0
    """It is stuck when so many readings did not differ; 0 is never."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured, and how many seconds ago."""

    measured: tuple[Measured, ...]
    age_s: float


class Reader:
    """Reads one sensor when it is asked. What is wrong is told once, until it is well again. The loop's thread only."""

    def __init__(
        self,
        sensor: Sensor,
        kind: SensorKind,
        expected: Expected,
        *,
        now: Callable[[], float],
        deadline_s: float | None = DEADLINE_S,
        told: Callable[[str], None] = _nobody,
    ) -> None:
        """`now` is a clock that is never set, in seconds. `told` hears when that changes what is wrong with it."""
        self._sensor = sensor
        self._kind = kind
        self._now = now
        self._deadline_s = deadline_s
        self._expected = expected
        self._stuck = _Stuck(expected.frozen_after)
        self._pending: asyncio.Future[tuple[Measured, ...]] | None = None
        self._last: tuple[Measured, ...] | HardwareError | None = None
        self._read_at = 0.0
        self._tell = told
        self._told = ""

    async def read(self) -> Reading:
        """What it measures now, or did at most FRESH_S ago. Raises HardwareError."""
        if self._last is None or self._now() - self._read_at > FRESH_S:
            await self._read()
        if isinstance(self._last, HardwareError):
            raise self._last
        return Reading(self._last or (), self._now() - self._read_at)

    async def _read(self) -> None:
        """One at a time, also where somebody else has asked, or nobody has waited for the last."""
        if not self._pending:
            self._pending = in_a_thread(self._sensor.read, "sensor")
            self._pending.add_done_callback(self._done)
        pending = self._pending
        done, _ = await asyncio.wait({pending}, timeout=self._deadline_s)
        if not done:
            what = f'"{self._sensor.name}" has not answered for {self._deadline_s:g} s'
            self._note(HardwareError(what, fix="say so; its wires and its supply should be checked"))

    def _done(self, future: asyncio.Future[tuple[Measured, ...]]) -> None:
        self._pending = None
        try:
            measured = future.result()
            self._refuse_nonsense(measured)
            self._note(measured)
        except HardwareError as error:
            self._note(error)
        except Exception as error:  # noqa: BLE001  # whatever a driver does wrong, whoever asked is answered
            log.warning('"%s" failed: %s at %s', self._sensor.name, type(error).__name__, place_of(error))
            what = f'"{self._sensor.name}" cannot be read because of an internal fault'
            self._note(HardwareError(what, fix="say that it did not work"))

    def _refuse_nonsense(self, measured: tuple[Measured, ...]) -> None:
        """Raises HardwareError for what cannot be, or has not changed for too long."""
        name = self._sensor.name
        for one in measured:
            low, high = self._kind.bounds.get(one.quantity, (-math.inf, math.inf))
            if not low <= one.value <= high or one.value in self._kind.never:
                what = f'"{name}" reads {one.value:g} {one.unit}, which cannot be'
                raise HardwareError(what, fix="say that it is broken; its wires and its supply should be checked")
        self._refuse_unexpected(measured[0])
        if self._stuck.after(measured, self._now()):
            values = " and ".join(f"{one.value:g} {one.unit}" for one in measured)
            what = f'"{name}" reads {values}, as it did the last {self._stuck.times} times, and may be stuck'
            raise HardwareError(what, fix="say so, with the value; take its supply away for a moment")

    def _refuse_unexpected(self, one: Measured) -> None:
        """Raises HardwareError for what the settings say that it cannot be."""
        low, high = self._expected.lowest, self._expected.highest
        if low is not None and one.value < low:
            bound = f"min_value is {low:g}"
        elif high is not None and one.value > high:
            bound = f"max_value is {high:g}"
        else:
            return
        what = f'"{self._sensor.name}" reads {one.value:g} {one.unit}, and its {bound}'
        raise HardwareError(what, fix="say so, with the value; its wires and its supply should be checked")

    def _note(self, last: tuple[Measured, ...] | HardwareError) -> None:
        self._last, self._read_at = last, self._now()
        wrong = last.message if isinstance(last, HardwareError) else ""
        if wrong and not self._told:
            log.warning("%s", last)
        elif self._told and not wrong:
            log.info('"%s" can be read again', self._sensor.name)
        if bool(wrong) != bool(self._told):
            self._tell(wrong)
        self._told = wrong


class _Stuck:
    """Counts how often in a row the same was read."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: tuple[Measured, ...] | None = None
        self._counted_at = -math.inf
        self.times = 0

    def after(self, measured: tuple[Measured, ...], now: float) -> bool:
        """Whether it is, with this one."""
        if measured != self._values:
            self._values, self._counted_at, self.times = measured, now, 1
        elif now - self._counted_at >= APART_S:
            self._counted_at = now
            self.times += 1
        return 0 < self._most <= self.times
