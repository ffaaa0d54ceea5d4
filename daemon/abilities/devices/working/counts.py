"""How often devices were switched in the last minute, and what of that has to outlive the process."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, Protocol

from daemon.abilities.devices.working.bounds import Refused, fits, forget_old
from daemon.errors import PipitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from daemon.abilities.devices.working.guarded import Guarded


AHEAD_S: Final = 10.0
"""A change may be noted so long before it is made: no model waits longer for its call."""


class SwitchLedger(Protocol):
    """What outlives the process of how often a device was switched. Ages are in seconds, and below 0 if yet to come."""

    async def ahead(self, device: str, ages_s: Sequence[float]) -> None:
        """These are its changes of the last minute, and of the next moment; then it goes off. Raises PipitError."""
        ...

    def note(self, device: str, ages_s: Sequence[float], *, going_off: bool) -> None:
        """These are its changes of the last minute. Not waited for: what was noted ahead is no less."""
        ...

    def ages_s(self, device: str, most: int) -> Sequence[float]:
        """Of its changes before this process, as many as could be, `most` if nobody knows; the youngest last."""
        ...


class Counts:
    """Counts the changes of all devices; those of whom that is kept are noted before they are made.

    Turning off waits for nobody: each note holds one that is to come.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is the gate's clock."""
        self._now = now
        self._ledger: SwitchLedger | None = None
        self._failure: PipitError | None = None

    def remember(self, ledger: SwitchLedger, devices: Iterable[Guarded]) -> None:
        """Note from now on, and go on from what was noted before. A start that turned one on is a change."""
        self._ledger, now = ledger, self._now()
        for device in filter(self.keeps, devices):
            before = [now - age for age in ledger.ages_s(device.name, device.limits.max_switches_per_minute)]
            device.changes = deque([*before, *device.changes, *([now] if device.on else ())])
            if device.changes:
                self.note(device)

    def add(self, device: Guarded) -> None:
        """It changes now."""
        forget_old(device, self._now())
        device.changes.append(self._now())

    async def note_ahead(self, device: Guarded) -> None:
        """Have it noted that it will change, if it may. What fails is told when it is to change."""
        if not (self._ledger and self.keeps(device) and fits(device, self._now())):
            return
        unused = self._unused(device)
        if unused and not device.writing:
            return  # who noted it was refused after all
        until = self._now() + AHEAD_S
        device.ahead = [*unused, until]
        device.writing += 1
        try:
            await self._ledger.ahead(device.name, self._ages_s(device))
            self._failure = None
        except BaseException as error:
            if until in device.ahead:
                device.ahead.remove(until)
            if not isinstance(error, PipitError):
                raise
            self._failure = error
        finally:
            device.writing -= 1

    def take(self, device: Guarded) -> None:
        """Use one up of what was noted ahead. Raises Refused if nothing was."""
        if not self.keeps(device):
            return
        if not (unused := self._unused(device)):
            fix = self._failure.fix if self._failure else "try again"
            raise Refused(f'"{device.name}" is not switched before that is noted', fix=fix)
        device.ahead = unused[1:]

    def note(self, device: Guarded) -> None:
        """Have noted what it has done, where that is kept."""
        if self._ledger and self.keeps(device):
            forget_old(device, self._now())
            going_off = device.on or bool(self._unused(device))
            self._ledger.note(device.name, self._ages_s(device), going_off=going_off)

    def _ages_s(self, device: Guarded) -> Sequence[float]:
        """The last as many as there may be: more than that change nothing."""
        now = self._now()
        made = list(device.changes)[-device.limits.max_switches_per_minute :]
        return [now - at for at in (*made, *self._unused(device))]

    def _unused(self, device: Guarded) -> list[float]:
        now = self._now()
        return [until for until in device.ahead if until >= now]

    def keeps(self, device: Guarded) -> bool:
        """Whether its changes are noted."""
        return bool(self._ledger) and device.limits.keeps_count and not device.limits.read_only
