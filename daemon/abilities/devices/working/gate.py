"""The bounds between the model and the devices: code, not the model, sets the limits.

Everything the model does to a device goes through here. Three rules resolve what would otherwise conflict: turning off
is always possible, turning on is refused unless the turning off after it still fits into the rate limit, and while a
device is being pulsed nobody else turns it on. Undoing is a change like any other.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.working.bounds import (
    Limits,
    Refused,
    admit,
    admit_pulses,
    level_within_bounds,
    refuse_if_held,
    refuse_turnabout,
)
from daemon.abilities.devices.working.counts import Counts
from daemon.abilities.devices.working.figures import shown
from daemon.abilities.devices.working.guarded import Guarded, Hold, Mark, Schedule, View
from daemon.abilities.devices.working.permission import (
    Consent,
    Local,
    gap_left_s,
    no_clock,
    nobody_agrees,
    refuse_before_rest,
    refuse_beside,
    refuse_if_read_only,
    refuse_out_of_hours,
    refuse_without_consent,
)
from daemon.errors import HardwareError
from hardware.base import Moded, Output, OutputState, Resting

if TYPE_CHECKING:
    from daemon.abilities.devices.working.counts import SwitchLedger
    from daemon.abilities.devices.working.on_times import Ledger

REST_S: Final = 60.0
"""Who was on when the process before ended begins its longest time anew after it has been off for so long."""
WATCH_S: Final = 60.0
"""How late the end of a device's hours may be noticed when the clock was set."""
RETRY_S: Final = 1.0
"""A device that could not be turned off when its time was over is tried again this often."""

_log = logging.getLogger(__name__)


class Gate:
    """The only way to the devices. Not thread-safe: the loop's thread only."""

    def __init__(
        self,
        devices: Iterable[tuple[Output, Limits]],
        *,
        now: Callable[[], float],
        schedule: Schedule,
        local: Local = no_clock,
        consent: Consent = nobody_agrees,
    ) -> None:
        """`now` is a monotonic clock in seconds."""
        self._now = now
        self._schedule = schedule
        self._local = local
        self._consent = consent
        self._ledger: Ledger | None = None
        self._counts = Counts(now)
        self._watchers: list[Callable[[str], None]] = []
        self._numbers = count(1)
        self._guarded: Final[dict[str, Guarded]] = {}
        for output, limits in devices:
            on = output.read().on
            rests = isinstance(output, Resting)
            device = Guarded(output, limits, now(), on, 0.0 if rests else limits.max_level, rests=rests)
            device.mode = output.modes[0] if isinstance(output, Moded) else ""
            self._guarded[output.name] = device
            if on:
                self._limit_on_time(device)

    def remember(self, ledger: "Ledger") -> None:
        """From now on note what is on, where it outlives this process, and go on from what the one before has noted."""
        self._ledger, now = ledger, self._now()
        for device in self._guarded.values():
            if device.limits.max_on_s > 0:
                device.used_s = ledger.used_s(device.name, device.limits.max_on_s)
                device.rested_at = now + max(REST_S, device.limits.min_off_s)

    def go_on_counting(self, ledger: "SwitchLedger") -> None:
        """From now on note how often each is switched, and count what the process before this one has noted."""
        self._counts.remember(ledger, self._guarded.values())

    async def prepare(self, name: str) -> None:
        """Have it noted that the device will be on, or change, as far as that matters; only then can it be.

        Raises Refused if there is none of that name, or if it may not be turned on anyway, for which nothing is noted,
        or another PipitError if that cannot be noted.
        """
        device = self._device(name)
        kept = (self._ledger and device.limits.max_on_s > 0) or self._counts.keeps(device)
        if kept and not device.hold and not self._read(device).on:
            refuse_if_read_only(device)
            self._admit(device, device.mode, turning_on=True, ask=False)
        if self._ledger and device.limits.max_on_s > 0 and not device.noted and not self._read(device).on:
            await self._ledger.begin(name, device.carried_s(self._now()))
            device.noted = True
        await self._counts.note_ahead(device)

    def settle(self, name: str) -> None:
        """What was noted and is off after all is noted no more. Raises Refused, or HardwareError."""
        device = self._device(name)
        if device.noted and not self._read(device).on:
            self._forget(device)

    def read(self, name: str) -> OutputState:
        """What the device reports of itself. Raises Refused if there is none of that name, or HardwareError."""
        return self._read(self._device(name))

    @property
    def views(self) -> tuple[View, ...]:
        """Each device, in the order given, for those who must not work it."""
        return tuple(View(name, partial(self.read, name)) for name in self._guarded)

    def watch(self, changed: Callable[[str], None]) -> None:
        """Have the name of each device told after it has changed, by whomever, as soon as the gate knows.

        What is told must neither raise nor work a device.
        """
        self._watchers.append(changed)

    def _tell(self, device: Guarded) -> None:
        for changed in self._watchers:
            changed(device.name)

    def gap_left_s(self, name: str) -> float:
        """How long it has to wait until what excludes it has been off for long enough. Raises Refused."""
        return gap_left_s(self._device(name), self._guarded.values(), self._now())

    def seconds_left(self, name: str) -> float | None:
        """When the device will be turned off by itself; None if it will not."""
        device = self._device(name)
        if device.turning_off is None:
            return None
        return max(0.0, device.changed_at + device.limits.max_on_s - device.used_s - self._now())

    def switch(self, name: str, on: bool, hold: Hold | None = None) -> None:
        """Turn it on, at its last level if it has levels, or off. Raises Refused, or HardwareError if the pin fails."""
        device = self._device(name)
        refuse_if_read_only(device)
        if not on:
            self._turn_off(device, by=hold)
            return
        refuse_if_held(device, hold)
        if self._read(device).on:
            device.change = next(self._numbers)  # it was asked for: who undoes what was before has to leave it
        else:
            self._admit(device, device.mode, turning_on=True, ask=hold is None)
            self._apply(device, device.level, device.mode)

    def set_level(self, name: str, level: float | None = None, mode: str = "") -> None:
        """0 turns it off; else a level within the bounds, or its last, turns it on, in the `mode` or its last.

        Raises Refused, or HardwareError. A mode is one that the device has: a colour, a direction.
        """
        device = self._device(name)
        refuse_if_read_only(device)
        if level == 0:
            self._turn_off(device)
            return
        level = level_within_bounds(device, device.level if level is None else level)
        mode = mode or device.mode
        refuse_if_held(device, None)
        on = self._read(device).on
        if on and math.isclose(device.level, level, abs_tol=1e-6) and device.mode == mode:
            device.change = next(self._numbers)
            return
        if on and device.mode != mode:
            refuse_turnabout(device, mode)
        self._admit(device, mode, turning_on=not on)
        self._apply(device, level, mode)

    @contextmanager
    def held(self, name: str, *, times: int, seconds: float, pause_s: float) -> Iterator[Hold]:
        """Have the device, which is off, for so many turns on of so long each; off at the end, whatever happens.

        Raises Refused at once if they do not all fit into its bounds, it is on, or somebody has it already. If it does
        not turn off at the end, that is logged and tried again, as when its longest time is over.
        """
        device = self._device(name)
        refuse_if_read_only(device)
        refuse_if_held(device, None)
        if self._read(device).on:
            _log.debug("%s is not pulsed: it is on", name)
            raise Refused(f'"{name}" is on', fix="turn it off first")
        admit_pulses(device, self._now(), times, seconds, pause_s)
        self._admit(device, device.mode, turning_on=True)
        hold = device.hold = Hold()
        try:
            yield hold
        finally:
            if not hold.ended:
                self._end(device)

    def _end(self, device: Guarded) -> None:
        """Raises nothing, for it may be a cancellation that ends it."""
        device.hold = None
        try:
            self._turn_off(device)
        except HardwareError as error:
            _log.error("%s could not be turned off after it was pulsed: %s", device.name, error)
            self._try_again(device)

    def _try_again(self, device: Guarded) -> None:
        self._cancel(device)
        device.turning_off = self._schedule(RETRY_S, lambda: self._time_over(device))

    def mark(self, name: str) -> Mark:
        """How the device stands now. Raises Refused, or HardwareError."""
        device = self._device(name)
        on = self._read(device).on
        return Mark(on, device.level, device.change, device.mode)

    def turns_on(self, name: str, before: Mark) -> bool:
        """Whether it takes more than turning it off to make it as it was then. Raises Refused."""
        return before.on or (self._device(name).rests and before.level > 0)

    def restore(self, name: str, before: Mark, after: Mark) -> None:
        """Make it as it was at `before`, if nothing has changed it since `after`.

        Raises Refused, if something has or if the bounds forbid it now, or HardwareError.
        """
        device = self._device(name)
        on = self._read(device).on
        if device.change != after.change:
            _log.debug("%s is not put back: something has changed it since", name)
            raise Refused(f'"{name}" has been changed since', fix="leave it as it is")
        refuse_if_read_only(device)
        refuse_if_held(device, None)
        if not self.turns_on(name, before):
            self._turn_off(device)
        elif not on or (device.level, device.mode) != (before.level, before.mode):
            if on and device.mode != before.mode:
                refuse_turnabout(device, before.mode)
            self._admit(device, before.mode, turning_on=not on, ask=False)
            self._apply(device, before.level, before.mode)
        device.level, device.mode, device.change = before.level, before.mode, before.change

    def close(self) -> None:
        """Forget what was planned; making the devices safe is their driver's task."""
        for device in self._guarded.values():
            self._cancel(device)
            self._watch_no_more(device)

    def _admit(self, device: Guarded, mode: str, *, turning_on: bool, ask: bool = True) -> None:
        """Raises Refused unless everything allows it; nobody is asked for what cannot be anyway."""
        now = self._now()
        if turning_on:
            refuse_beside(device, self._guarded.values(), now)
            refuse_out_of_hours(device, self._local)
            refuse_before_rest(device, now)
        admit(device, now, turning_on=turning_on)
        if turning_on and ask:
            refuse_without_consent(device, mode, self._consent)

    def _device(self, name: str) -> Guarded:
        device = self._guarded.get(name)
        if device is None:
            _log.debug("refused: no device has that name, of %d", len(self._guarded))
            raise Refused(f'there is no device "{name}"', fix=f"the devices are: {', '.join(self._guarded) or 'none'}")
        return device

    def _read(self, device: Guarded) -> OutputState:
        """What it reports; a change that did not come through the gate begins to count now."""
        state = device.output.read()
        if state.on != device.on:
            device.on, device.changed_at = state.on, self._now()
            if state.on or not device.rests:
                device.change = next(self._numbers)
            if state.on:
                self._limit_on_time(device)
                self._watch_hours(device)
            self._tell(device)
        return state

    def _apply(self, device: Guarded, level: float, mode: str) -> None:
        """Turn it on, or change its level; the longest on-time counts from the turning on.

        Counted and limited first: a pin that fails may have changed all the same.
        """
        if self._ledger and device.limits.max_on_s > 0 and not device.on and not device.noted:
            raise Refused(f'"{device.name}" is not turned on before that is noted', fix="try again")
        self._counts.take(device)
        self._counts.add(device)
        if not device.on:
            self._limit_on_time(device)
            self._watch_hours(device)
        if isinstance(device.output, Moded):
            device.output.choose(mode, level)
        elif device.output.dimmable:
            device.output.set_level(level)
        else:
            device.output.switch(True)  # noqa: FBT003
        device.level, device.mode, device.change = level, mode, next(self._numbers)
        if not device.on:
            device.on, device.changed_at = True, self._now()
        self._tell(device)

    def _turn_off(self, device: Guarded, by: Hold | None = None) -> None:
        was_on = self._read(device).on
        device.output.switch(False)  # noqa: FBT003  # even if it says that it is off: off is the side to err on
        if device.output.read().on:
            raise HardwareError(f'"{device.name}" does not turn off', fix="check its wiring; unplug it if in doubt")
        self._cancel(device)
        self._watch_no_more(device)
        if device.hold is not by and device.hold:
            device.hold.ended, device.hold = True, None
        device.change = next(self._numbers)
        if was_on:
            self._counts.add(device)
            device.on, device.changed_at = False, self._now()
            device.used_s = 0.0
            self._counts.note(device)
        if device.noted:
            self._forget(device)
        if was_on:
            self._tell(device)

    def _forget(self, device: Guarded) -> None:
        device.noted = False
        if self._ledger:
            self._ledger.end(device.name)

    def _limit_on_time(self, device: Guarded) -> None:
        if (longest_s := device.limits.max_on_s) > 0:
            self._cancel(device)
            device.used_s = device.carried_s(self._now())
            device.turning_off = self._schedule(max(0.0, longest_s - device.used_s), lambda: self._time_over(device))

    def _watch_hours(self, device: Guarded) -> None:
        """Look when its hours end, and each minute, for the clock may be set; on outside of them it is turned off."""
        if (hours := device.limits.allowed) is None:
            return
        self._watch_no_more(device)
        if (shown_now := self._local()) and hours.hold(shown_now.time()):
            left_s = (hours.end_after(shown_now) - shown_now.replace(tzinfo=None)).total_seconds()
            device.watching = self._schedule(min(WATCH_S, left_s), lambda: self._watch_hours(device))
        else:
            _log.info("%s is turned off: its hours are over", device.name)
            self._time_over(device)

    @staticmethod
    def _watch_no_more(device: Guarded) -> None:
        if device.watching:
            device.watching.cancel()
            device.watching = None

    def _time_over(self, device: Guarded) -> None:
        """The longest on-time has passed: turn it off, and go on trying if the pin fails."""
        name, longest_s = device.name, device.limits.max_on_s
        after = f" after {shown(longest_s)} s, its longest time" if longest_s else ""
        device.turning_off = None
        try:
            self._turn_off(device, by=device.hold)
        except HardwareError as error:
            _log.error("%s could not be turned off%s: %s", name, after, error)
            self._try_again(device)
        else:
            _log.info("%s was turned off%s", name, after)

    def _cancel(self, device: Guarded) -> None:
        if device.turning_off is not None:
            device.turning_off.cancel()
            device.turning_off = None
