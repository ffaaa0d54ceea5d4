"""How loud each kind of sound is now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from daemon.abilities.quiet.local_clock import LocalClock, MinuteWatch
from daemon.abilities.volume.ceilings import ceiling_at
from daemon.abilities.volume.scale import FULL, SOFTEST
from daemon.sound.sound_kind import SoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from daemon.abilities.quiet.local_clock import Cancellable, Later
    from daemon.abilities.volume.ceilings import Ceiling
    from daemon.abilities.volume.kept_volumes import KeptVolumes
    from daemon.abilities.volume.scale import Whose

RESTED_S: Final = 2.0
"""So long after it was last turned by hand a volume is written: a turn of a knob is one write, not twenty."""

log = logging.getLogger(__name__)


class Volumes:
    """What was chosen, within what the time of day allows; for the loop's thread alone.

    A ceiling lowers what is heard and forgets nothing: when it ends, the volume is what was chosen last. What is chosen
    beyond a ceiling is that ceiling, unless more was chosen before.
    """

    def __init__(
        self,
        starting: Mapping[Whose, int],
        kept: KeptVolumes,
        *,
        ceilings: Sequence[Ceiling] = (),
        earcons_most: Callable[[], int] = lambda: FULL,
        clock: LocalClock | None = None,
        later: Later,
    ) -> None:
        """`starting` is in percent, for who chose none; `earcons_most` is the largest volume of earcons now.

        `later` is the loop's `call_later`; without ceilings nothing is asked of it before a knob is turned.
        """
        self._chosen: dict[Whose, int] = {**starting, **kept.read()}
        self._kept = kept
        self._ceilings = ceilings
        self._earcons_most = earcons_most
        self._clock = clock or LocalClock()
        self._later = later
        self._watch = MinuteWatch(self._clock, later)
        self._reports: list[Callable[[], object]] = []
        self._unkept: Cancellable | None = None
        self._told = self._all()
        self._wait()

    def reports_to(self, report: Callable[[], object]) -> None:
        """Call `report` whenever any volume has changed; all that were given are called."""
        self._reports.append(report)

    def of(self, kind: SoundKind) -> float:
        """From 0 to 1, as `daemon.sound.fader` takes it."""
        if kind is SoundKind.EARCON:
            return min(self.percent("voice"), self._earcons_most()) / FULL
        return self.percent(_WHOSE[kind]) / FULL

    def percent(self, whose: Whose) -> int:
        """As it is heard now."""
        return min(self._chosen[whose], self.largest(whose))

    def largest(self, whose: Whose) -> int:
        """What it can be now, in percent."""
        ceiling = self.ceiling(whose)
        return ceiling.percent if ceiling else FULL

    def ceiling(self, whose: Whose) -> Ceiling | None:
        """What of the time of day limits it now; an alarm is never limited."""
        return None if whose == "alarm" else ceiling_at(self._ceilings, self._clock.now().time())

    def chosen(self, whose: Whose) -> int:
        """In percent, whatever the time of day allows: for `choose` to come back to."""
        return self._chosen[whose]

    def wish(self, whose: Whose, percent: int) -> None:
        """As loud as this, from 0 to 100, or as the time of day allows. `keep` it then."""
        largest = self.largest(whose)
        self.choose(whose, percent if percent <= largest else max(largest, self._chosen[whose]))

    def nudge(self, whose: Whose, by: int) -> None:
        """Louder or, with a negative number of percents, quieter than it is heard now, but never to silence."""
        now = self.percent(whose)
        least = min(now, SOFTEST) if by < 0 else 0
        self.wish(whose, max(least, min(FULL, now + by)))

    def turn(self, by: int) -> None:
        """`nudge` the voice by hand; it is kept when the hand has rested."""
        self.nudge("voice", by)
        if self._unkept:
            self._unkept.cancel()
        self._unkept = self._later(RESTED_S, self._keep_turned)

    def choose(self, whose: Whose, percent: int) -> None:
        """From now on. `keep` it then."""
        self._chosen[whose] = percent
        self.look()

    async def keep(self, whose: Whose) -> bool:
        """Remember over a restart what was chosen; whether that will be. It is written on return."""
        return await self._kept.keep(whose, self._chosen[whose])

    def look(self) -> None:
        """Tell whether anything has changed: by choice, by the time of day, or by what is asked of earcons."""
        volumes = self._all()
        if volumes != self._told:
            self._told = volumes
            log.debug(
                "the volumes are now, in percent: %s", ", ".join(f"{k} {v * FULL:.0f}" for k, v in volumes.items())
            )
            for report in self._reports:
                report()
        self._wait()

    def close(self) -> None:
        """Nothing more is told; what was turned last is written."""
        self._watch.stop()
        if self._unkept:
            self._unkept.cancel()
            self._keep_turned()

    def _all(self) -> dict[str, float]:
        return {kind.value: self.of(kind) for kind in SoundKind}

    def _wait(self) -> None:
        if self._ceilings:
            self._watch.next(self.look)

    def _keep_turned(self) -> None:
        self._unkept = None
        self._kept.keep_some_time("voice", self._chosen["voice"])


_WHOSE: Final[Mapping[SoundKind, Whose]] = {
    SoundKind.VOICE: "voice",
    SoundKind.MESSAGE: "announcements",
    SoundKind.RING: "alarm",
}
