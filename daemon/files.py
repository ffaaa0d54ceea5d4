"""Files that people name: looked at and read so that nothing hangs, nothing is endless, and each trouble has its words.

Opening a named pipe waits for a writer, some devices never end, and names themselves can be refused: every question of
the file system about a path that somebody wrote goes through here.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

KB: Final = 1024
MB: Final = 1024 * KB

LARGEST_MODEL_BYTES: Final = 128 * MB
"""Models of wake words and of speech have one or two; and the service may use 300 of memory."""

_KINDS: Final = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


class FileTrouble(Exception):
    """Why a file cannot be used. `what` follows its name: "does not exist"; `number` is the errno, 0 for none."""

    def __init__(self, what: str, fix: str, number: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.number = number


def status_of(path: Path | str) -> os.stat_result:
    """What is at `path`, links followed. Raises FileTrouble."""
    try:
        return Path(path).stat()
    except (OSError, ValueError) as error:
        raise _trouble(error, path) from None


def expanded(path: str) -> Path:
    """`path` with a home in the place of its `~`; of a user that there is none of it is a name like any other."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def may_be_there(path: Path | str) -> bool:
    """Also if this user may not look: who is to read it will say why not."""
    try:
        status_of(path)
    except FileTrouble as trouble:
        return trouble.number not in {errno.ENOENT, errno.ENOTDIR}
    return True


def check_regular(path: Path | str, largest_bytes: int, *, filled: bool = True) -> None:
    """Raises FileTrouble unless there is a file, no larger than that; with something in it, if it is to be `filled`.

    For libraries that open it themselves: what the kernel makes up says that it is empty, and may keep one waiting.
    """
    status = status_of(path)
    _refuse_others(status, largest_bytes)
    if filled and not status.st_size:
        raise FileTrouble("is empty", "name the right file", errno.ENODATA)


def check_folder(path: Path | str) -> None:
    """Raises FileTrouble unless there is a folder."""
    if not stat.S_ISDIR(status_of(path).st_mode):
        raise FileTrouble("is no folder", "name a folder", errno.ENOTDIR)


def read_regular(path: Path | str, largest_bytes: int) -> bytes:
    """What is in a file. Raises FileTrouble; never waits for a pipe, and reads no more than that."""
    _refuse_others(status_of(path), largest_bytes)  # before it is opened: that alone makes some devices act
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except PermissionError as error:
        raise FileTrouble("may not be read by this user", f"chmod a+r {path}", error.errno or 0) from None
    except (OSError, ValueError) as error:
        raise _trouble(error, path) from None
    with os.fdopen(descriptor, "rb") as file:
        _refuse_others(os.fstat(descriptor), largest_bytes)
        try:
            content: bytes | None = file.read(largest_bytes + 1)
        except OSError as error:
            raise _trouble(error, path) from None
    if content is None:
        raise FileTrouble("has nothing in it yet and would be waited for", "name a file of a disk")
    if len(content) > largest_bytes:
        raise _too_large(largest_bytes)
    return content


def _refuse_others(status: os.stat_result, largest_bytes: int) -> None:
    for is_of, what in _KINDS:
        if is_of(status.st_mode):
            raise FileTrouble(what, "name a file", errno.EISDIR if stat.S_ISDIR(status.st_mode) else 0)
    if status.st_size > largest_bytes:
        raise _too_large(largest_bytes)


def _too_large(largest_bytes: int) -> FileTrouble:
    size = f"{largest_bytes // MB} MB" if largest_bytes >= MB else f"{largest_bytes // KB} kB"
    return FileTrouble(f"is larger than {size}", "name the right file", errno.EFBIG)


def _trouble(error: OSError | ValueError, path: Path | str) -> FileTrouble:
    if not isinstance(error, OSError):  # a zero byte, or half of a surrogate pair
        return FileTrouble("has a name that no file can have", "correct the path", errno.EINVAL)
    number = error.errno or 0
    match number:
        case errno.ENOENT if _is_link(path):
            what, fix = "is a link to what does not exist", "correct the link"
        case errno.ENOENT:
            what, fix = "does not exist", "correct the path"
        case errno.ENOTDIR:
            what, fix = "goes through something that is no folder", "correct the path"
        case errno.ELOOP:
            what, fix = "is a link that leads back to itself", "correct the link"
        case errno.ENAMETOOLONG:
            what, fix = "has a longer name than a file can have", "correct the path"
        case errno.EACCES | errno.EPERM:
            what, fix = "lies in a folder that this user may not enter", "move it, or run with sudo"
        case _:
            what, fix = f"cannot be reached: {error.strerror}", "name another file"
    return FileTrouble(what, fix, number)


def _is_link(path: Path | str) -> bool:
    try:
        return stat.S_ISLNK(Path(path).lstat().st_mode)
    except (OSError, ValueError):
        return False
