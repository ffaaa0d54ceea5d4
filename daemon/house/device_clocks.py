"""What the limits of devices want to know of the machine's clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.abilities.devices.working.on_times import Boot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from daemon.abilities.devices.working.permission import Local
    from daemon.abilities.timers.now import Clocks


def local_time(clocks: Clocks) -> Local:
    """What a clock on the wall shows, while that can be believed."""

    def shown() -> datetime | None:
        now = clocks.now()
        return now.shown if now.trusted else None

    return shown


def boot_time(clocks: Clocks) -> Callable[[], Boot]:
    """How long the machine has been running, and since which start."""

    def boot() -> Boot:
        now = clocks.now()
        return Boot(now.boot_id, now.boot_s)

    return boot
