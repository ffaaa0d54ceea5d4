"""Whether a device may be turned on at all: by what else is on, by the time of day, and by whose word."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.working.bounds import Refused
from daemon.abilities.devices.working.figures import shown
from daemon.names import folded

if TYPE_CHECKING:
    from collections.abc import Collection

    from daemon.abilities.devices.working.guarded import Guarded

Local = Callable[[], datetime | None]
"""What the wall clock of the household shows; None while it is not set."""
Consent = Callable[[str, str], bool]
"""Whether somebody has agreed that this device be turned on, in this mode; asking takes note of the wish."""

_log: Final = logging.getLogger(__name__)


def no_clock() -> None:
    """A clock that is not set."""


def nobody_agrees(_name: str, _mode: str) -> bool:
    """The consent of nobody."""
    return False


def refuse_if_read_only(device: Guarded) -> None:
    """Raises Refused for what is only looked at; not even turning off is for anybody then."""
    if device.limits.read_only:
        _log.debug("%s is left alone: it is only looked at", device.name)
        raise Refused(f'"{device.name}" can only be looked at', fix="say what state it is in")


def refuse_beside(device: Guarded, others: Collection[Guarded], now: float) -> None:
    """Raises Refused while another device of its interlock is on or pulsed, or was a moment ago.

    Raises HardwareError if one cannot be read.
    """
    for other in excluded_by(device, others):
        if other.hold or other.output.read().on:
            _log.debug("%s is not turned on: %s is, and excludes it", device.name, other.name)
            raise Refused(
                f'"{device.name}" may not be on together with "{other.name}"', fix=f'turn "{other.name}" off first'
            )
    if (left_s := gap_left_s(device, others, now)) > 0:
        _log.debug("%s is not turned on: what excludes it went off a moment ago, %.1f s are left", device.name, left_s)
        what = f'"{device.name}" has to wait until what excludes it has been off for {shown(_gap_s(device, others))} s'
        raise Refused(what, fix=f"try again in {math.ceil(left_s)} s")


def excluded_by(device: Guarded, others: Collection[Guarded]) -> list[Guarded]:
    """Those with its interlock, if it has one."""
    word = folded(device.limits.interlock)
    return [other for other in others if word and other is not device and folded(other.limits.interlock) == word]


def gap_left_s(device: Guarded, others: Collection[Guarded], now: float) -> float:
    """How long it has to wait after what excludes it went off; what happened before the start is not known."""
    excluded = excluded_by(device, others)
    last = max((other.changed_at for other in excluded), default=-math.inf)
    return max(0.0, last + _gap_s(device, excluded) - now)


def _gap_s(device: Guarded, others: Collection[Guarded]) -> float:
    """The longest of those that exclude one another."""
    return max(each.limits.interlock_gap_s for each in (device, *excluded_by(device, others)))


def refuse_out_of_hours(device: Guarded, local: Local) -> None:
    """Raises Refused outside the hours in which it may be on, or while nobody knows what time it is."""
    if (hours := device.limits.allowed) is None:
        return
    shown_now = local()
    if shown_now is None:
        _log.debug("%s is not turned on: it has hours, and the clock is not set", device.name)
        raise Refused(f'"{device.name}" may be on {hours} only, and the clock is not set', fix="try again later")
    if not hours.hold(shown_now.time()):
        _log.debug("%s is not turned on: it is out of its hours", device.name)
        raise Refused(f'"{device.name}" may be on {hours} only', fix=f"try again at {hours.begins:%H:%M}")


def refuse_before_rest(device: Guarded, now: float) -> None:
    """Raises Refused if it was on for its longest time when the process before this one ended, and has not rested."""
    longest_s = device.limits.max_on_s
    if device.carried_s(now) >= longest_s > 0:
        _log.debug("%s is not turned on: its longest time was over when Pipit started", device.name)
        raise Refused(
            f'"{device.name}" was on for {shown(longest_s)} s, its longest time, until Pipit started anew',
            fix=f"try again in {math.ceil(device.rested_at - now)} s",
        )


def refuse_without_consent(device: Guarded, mode: str, consent: Consent) -> None:
    """Raises Refused until somebody of the household has agreed."""
    if device.limits.confirm and not consent(device.name, mode):
        _log.debug("%s is not turned on: nobody has agreed", device.name)
        raise Refused(
            f'"{device.name}" is turned on only when the user has agreed',
            fix="ask the user; call again when the user has answered yes, or pressed the button",
        )
