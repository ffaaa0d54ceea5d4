"""The bounds between the model and the devices: code, not the model, sets the limits.

Everything the model does to a device goes through here. Three rules resolve what would otherwise conflict: turning off
is always possible, turning on is refused unless the turning off after it still fits into the rate limit, and while a
device is being pulsed nobody else turns it on. Undoing is a change like any other.
"""

import logging
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Final, Protocol

from daemon.abilities.devices.working.figures import percent, shown
from daemon.errors import HardwareError, PipitError
from hardware.base import Output, OutputState, Resting

RATE_WINDOW_S: Final = 60.0
RETRY_S: Final = 1.0
"""A device that could not be turned off when its time was over is tried again this often."""

_log = logging.getLogger(__name__)


class Refused(PipitError):
    """A device was asked for something outside its bounds."""


class Limits(Protocol):
    """The bounds of one device, as `[[device]]` gives them.

    Times of 0 are no limit, levels are 0.0 to 1.0, and less than two switches a minute would never let it be turned on.
    """

    @property
    def max_on_s(self) -> float: ...
    @property
    def min_off_s(self) -> float: ...
    @property
    def min_level(self) -> float: ...
    @property
    def max_level(self) -> float: ...
    @property
    def max_switches_per_minute(self) -> int: ...


class Cancellable(Protocol):
    """A callback that is to come."""

    def cancel(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """How a device stands, and by which change it came to: the same `change` is the same state, undisturbed."""

    on: bool
    level: float
    change: int


@dataclass(eq=False, slots=True)
class Hold:
    """Who has a device for itself for a while; turning it off ends that, for it is always possible."""

    ended: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A device for whoever only looks at it: `read` is what it reports of itself, and raises HardwareError."""

    name: str
    read: Callable[[], OutputState]


Schedule = Callable[[float, Callable[[], object]], Cancellable]
"""Calls back in the loop's thread after so many seconds: `loop.call_later`."""


@dataclass
class _Guarded:
    """One device, its bounds, and what has been done to it. Times are those of the gate's clock.

    `changed_at` is when it was last turned on or off. What happened before the start is not known, so a device that
    starts off counts as turned off then. `change` is the number of the change that led to the present state.
    """

    output: Output
    limits: Limits
    changed_at: float
    on: bool
    level: float
    rests: bool = False  # it goes off by itself when it has got there, and stays where it is
    change: int = 0
    changes: deque[float] = field(default_factory=deque)  # of the last minute; the rate limit bounds it
    turning_off: Cancellable | None = None
    hold: Hold | None = None


class Gate:
    """The only way to the devices. Not thread-safe: the loop's thread only."""

    def __init__(
        self, devices: Iterable[tuple[Output, Limits]], *, now: Callable[[], float], schedule: Schedule
    ) -> None:
        """`now` is a monotonic clock in seconds."""
        self._now = now
        self._schedule = schedule
        self._numbers = count(1)
        self._guarded: Final[dict[str, _Guarded]] = {}
        for output, limits in devices:
            on = output.read().on
            rests = isinstance(output, Resting)
            device = _Guarded(output, limits, now(), on, 0.0 if rests else limits.max_level, rests)
            self._guarded[output.name] = device
            if on:
                self._limit_on_time(device)

    def read(self, name: str) -> OutputState:
        """What the device reports of itself. Raises Refused if there is none of that name, or HardwareError."""
        return self._read(self._device(name))

    @property
    def views(self) -> tuple[View, ...]:
        """Each device, in the order given, for those who must not work it."""
        return tuple(View(name, partial(self.read, name)) for name in self._guarded)

    def seconds_left(self, name: str) -> float | None:
        """When the device will be turned off by itself; None if it will not."""
        device = self._device(name)
        if device.turning_off is None:
            return None
        return max(0.0, device.changed_at + device.limits.max_on_s - self._now())

    def switch(self, name: str, on: bool, hold: Hold | None = None) -> None:
        """Turn it on, at its last level if it has levels, or off. Raises Refused, or HardwareError if the pin fails."""
        device = self._device(name)
        if not on:
            self._turn_off(device, by=hold)
            return
        self._refuse_if_held(device, hold)
        if self._read(device).on:
            device.change = next(self._numbers)  # it was asked for: who undoes what was before has to leave it
        else:
            self._admit(device, turning_on=True)
            self._apply(device, device.level)

    def set_level(self, name: str, level: float) -> None:
        """0 turns it off; else a level within the bounds turns it on. Raises Refused, or HardwareError."""
        device = self._device(name)
        if level == 0:
            self._turn_off(device)
            return
        level = self._level_within_bounds(device, level)
        self._refuse_if_held(device, None)
        on = self._read(device).on
        if on and math.isclose(device.level, level, abs_tol=1e-6):
            device.change = next(self._numbers)
            return
        self._admit(device, turning_on=not on)
        self._apply(device, level)

    @contextmanager
    def held(self, name: str, *, times: int, seconds: float, pause_s: float) -> Iterator[Hold]:
        """Have the device, which is off, for so many turns on of so long each; off at the end, whatever happens.

        Raises Refused at once if they do not all fit into its bounds, it is on, or somebody has it already. If it does
        not turn off at the end, that is logged and tried again, as when its longest time is over.
        """
        device = self._device(name)
        self._refuse_if_held(device, None)
        if self._read(device).on:
            _log.debug("%s is not pulsed: it is on", name)
            raise Refused(f'"{name}" is on', fix="turn it off first")
        self._admit_pulses(device, times, seconds, pause_s)
        hold = device.hold = Hold()
        try:
            yield hold
        finally:
            if not hold.ended:
                self._end(device)

    def _end(self, device: _Guarded) -> None:
        """Raises nothing, for it may be a cancellation that ends it."""
        device.hold = None
        try:
            self._turn_off(device)
        except HardwareError as error:
            _log.error("%s could not be turned off after it was pulsed: %s", device.output.name, error)
            self._try_again(device)

    def _try_again(self, device: _Guarded) -> None:
        self._cancel(device)
        device.turning_off = self._schedule(RETRY_S, lambda: self._time_over(device))

    def mark(self, name: str) -> Mark:
        """How the device stands now. Raises Refused, or HardwareError."""
        device = self._device(name)
        on = self._read(device).on
        return Mark(on, device.level, device.change)

    def restore(self, name: str, before: Mark, after: Mark) -> None:
        """Make it as it was at `before`, if nothing has changed it since `after`.

        Raises Refused, if something has or if the bounds forbid it now, or HardwareError.
        """
        device = self._device(name)
        on = self._read(device).on
        if device.change != after.change:
            _log.debug("%s is not put back: something has changed it since", name)
            raise Refused(f'"{name}" has been changed since', fix="leave it as it is")
        self._refuse_if_held(device, None)
        if not (before.on or (device.rests and before.level)):
            self._turn_off(device)
        elif not on or device.level != before.level:
            self._admit(device, turning_on=not on)
            self._apply(device, before.level)
        device.level, device.change = before.level, before.change

    def close(self) -> None:
        """Forget what was planned; making the devices safe is their driver's task."""
        for device in self._guarded.values():
            self._cancel(device)

    def _device(self, name: str) -> _Guarded:
        device = self._guarded.get(name)
        if device is None:
            _log.debug("refused: no device has that name, of %d", len(self._guarded))
            raise Refused(f'there is no device "{name}"', fix=f"the devices are: {', '.join(self._guarded) or 'none'}")
        return device

    def _read(self, device: _Guarded) -> OutputState:
        """What it reports; a change that did not come through the gate begins to count now."""
        state = device.output.read()
        if state.on != device.on:
            device.on, device.changed_at = state.on, self._now()
            if state.on or not device.rests:
                device.change = next(self._numbers)
            if state.on:
                self._limit_on_time(device)
        return state

    def _refuse_if_held(self, device: _Guarded, hold: Hold | None) -> None:
        if device.hold is not hold:
            _log.debug("%s is left alone: it is being pulsed", device.output.name)
            raise Refused(
                f'"{device.output.name}" is being pulsed', fix="wait until it was pulsed, or turn it off to end that"
            )

    def _admit_pulses(self, device: _Guarded, times: int, seconds: float, pause_s: float) -> None:
        name, limits = device.output.name, device.limits
        if 0 < limits.max_on_s < seconds:
            _log.debug("%s is not pulsed: %.1f s each, of %.1f at most", name, seconds, limits.max_on_s)
            longest = shown(limits.max_on_s)
            raise Refused(
                f'"{name}" may be on for {longest} s at most, not for {shown(seconds)} s',
                fix=f"choose {longest} s or less",
            )
        if times > 1 and pause_s < limits.min_off_s:
            _log.debug("%s is not pulsed: %.1f s between two, of %.1f at least", name, pause_s, limits.min_off_s)
            raise Refused(
                f'"{name}" must stay off for at least {shown(limits.min_off_s)} s between two pulses',
                fix="pulse it once, and again later",
            )
        self._admit(device, turning_on=True, changes=2 * times)

    def _level_within_bounds(self, device: _Guarded, level: float) -> float:
        low, high = device.limits.min_level, device.limits.max_level
        if not device.output.dimmable:
            _log.debug("%s is not set to a level: it cannot be dimmed", device.output.name)
            raise Refused(f'"{device.output.name}" cannot be dimmed', fix="turn it on or off")
        if not low - 1e-9 <= level <= high + 1e-9:
            _log.debug("%s is not set to %.2f: its levels are %.2f to %.2f", device.output.name, level, low, high)
            levels = f"{percent(low)} to {percent(high)}"
            raise Refused(
                f'"{device.output.name}" can be set to {levels}, or 0, not to {percent(level)}',
                fix=f"choose a level from {levels}",
            )
        return min(max(level, low), high)

    def _admit(self, device: _Guarded, *, turning_on: bool, changes: int = 2) -> None:
        """Raise Refused unless the device has rested long enough and all `changes` fit, the last a turning off."""
        now, limits, name = self._now(), device.limits, device.output.name
        rested_at = device.changed_at + limits.min_off_s
        if turning_on and now < rested_at:
            off_s = now - device.changed_at
            _log.debug("%s is not turned on: off for %.1f s, of %.1f at least", name, off_s, limits.min_off_s)
            raise Refused(
                f'"{name}" must stay off for at least {shown(limits.min_off_s)} s',
                fix=f"try again in {math.ceil(rested_at - now)} s",
            )
        self._forget_old(device)
        most = limits.max_switches_per_minute
        if changes > most:
            _log.debug("%s is not switched: %d times in one go, of %d a minute at most", name, changes, most)
            raise Refused(
                f'"{name}" may be switched {most} times a minute at most, not {changes} times',
                fix=f"turn it on {max(1, most // 2)} times at most",
            )
        if len(device.changes) + changes > most:
            done = len(device.changes)
            _log.debug("%s is not switched: %d times in a minute, %d more, of %d at most", name, done, changes, most)
            oldest = device.changes[len(device.changes) + changes - 1 - most]
            raise Refused(
                f'"{name}" may be switched {most} times a minute at most',
                fix=f"try again in {math.ceil(oldest + RATE_WINDOW_S - now)} s",
            )

    def _apply(self, device: _Guarded, level: float) -> None:
        """Turn it on, or change its level; the longest on-time counts from the turning on.

        Counted and limited first: a pin that fails may have changed all the same.
        """
        self._count(device)
        if not device.on:
            self._limit_on_time(device)
        if device.output.dimmable:
            device.output.set_level(level)
        else:
            device.output.switch(True)  # noqa: FBT003
        device.level, device.change = level, next(self._numbers)
        if not device.on:
            device.on, device.changed_at = True, self._now()

    def _turn_off(self, device: _Guarded, by: Hold | None = None) -> None:
        was_on = self._read(device).on
        device.output.switch(False)  # noqa: FBT003  # even if it says that it is off: off is the side to err on
        if device.output.read().on:
            raise HardwareError(
                f'"{device.output.name}" does not turn off', fix="check its wiring; unplug it if in doubt"
            )
        self._cancel(device)
        if device.hold is not by and device.hold:
            device.hold.ended, device.hold = True, None
        device.change = next(self._numbers)
        if was_on:
            self._count(device)
            device.on, device.changed_at = False, self._now()

    def _limit_on_time(self, device: _Guarded) -> None:
        if device.limits.max_on_s > 0:
            self._cancel(device)
            device.turning_off = self._schedule(device.limits.max_on_s, lambda: self._time_over(device))

    def _time_over(self, device: _Guarded) -> None:
        """The longest on-time has passed: turn it off, and go on trying if the pin fails."""
        name, longest_s = device.output.name, device.limits.max_on_s
        after = f" after {shown(longest_s)} s, its longest time" if longest_s else ""
        device.turning_off = None
        try:
            self._turn_off(device, by=device.hold)
        except HardwareError as error:
            _log.error("%s could not be turned off%s: %s", name, after, error)
            self._try_again(device)
        else:
            _log.info("%s was turned off%s", name, after)

    def _count(self, device: _Guarded) -> None:
        self._forget_old(device)
        device.changes.append(self._now())

    def _forget_old(self, device: _Guarded) -> None:
        while device.changes and device.changes[0] <= self._now() - RATE_WINDOW_S:
            device.changes.popleft()

    def _cancel(self, device: _Guarded) -> None:
        if device.turning_off is not None:
            device.turning_off.cancel()
            device.turning_off = None
