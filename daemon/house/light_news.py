"""What a row of lights is told besides the state of the conversation: volume, the next timer, how loud it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from daemon.abilities.volume.scale import FULL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from daemon.abilities.quiet.quiet import Quiet
    from daemon.abilities.timers.keeper import Keeper
    from daemon.abilities.volume.scale import Whose
    from daemon.abilities.volume.volumes import Volumes
    from daemon.conversation.witness import Witness
    from daemon.house.daily import Daily

WHOSE: Final[Sequence[Whose]] = ("voice", "announcements", "alarm")


@runtime_checkable
class Telling(Protocol):
    """A light that can show more than patterns (`daemon.lights.pixel_indicator`)."""

    @property
    def wants_loudness(self) -> bool: ...
    def loudness(self, level: float) -> None: ...
    def bar(self, share: float) -> None: ...
    def count_down(self, left_s: float, length_s: float) -> None: ...


def told_to_light(light: object, daily: Daily, in_quiet: Literal["dim", "off"]) -> Sequence[Witness]:
    """Have the light told; who has to look on for that. A single light can show nothing of it."""
    if not isinstance(light, Telling):
        return ()
    from daemon.lights.voice_level import Loudness

    hidden = daily.quiet if in_quiet == "off" else None
    volume = VolumeNews(light, daily.volumes, hidden)
    daily.volumes.reports_to(volume.tell)
    if daily.timers:
        timer = TimerNews(light, daily.timers.keeper, daily.quiet)
        daily.timers.keeper.tells(timer.tell)
        daily.quiet.reports_to(timer.tell)
        timer.tell()
    return (Loudness(light),)


class VolumeNews:
    """Shows what somebody has chosen; not that a ceiling of the time of day begins or ends."""

    def __init__(self, light: Telling, volumes: Volumes, hidden: Quiet | None) -> None:
        """While it is quiet nothing is shown if `hidden`."""
        self._light = light
        self._volumes = volumes
        self._hidden = hidden
        self._chosen = self._now()

    def tell(self) -> None:
        """Something of the volumes has changed."""
        before, self._chosen = self._chosen, self._now()
        changed = [whose for whose in WHOSE if self._chosen[whose] != before[whose]]
        if changed and not (self._hidden and self._hidden.active):
            self._light.bar(self._volumes.percent(changed[0]) / FULL)

    def _now(self) -> Mapping[Whose, int]:
        return {whose: self._volumes.chosen(whose) for whose in WHOSE}


class TimerNews:
    """Shows the timer that ends first, at rest, and not while it is quiet."""

    def __init__(self, light: Telling, keeper: Keeper, quiet: Quiet) -> None:
        self._light = light
        self._keeper = keeper
        self._quiet = quiet

    def tell(self) -> None:
        """A timer may have changed, or quiet."""
        left_s, length_s = (0.0, 0.0) if self._quiet.active else min(self._running(), default=(0.0, 0.0))
        self._light.count_down(left_s, length_s)

    def _running(self) -> Iterable[tuple[float, float]]:
        now = self._keeper.now()
        for entry in self._keeper.entries.values():
            if entry.kind == "timer" and entry.phase == "running" and entry.length_s:
                left_s = entry.due_in_s(now)
                if left_s is not None and left_s > 0:
                    yield left_s, entry.length_s
