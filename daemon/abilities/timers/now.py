"""One look at both clocks, and a moment as both of them tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from daemon.abilities.timers.wall_time import shown_at

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

PATIENCE_S: Final = 600.0
"""How long after a boot the network may take to set the clock. Where nothing sets it, it is believed from then on."""
STEP_S: Final = 2.0
"""Less than this between two looks is no step of the wall clock, but how it is kept right."""


@dataclass(frozen=True)
class Now:
    """`boot_s` counts since the boot `boot_id`, in suspend too; `wall_s` are seconds since 1970."""

    boot_s: float
    wall_s: float
    boot_id: str
    zone: tzinfo
    zone_name: str
    synchronised: bool
    written_s: float = 0.0
    """What the wall clock showed when something was last written: one that shows less was not set yet."""

    @property
    def trusted(self) -> bool:
        """Whether the wall clock may decide what is due: a Pi without a battery starts with the time of its stop."""
        return self.synchronised or (self.boot_s >= PATIENCE_S and self.wall_s >= self.written_s)

    @property
    def shown(self) -> datetime:
        """What a clock on the wall shows, without a zone."""
        return shown_at(self.wall_s, self.zone)

    @property
    def offset_s(self) -> float:
        """What only changes when somebody sets the wall clock."""
        return self.wall_s - self.boot_s

    def stamp(self, in_s: float = 0.0) -> Stamp:
        """The moment in `in_s` seconds."""
        return Stamp(self.boot_id, self.boot_s + in_s, self.wall_s + in_s)


@dataclass(frozen=True)
class Stamp:
    """A moment by the boot clock, which counts within its boot alone, and by the wall clock, for the next boot."""

    boot_id: str
    boot_s: float
    wall_s: float

    def left_s(self, now: Now) -> float | None:
        """How long until then, negative after it; None if only a wall clock that is not set could tell."""
        if now.boot_id == self.boot_id:
            return self.boot_s - now.boot_s
        return self.wall_s - now.wall_s if now.trusted else None

    def adopted(self, now: Now) -> Stamp:
        """The same moment by this boot's clock, and by the wall clock as it is set now."""
        left_s = self.left_s(now)
        if left_s is None or not now.trusted:
            return self
        if self.boot_id == now.boot_id and abs(self.wall_s - now.wall_s - left_s) < STEP_S:
            return self
        return replace(self, boot_id=now.boot_id, boot_s=now.boot_s + left_s, wall_s=now.wall_s + left_s)


class Clocks(Protocol):
    """Where the time comes from."""

    def now(self) -> Now: ...
