"""Who reads what the settings name, and what of the disk that is: the service's user, behind the walls of its unit.

A file that root, or whoever runs `pipit check`, can read may be out of the service's sight: systemd/pipit.service and
its siblings in systemd/ hide folders, and users and groups have rights of their own.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Literal

SERVICE_FOLDER: Final = Path("/etc/pipit")
"""The settings in it are the service's (`ConfigurationDirectory=pipit`)."""
HIDDEN: Final = (
    ("/home", "/root", "/run/user"),  # ProtectHome=yes
    ("/tmp", "/var/tmp"),  # noqa: S108 - PrivateTmp=yes
)
"""What the units hide, by the line that hides it."""
LONGEST_PATH: Final = 4_096
"""PATH_MAX of Linux: what is longer cannot be opened."""
MOST_LINKS: Final = 40
"""As Linux follows (path_resolution(7))."""

Need = Literal["read", "list"]
_READ: Final = {"read": 0o4, "list": 0o5}
_ENTER: Final = 0o1


@dataclass(frozen=True)
class Reader:
    """A user and what it may not see. `uid` is None if there is no such user here: then its rights are not known."""

    name: str
    uid: int | None
    groups: frozenset[int] = frozenset()
    of_service: bool = False
    behind_walls: bool = True
    """Whether what the units hide is worth a word."""
    settings_hidden_by: tuple[str, ...] = ()
    """Of the folders that the units hide, those that have the settings in them."""

    @property
    def is_here(self) -> bool:
        """Whether it is this process: what this process may not do, the reader may not either."""
        return self.uid == os.geteuid()

    def closed(self, path: str, need: Need) -> str:
        """The first folder on the way to `path`, or `path` itself, that this user may not use; empty if none."""
        if self.uid is None or self.uid == 0:
            return ""
        *folders, last = way_to(path) or [path]
        for place, bits in (*((folder, _ENTER) for folder in folders), (last, _READ[need])):
            if not self._may(Path(place), bits):
                return place
        return ""

    def _may(self, place: Path, bits: int) -> bool:
        """By owner, group and mode; an access control list, or what cannot be looked at, is given the benefit."""
        try:
            status = place.lstat()
            if stat.S_ISLNK(status.st_mode) or _has_access_list(place):
                return True
        except (OSError, ValueError):
            return True
        if status.st_uid == self.uid:
            mode = status.st_mode >> 6
        else:
            mode = status.st_mode >> 3 if status.st_gid in self.groups else status.st_mode
        return mode & bits == bits


def _has_access_list(place: Path) -> bool:
    try:
        return bool(os.getxattr(place, "system.posix_acl_access"))
    except OSError:
        return False


def reader_of(settings: Path) -> Reader:
    """Who reads the settings in this place: the service, if they are its own, else whoever runs this."""
    place = _absolute(settings)
    if place.startswith(f"{SERVICE_FOLDER}/"):
        return user("pipit")
    return Reader("this user", os.geteuid(), frozenset(os.getgroups()), settings_hidden_by=hidden_by(place))


def _absolute(path: Path) -> str:
    """Of the text alone, whatever is on the disk."""
    try:
        return os.path.abspath(path)  # noqa: PTH100 - Path.absolute() leaves ".."
    except OSError:  # this process is in a folder that is no more
        return str(path)


def user(name: str) -> Reader:
    """The user of a service; the groups that its unit adds own devices, not files."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return Reader(name, None, of_service=True)
    groups = os.getgrouplist(name, entry.pw_gid)
    return Reader(name, entry.pw_uid, frozenset(groups), of_service=True)


def hidden_by(path: str) -> tuple[str, ...]:
    """The folders of one line of the units that hide `path`, or anything that it leads through; empty if none does."""
    way = [path, *way_to(path)]
    for folders in HIDDEN:
        if any(f"{place}/".startswith(f"{folder}/") for place in way for folder in folders):
            return folders
    return ()


def way_to(path: str) -> list[str]:
    """Each folder that is gone through to `path`, each link as well, and at the end the file; as far as can be seen."""
    rest = list(reversed(PurePath(path).parts[1:]))
    here, way, links = "/", list[str](), 0
    while rest and links <= MOST_LINKS and len(here) <= LONGEST_PATH:
        part = rest.pop()
        if part == "..":
            here = str(PurePath(here).parent)
            continue
        place = f"{here.rstrip('/')}/{part}"
        way.append(place)
        try:
            target = Path(os.readlink(place))  # noqa: PTH115 - of a text, for there may be thousands
        except (OSError, ValueError):
            here = place
            continue
        links += 1
        here = "/" if target.is_absolute() else here
        rest.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))
    return way
