"""What a keeper owes a household, worked out a second time and by other means: days are counted, minutes scanned.

Nothing here is the product's but `Now`. Durations are by a time that nobody sets, so that they are right whatever the
clocks say; times of the wall clock are what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from daemon.abilities.timers.now import Now

    Brought = tuple[Literal["ring", "act", "tell"], int]

LATE_S: Final = {"alarm": 600.0, "timer": 3600.0, "reminder": 3600.0, "action": 120.0}
"""How late each may be and still be brought about."""
MINUTE: Final = timedelta(minutes=1)


def shows(at: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=1_000)
def first_shown(wall: datetime, zone: tzinfo) -> float:
    """When clocks first show `wall`, a whole minute, or more: looked for minute by minute around a turn."""
    guesses = [wall.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)]
    at = guesses[0]
    if guesses[0] != guesses[1]:
        at = min(guesses) - 60.0 * 60
        while shows(at, zone) < wall:
            at += 60.0
    return at


@dataclass(frozen=True)
class Walls:
    """Times of the wall clock: `start` alone, or as often as `count` says on these days of the week from then on."""

    start: datetime
    days: frozenset[int] = frozenset()
    every: int = 1  # of so many days, if no days of the week are named
    count: int | None = None

    def dates(self) -> Iterator[datetime]:
        if not self.days and not self.count:
            yield self.start
            return
        left = 1_000 if self.count is None else self.count
        wall = self.start
        while left:
            if not self.days or wall.weekday() in self.days:
                yield wall
                left -= 1
            wall += timedelta(days=1 if self.days else self.every)

    @property
    def repeats(self) -> bool:
        return bool(self.days or self.count)


@dataclass(frozen=True)
class Owed:
    """`due` is by the true time, `boot` the boot in which that was counted last."""

    number: int
    kind: Literal["timer", "alarm", "reminder", "action"]
    word: str  # by which it is known when it is told
    phase: Literal["waits", "paused", "snoozed", "rings", "acts"] = "waits"
    due: float | None = None
    boot: int = 0
    left: float = 0.0
    walls: Walls | None = None
    next: datetime | None = None
    spent: frozenset[datetime] = frozenset()
    begun: bool = False  # by the process that runs

    def left_s(self, at: float, boot: int, now: Now) -> float | None:
        """By the duration alone; None while nobody knows how long the machine was off."""
        return self.due - at if self.due is not None and (self.boot == boot or now.trusted) else None

    def is_reached(self, now: Now) -> bool:
        return self.next is not None and now.trusted and first_shown(self.next, now.zone) <= now.wall_s

    def after(self, now: Now) -> Owed:
        """Planned anew: its next time is the first that is to come and did not ring."""
        assert self.walls
        coming = (w for w in self.walls.dates() if w not in self.spent and first_shown(w, now.zone) > now.wall_s)
        return replace(self, next=next(coming, None))

    def passed(self, now: Now) -> datetime | None:
        """The latest of its times that were planned and are over."""
        assert self.walls
        assert self.next
        over = None
        for wall in self.walls.dates():
            if wall > now.shown + timedelta(days=2):
                break
            if self.next <= wall and wall not in self.spent and first_shown(wall, now.zone) <= now.wall_s:
                over = wall
        return over

    def rested(self) -> Owed | None:
        """Once it has come about: it waits for its next time, or there is nothing owed any more."""
        return None if self.next is None else replace(self, phase="waits", due=None, begun=False)


@dataclass
class Debts:
    """All that is owed, and what a look at this moment has to bring about."""

    ring_s: float
    owed: dict[int, Owed] = field(default_factory=dict)

    def copy(self) -> Debts:
        return Debts(self.ring_s, dict(self.owed))

    def look(self, at: float, boot: int, now: Now, *, anew: bool) -> list[Brought]:
        """`at` is the true time. `anew` if a clock or the zone was changed, or nobody has looked before."""
        brought: list[Brought] = []
        for number, owed in list(self.owed.items()):
            if anew:
                owed = self.owed[number] = _anew(owed, at, boot, now)
            verdict, rest = self._due(owed, at, boot, now)
            if verdict:
                brought.append((verdict, number))
                self._put(number, rest)
        return brought

    def ended(self, numbers: set[int]) -> None:
        """These ring or act no more."""
        for number in numbers & self.owed.keys():
            if self.owed[number].phase in {"rings", "acts"}:
                self._put(number, self.owed[number].rested())

    def restarted(self) -> None:
        """Another process has begun nothing yet."""
        self.owed = {number: replace(owed, begun=False) for number, owed in self.owed.items()}

    def _put(self, number: int, owed: Owed | None) -> None:
        if owed is None:
            del self.owed[number]
        else:
            self.owed[number] = owed

    def _due(
        self, owed: Owed, at: float, boot: int, now: Now
    ) -> tuple[Literal["ring", "act", "tell"] | None, Owed | None]:
        left = owed.left_s(at, boot, now)
        if owed.phase == "paused" or owed.begun:
            return None, owed
        doing: Literal["ring", "act"] = "act" if owed.kind == "action" else "ring"
        if owed.phase in {"rings", "acts"}:
            if left is None:
                return None, owed
            goes_on = -left < self.ring_s if doing == "ring" else -left <= LATE_S["action"]
            return (doing, replace(owed, begun=True)) if goes_on else ("tell", owed.rested())
        late, since = None if left is None else -left, owed
        if owed.is_reached(now):
            passed = owed.passed(now)
            assert passed
            late = now.wall_s - first_shown(passed, now.zone)
            owed = owed.after(now)
            since = replace(owed, spent=owed.spent | {passed})
            if late > LATE_S[owed.kind]:
                return "tell", owed.rested()
        if late is None or late < 0:
            return None, owed
        if late > LATE_S[owed.kind]:
            return "tell", owed.rested()
        phase: Literal["rings", "acts"] = "acts" if doing == "act" else "rings"
        return doing, replace(since, phase=phase, due=at, boot=boot, begun=True)


def _anew(owed: Owed, at: float, boot: int, now: Now) -> Owed:
    if now.trusted and owed.left_s(at, boot, now) is not None:
        owed = replace(owed, boot=boot)
    if owed.walls and owed.walls.repeats and owed.next and now.trusted and not owed.is_reached(now):
        planned = owed.after(now)
        return planned if planned.next else owed
    return owed
