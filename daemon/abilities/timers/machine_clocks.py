"""The clocks of this machine, and the zone that it is set to now."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from daemon.abilities.timers.now import Now
from daemon.machine.facts import SYNCHRONIZED
from daemon.machine.local_zone import LocalZone

BOOT_ID: Final = "proc/sys/kernel/random/boot_id"


class MachineClocks:
    """Reads the files below `root`."""

    def __init__(self, root: Path = Path("/"), zone: LocalZone | None = None) -> None:
        self._root = root
        self._boot_id = ""
        self._zone = zone or LocalZone(root)

    def now(self) -> Now:
        self._boot_id = self._boot_id or _boot_id(self._root / BOOT_ID)
        local = self._zone.present()
        synchronised = (self._root / SYNCHRONIZED.lstrip("/")).exists()
        boot_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        return Now(boot_s, time.time(), self._boot_id, local.zone, local.name, synchronised)


def _boot_id(path: Path) -> str:
    """Where there is none it is like no other's: then no time of before this process counts by the boot clock."""
    try:
        return path.read_text().strip()
    except OSError:
        return f"process {os.getpid()} of {time.time()}"
