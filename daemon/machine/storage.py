"""The disk: its space, whether it can be written, and where the journal goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import MIB, PROGRAM_MB, STATE_MB
from daemon.machine.finding import CannotTell, Fact, Finding, Verdict, bad, good, warning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from daemon.machine.site import Site

STATE: Final = "/var/lib/pipit"
FULL_MB: Final = 50
"""Below this the next update of anything fails half-way."""
MAKE_ROOM: Final = "make room: sudo apt clean, sudo journalctl --vacuum-size=50M, old files"


@dataclass(frozen=True)
class Space:
    """Free megabytes are of 1024 * 1024 bytes, as the installer counts them."""

    free_mb: int
    free_files: int | None
    """None where the file system does not count them (btrfs, vfat)."""
    file_system: int = 0
    """The same number for all places on one."""


def space_of(path: Path) -> Space:
    status = os.statvfs(path)
    files = status.f_favail if status.f_files else None
    return Space(status.f_bavail * status.f_frsize // MIB, files, path.stat().st_dev)


@dataclass(frozen=True)
class Mount:
    place: str
    kind: str
    options: frozenset[str]


def mount_of(site: Site, place: str) -> Mount | None:
    """The file system that holds `place`, by /proc/mounts: the longest mount point above it, the last of equal ones."""
    found = None
    for line in (site.text("/proc/mounts") or "").splitlines():
        fields = line.split()
        if len(fields) < 4:  # device, mount point, type, options
            continue
        above = fields[1].rstrip("/") + "/"
        if f"{place}/".startswith(above) and len(fields[1]) >= len(found.place if found else ""):
            found = Mount(fields[1], fields[2], frozenset(fields[3].split(",")))
    return found


def examine_space(site: Site, look: Callable[[Path], Space] = space_of) -> Finding:
    spaces = _spaces(site, look)
    place, space = min(spaces.items(), key=lambda item: item[1].free_mb)
    facts: dict[str, Fact] = {"free_mb": space.free_mb, "place": place}
    if space.free_files == 0:
        return bad(f"{place} has room for no more files", MAKE_ROOM, **facts)
    if space.free_mb < FULL_MB:
        return bad(f"{place} is full: {space.free_mb} MB are free", MAKE_ROOM, **facts)
    for place, space in spaces.items():
        needed = _upgrade_mb(place, spaces)
        if space.free_mb < needed:
            what = f"{place} has {space.free_mb} MB free, too little for an upgrade, which takes {needed} MB"
            return warning(what, MAKE_ROOM, **{**facts, "free_mb": space.free_mb, "place": place})
    return good(f"{place} has {space.free_mb:,} MB free", **facts)


def room_for_installing(site: Site, look: Callable[[Path], Space] = space_of) -> Finding:
    """Whether a release and its state have room; the household's words for a file system are those of its root."""
    spaces = _spaces(site, look)
    names = ("/",) if _on_one(spaces) else ("/opt", *list(spaces)[1:])
    told = good("")
    for name, (place, space) in zip(names, spaces.items(), strict=False):
        needed, shown = _upgrade_mb(place, spaces), site.shown(name)
        if space.free_files == 0:
            return bad(f"{shown} has room for no more files", MAKE_ROOM)
        if space.free_mb < needed:
            what = f"only {space.free_mb} MB are free in {shown}, and it takes {needed} MB"
            return bad(what, "free some space there ('sudo apt-get clean' is a start)")
        told = good(f"{space.free_mb} MB free in {shown}")
    return told


def _spaces(site: Site, look: Callable[[Path], Space]) -> dict[str, Space]:
    """The file system of the program, and that of the state. Raises CannotTell."""
    try:
        spaces = {place: look(site.path(place)) for place in _places(site)}
    except OSError as error:
        raise CannotTell("the free space is not known") from error
    if not spaces:
        raise CannotTell("there is no file system to look at")
    return spaces


def _on_one(spaces: Mapping[str, Space]) -> bool:
    return len({space.file_system for space in spaces.values()}) == 1


def _places(site: Site) -> list[str]:
    """Where the program is and where the state, or the folder above that will hold it; each once."""
    wanted = (("/opt", "/"), (STATE, "/var/lib", "/"))
    found = (next((place for place in places if site.path(place).is_dir()), None) for places in wanted)
    return list(dict.fromkeys(place for place in found if place))


def _upgrade_mb(place: str, spaces: Mapping[str, Space]) -> int:
    """What an upgrade takes of the file system of `place`: the installer's own measure."""
    if _on_one(spaces):
        return PROGRAM_MB + STATE_MB
    return STATE_MB if place.startswith("/var") else PROGRAM_MB


def _examine_writing(site: Site) -> Finding:
    root, state = mount_of(site, "/"), mount_of(site, STATE)
    if root is None or state is None:
        raise CannotTell("the kernel does not say what is mounted")
    if "ro" in state.options and site.path(STATE).is_dir():
        if state.place == "/" and not _meant_read_only(site):
            return bad(
                "the disk was made read-only, as the kernel does when the SD card fails",
                "save what you need, and put the system on a new card: `dmesg | grep -i mmc` tells more",
                place=state.place,
            )
        return bad(
            f"{STATE} cannot be written: {state.place} is read-only",
            f"mount something that can be written at {STATE}, or raspi-config, Performance, Overlay File System, No",
            place=state.place,
        )
    if root.kind == "overlay":
        return good(f"the system is on an overlay, and forgets at a restart; {STATE} is on {state.place}")
    return good(f"{STATE} can be written")


def _meant_read_only(site: Site) -> bool:
    """Whether /etc/fstab mounts the root file system read-only."""
    for line in (site.text("/etc/fstab") or "").splitlines():
        fields = line.split()
        if fields[1:2] == ["/"] and "ro" in fields[3].split(","):
            return True
    return False


_JOURNALD: Final = ("/usr/lib/systemd", "/usr/local/lib/systemd", "/run/systemd", "/etc/systemd")
"""Where journald.conf and its drop-ins are, the weakest first (journald.conf(5))."""


def _examine_journal(site: Site) -> Finding:
    storage = _journal_storage(site)
    kept = site.path("/var/log/journal").is_dir()
    facts: dict[str, Fact] = {"storage": storage}
    if storage == "persistent" or (storage == "auto" and kept):
        return good("the journal is kept over a restart", **facts)
    return Finding(
        Verdict.GOOD,
        "the journal is kept in memory: what was before a restart is lost (this spares the SD card)",
        "to keep it, write [Journal] and Storage=persistent into /etc/systemd/journald.conf.d/99-keep.conf",
        facts,
    )


def _journal_storage(site: Site) -> str:
    """The value of Storage=, "auto" if none is set: the main file first, then the drop-ins in order of their names."""
    if not any(site.path(folder).is_dir() for folder in _JOURNALD):
        raise CannotTell("there is no systemd whose journal could be looked at")
    mains = [path for folder in _JOURNALD if (path := site.path(f"{folder}/journald.conf")).is_file()]
    drop_ins = {
        file.name: file for folder in _JOURNALD for file in site.path(f"{folder}/journald.conf.d").glob("*.conf")
    }
    storage = "auto"
    for file in [*mains[-1:], *(drop_ins[name] for name in sorted(drop_ins))]:
        for line in file.read_text(errors="replace").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == "Storage" and value.strip():
                storage = value.strip().lower()
    return storage


DISK = Check("disk", "Is there room on the disk?", examine_space, beforehand=room_for_installing)
DISK_WRITABLE = Check("disk-writable", "Can the disk be written, or has the SD card failed?", _examine_writing)
JOURNAL = Check("journal", "Is the journal kept over a restart?", _examine_journal)
