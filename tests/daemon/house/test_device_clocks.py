"""What the limits of devices know of the clocks: nothing of a wall clock that is not set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from daemon.abilities.devices.working.on_times import Boot
from daemon.abilities.timers.now import PATIENCE_S, Now
from daemon.house.device_clocks import boot_time, local_time


@dataclass
class At:
    moment: Now

    def now(self) -> Now:
        return self.moment


def test_the_wall_clock_is_believed_once_it_is_set() -> None:
    unset = Now(5.0, 1000.0, "boot", UTC, "UTC", synchronised=False)
    assert local_time(At(unset))() is None
    shown = local_time(At(Now(5.0, 3600.0, "boot", UTC, "UTC", synchronised=True)))()
    assert shown is not None
    assert (shown.hour, shown.minute) == (1, 0)
    assert local_time(At(Now(PATIENCE_S, 3600.0, "boot", UTC, "UTC", synchronised=False)))() is not None


def test_a_boot_and_how_long_it_has_been() -> None:
    assert boot_time(At(Now(5.0, 1000.0, "boot", UTC, "UTC", synchronised=False)))() == Boot("boot", 5.0)
