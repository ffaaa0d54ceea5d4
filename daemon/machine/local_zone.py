"""The time zone that this machine is set to now: everything that shows or reads local time asks here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALTIME: Final = "etc/localtime"


@dataclass(frozen=True)
class NamedZone:
    zone: tzinfo
    name: str


class LocalZone:
    """Reads the file below `root`, and again when it has changed, which the process is told of.

    `TZ` of `environment` goes before it, as with glibc, if it names a zone; what it may say else is passed over.
    """

    def __init__(self, root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> None:
        self._path = root / LOCALTIME
        self._given = _named(environment.get("TZ", "").removeprefix(":"))
        self._mark: object = None
        self._zone: NamedZone | None = None

    def zone(self) -> tzinfo:
        return self.present().zone

    def present(self) -> NamedZone:
        """The same object as before while nobody has set another."""
        if self._given:
            return self._given
        mark = _mark(self._path)
        if self._zone is None or self._mark != mark:
            changed, self._zone, self._mark = self._zone is not None, _read(self._path), mark
            if changed:
                time.tzset()  # or the rest of the process goes on in the old one until some library calls this
        return self._zone


def _named(name: str) -> NamedZone | None:
    try:
        return NamedZone(ZoneInfo(name), name) if name else None
    except (OSError, ValueError, KeyError):
        return None


def _mark(path: Path) -> object:
    """What is different when the file, or what it links to, is another."""
    try:
        found = path.stat()
        return (os.path.realpath(path), found.st_ino, found.st_mtime_ns, found.st_size)
    except OSError:
        return None


def _read(path: Path) -> NamedZone:
    """What is in the file, whatever it is called. Without one that can be read it is UTC, as glibc has it."""
    name = os.path.realpath(path).partition("zoneinfo/")[2]
    try:
        with path.open("rb") as file:
            return NamedZone(ZoneInfo.from_file(file, key=name or "local"), name or "local")
    except (OSError, ValueError):
        return NamedZone(UTC, "UTC")
