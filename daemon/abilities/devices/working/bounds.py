"""What a device may be made to do: its bounds, and whether a change stays within them."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Final, Protocol

from daemon.abilities.devices.working.figures import percent, shown
from daemon.errors import PipitError
from hardware.base import Moded

if TYPE_CHECKING:
    from daemon.abilities.devices.working.guarded import Guarded, Hold
    from daemon.abilities.quiet.hours import Hours

RATE_WINDOW_S: Final = 60.0

_log = logging.getLogger(__name__)


class Refused(PipitError):
    """A device was asked for something outside its bounds."""


class Limits(Protocol):
    """The bounds of one device, as `[[device]]` gives them.

    Times of 0 are no limit, levels are 0.0 to 1.0, and less than two switches a minute would never let it be turned on.
    Of those that `keeps_count` is true of switches are counted over a restart too.
    Of devices that have the same `interlock`, if any, one is on at a time, and another no sooner than after the gap.
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
    @property
    def keeps_count(self) -> bool: ...
    @property
    def interlock(self) -> str: ...
    @property
    def interlock_gap_s(self) -> float: ...
    @property
    def allowed(self) -> Hours | None: ...
    @property
    def read_only(self) -> bool: ...
    @property
    def confirm(self) -> bool: ...


def refuse_if_held(device: Guarded, hold: Hold | None) -> None:
    """Raises Refused while somebody else has it for pulses."""
    if device.hold is not hold:
        _log.debug("%s is left alone: it is being pulsed", device.name)
        raise Refused(f'"{device.name}" is being pulsed', fix="wait until it was pulsed, or turn it off to end that")


def admit_pulses(device: Guarded, now: float, times: int, seconds: float, pause_s: float) -> None:
    """Raises Refused unless so many pulses of so long each fit into its bounds."""
    name, limits = device.name, device.limits
    if 0 < limits.max_on_s < seconds:
        _log.debug("%s is not pulsed: %.1f s each, of %.1f at most", name, seconds, limits.max_on_s)
        longest = shown(limits.max_on_s)
        raise Refused(
            f'"{name}" may be on for {longest} s at most, not for {shown(seconds)} s', fix=f"choose {longest} s or less"
        )
    if times > 1 and pause_s < limits.min_off_s:
        _log.debug("%s is not pulsed: %.1f s between two, of %.1f at least", name, pause_s, limits.min_off_s)
        raise Refused(
            f'"{name}" must stay off for at least {shown(limits.min_off_s)} s between two pulses',
            fix="pulse it once, and again later",
        )
    admit(device, now, turning_on=True, changes=2 * times)


def level_within_bounds(device: Guarded, level: float) -> float:
    """`level`, or the bound that it differs from by a rounding. Raises Refused for another."""
    low, high = device.limits.min_level, device.limits.max_level
    if not device.output.dimmable:
        _log.debug("%s is not set to a level: it cannot be dimmed", device.name)
        raise Refused(f'"{device.name}" cannot be dimmed', fix="turn it on or off")
    if not low - 1e-9 <= level <= high + 1e-9:
        _log.debug("%s is not set to %.2f: its levels are %.2f to %.2f", device.name, level, low, high)
        levels = f"{percent(low)} to {percent(high)}"
        raise Refused(
            f'"{device.name}" can be set to {levels}, or 0, not to {percent(level)}',
            fix=f"choose a level from {levels}",
        )
    return min(max(level, low), high)


def refuse_turnabout(device: Guarded, mode: str) -> None:
    """Raises Refused if it has to rest before it goes on in that mode, as a motor the other way round."""
    if device.limits.min_off_s and isinstance(device.output, Moded) and device.output.opposed:
        _log.debug("%s is not turned round: it has to rest first", device.name)
        raise Refused(f'"{device.name}" has to rest before it goes {mode}', fix="stop it first")


def admit(device: Guarded, now: float, *, turning_on: bool, changes: int = 2) -> None:
    """Raise Refused unless the device has rested long enough and all `changes` fit, the last a turning off."""
    limits, name = device.limits, device.name
    rested_at = device.changed_at + limits.min_off_s
    if turning_on and now < rested_at:
        _log.debug(
            "%s is not turned on: off for %.1f s, of %.1f at least", name, now - device.changed_at, limits.min_off_s
        )
        raise Refused(
            f'"{name}" must stay off for at least {shown(limits.min_off_s)} s',
            fix=f"try again in {math.ceil(rested_at - now)} s",
        )
    forget_old(device, now)
    most, done = limits.max_switches_per_minute, len(device.changes)
    if changes > most:
        _log.debug("%s is not switched: %d times in one go, of %d a minute at most", name, changes, most)
        raise Refused(
            f'"{name}" may be switched {most} times a minute at most, not {changes} times',
            fix=f"turn it on {max(1, most // 2)} times at most",
        )
    if done + changes > most:
        _log.debug("%s is not switched: %d times in a minute, %d more, of %d at most", name, done, changes, most)
        oldest = device.changes[done + changes - 1 - most]
        raise Refused(
            f'"{name}" may be switched {most} times a minute at most',
            fix=f"try again in {math.ceil(oldest + RATE_WINDOW_S - now)} s",
        )


def fits(device: Guarded, now: float) -> bool:
    """Whether a change fits in, and the turning off after it."""
    forget_old(device, now)
    return len(device.changes) + 2 <= device.limits.max_switches_per_minute


def forget_old(device: Guarded, now: float) -> None:
    """Of its changes, those that count no more."""
    while device.changes and device.changes[0] <= now - RATE_WINDOW_S:
        device.changes.popleft()
