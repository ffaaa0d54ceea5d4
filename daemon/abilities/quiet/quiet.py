"""Whether it is quiet in the house now, and until when."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.abilities.quiet.local_clock import LocalClock, MinuteWatch
from daemon.abilities.quiet.spoken_quiet import Said

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from daemon.abilities.quiet.hours import Hours
    from daemon.abilities.quiet.local_clock import Later
    from daemon.abilities.quiet.spoken_quiet import SpokenQuiet

DAY_S: Final = 86_400.0
LONGEST_S: Final = 7 * DAY_S
"""How long nobody can be disturbed by one sentence: what is forgotten must not last for ever."""

log = logging.getLogger(__name__)


class Quiet:
    """Quiet by the hours of the settings, or because somebody said so; for the loop's thread alone.

    What was said outlives a restart, until its time by the wall clock. A time that lies further ahead than anybody
    could have said, because the clock was set back, does not count.
    """

    def __init__(
        self, hours: Hours | None, spoken: SpokenQuiet, *, clock: LocalClock | None = None, later: Later
    ) -> None:
        """`later` is the loop's `call_later`; nothing is asked of it while there is nothing to wait for."""
        self._hours = hours
        self._spoken = spoken
        self._clock = clock or LocalClock()
        self._watch = MinuteWatch(self._clock, later)
        self._reports: list[Callable[[], object]] = []
        self._said = spoken.read()
        self._told = self.active
        self._wait()

    def reports_to(self, report: Callable[[], object]) -> None:
        """Call `report` whenever it becomes quiet, or is no more; all that were given are called."""
        self._reports.append(report)

    @property
    def active(self) -> bool:
        now = self._clock.wall()
        return self._hushed(now) or self._scheduled(now)

    @property
    def until(self) -> datetime | None:
        """When it ends, as the wall clock shows it; None if it is not quiet."""
        now = self._clock.wall()
        end = self._said.until_s if self._hushed(now) else None
        if self._scheduled(end or now) and self._hours:
            end = self._clock.moment(self._hours.end_after(self._clock.local(end or now)))
        return self._clock.local(end) if end else None

    @property
    def next_hours(self) -> datetime | None:
        """When the hours of the settings begin next, as the wall clock shows it; None without any."""
        if self._hours is None:
            return None
        return self._clock.local(self._clock.moment(self._hours.begin_after(self._clock.now())))

    @property
    def said(self) -> Said:
        """For `take` to come back to."""
        return self._said

    async def hush(self, until_s: float) -> bool:
        """Quiet until then, in seconds since 1970; whether that will be remembered."""
        return await self.take(Said(until_s=until_s))

    async def lift(self) -> bool:
        """No more quiet, until the hours of the settings begin next; whether that will be remembered."""
        now = self._clock.wall()
        if self._hours and self._hours.hold(self._clock.now().time()):
            return await self.take(
                Said(lifted_until_s=self._clock.moment(self._hours.end_after(self._clock.local(now))))
            )
        return await self.take(Said())

    async def take(self, said: Said) -> bool:
        """It holds from now on, and is written on return; whether it will be remembered."""
        self._said = said
        self.look()
        return await self._spoken.keep(said)

    def look(self) -> None:
        """Tell whether it has begun or ended."""
        active = self.active
        if active != self._told:
            self._told = active
            if active:
                log.debug("it is quiet from now on, until %s", self.until)
            else:
                log.debug("it is quiet no more")
            for report in self._reports:
                report()
        self._wait()

    def close(self) -> None:
        """Nothing more is told."""
        self._watch.stop()

    def _wait(self) -> None:
        hushed = self._hushed(self._clock.wall())
        if self._hours or hushed:
            self._watch.next(self.look, self._said.until_s if hushed else None)
        else:
            self._watch.stop()

    def _hushed(self, at_s: float) -> bool:
        until = self._said.until_s
        return until is not None and 0 < until - at_s <= LONGEST_S + DAY_S

    def _scheduled(self, at_s: float) -> bool:
        if self._hours is None or not self._hours.hold(self._clock.local(at_s).time()):
            return False
        lifted = self._said.lifted_until_s
        return lifted is None or not 0 < lifted - at_s <= 2 * DAY_S
