"""The file of a Unix socket: made for a group alone, in place of one that is dead, removed at the end."""

from __future__ import annotations

import os
import socket
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.control_socket.control_lines import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME: Final = "control.sock"
SERVICE_FOLDER: Final = Path("/run/pipit")
"""`RuntimeDirectory=` of the unit."""
MODE: Final = 0o660
BACKLOG: Final = 8


def socket_file(environ: Mapping[str, str]) -> Path | None:
    """In the folder that systemd made for the service; None elsewhere, and then there is no control socket."""
    folder = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    return Path(folder, NAME) if folder else None


@contextmanager
def listening_at(path: Path) -> Iterator[socket.socket]:
    """A socket that listens there and does not block. Raises ControlError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(0)
        try:
            _make_way(path)
            door.bind(str(path))
            made = path.lstat()
            path.chmod(MODE)  # before it listens, so nobody comes in by another mode; the unit's UMask= leaves 0700
            door.listen(BACKLOG)
        except (OSError, ValueError) as error:
            raise _unavailable(f"{path} cannot be made: {getattr(error, 'strerror', None) or error}") from None
        try:
            yield door
        finally:
            _remove(path, made)


def _make_way(path: Path) -> None:
    """Raises ControlError unless there is nothing in the way any more; OSError."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise _unavailable(f"{path} is no socket")
    if _is_alive(path):
        raise _unavailable(f"another process listens at {path}")
    path.unlink()


def _is_alive(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(0)
        try:
            probe.connect(str(path))
        except BlockingIOError:  # it is busy
            return True
        except ConnectionRefusedError:
            return False
    return True


def _remove(path: Path, made: os.stat_result) -> None:
    """Unless it is another's by now."""
    try:
        found = path.lstat()
        if (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino):
            path.unlink()
    except OSError:
        return


def _unavailable(what: str) -> ControlError:
    fix = "stop the other process, or remove what is there"
    return ControlError(what, fix=fix, exit_status=os.EX_UNAVAILABLE)
