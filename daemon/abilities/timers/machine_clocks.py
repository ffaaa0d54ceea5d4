"""The clocks of this machine, and the zone that it is set to now."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from daemon.abilities.timers.now import Now
from daemon.machine.facts import SYNCHRONIZED

BOOT_ID: Final = "proc/sys/kernel/random/boot_id"
LOCALTIME: Final = "etc/localtime"


@dataclass(frozen=True)
class _Zone:
    mark: object
    zone: tzinfo
    name: str


class MachineClocks:
    """Reads the files below `root`. The zone is read anew when its file has changed, and the process told of it."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._boot_id = ""
        self._zone: _Zone | None = None

    def now(self) -> Now:
        self._boot_id = self._boot_id or _boot_id(self._root / BOOT_ID)
        zone = self._present_zone()
        synchronised = (self._root / SYNCHRONIZED.lstrip("/")).exists()
        boot_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        return Now(boot_s, time.time(), self._boot_id, zone.zone, zone.name, synchronised)

    def _present_zone(self) -> _Zone:
        path = self._root / LOCALTIME
        mark = _mark(path)
        if self._zone is None or self._zone.mark != mark:
            changed, self._zone = self._zone is not None, _zone(path, mark)
            if changed:
                time.tzset()  # or the rest of the process goes on in the old one until some library calls this
        return self._zone


def _boot_id(path: Path) -> str:
    """Empty, as no boot's is, where there is none: then no time of before this process counts by the boot clock."""
    try:
        return path.read_text().strip()
    except OSError:
        return f"process {os.getpid()} of {time.time()}"


def _mark(path: Path) -> object:
    """What is different when the file, or what it links to, is another."""
    try:
        found = path.stat()
        return (os.path.realpath(path), found.st_ino, found.st_mtime_ns, found.st_size)
    except OSError:
        return None


def _zone(path: Path, mark: object) -> _Zone:
    """What is in the file, whatever it is called. Without one that can be read it is UTC, as glibc has it."""
    name = os.path.realpath(path).partition("zoneinfo/")[2]
    try:
        with path.open("rb") as file:
            return _Zone(mark, ZoneInfo.from_file(file, key=name or "local"), name or "local")
    except (OSError, ValueError):
        return _Zone(mark, UTC, "UTC")
