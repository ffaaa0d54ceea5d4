"""The state file seen from outside, by a command, while the service may have it open."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.state.rows import connected
from daemon.state.state_file import is_damaged
from daemon.state.store import FILE, StateError
from daemon.state.versions import STEPS
from daemon.state.writer import BUSY, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_FOLDER: Final = Path("/var/lib/pipit")
"""What systemd makes of `StateDirectory=pipit`."""

TIMEOUT_S: Final = 5.0
"""How long the service may keep a command waiting."""


def state_file_of_service(environ: Mapping[str, str], folder: Path | None) -> Path:
    """In `folder`, or where systemd lets the service keep its state, or where the installed service does."""
    named = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return (folder or (Path(named) if named else DEFAULT_FOLDER)) / FILE


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The state file at `path`, which is neither made nor changed by that.

    Raises StateError if it is not there, may not be used, is of another version, or is damaged.
    """
    _check_access(path)
    try:
        with closing(connected(f"{path.absolute().as_uri()}?mode=rw", TIMEOUT_S, uri=True)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != len(STEPS):
                age = "an older" if version < len(STEPS) else "a newer"
                fix = "start the service of this version once: `sudo systemctl restart pipit`"
                raise StateError(f"the state file {path} is of {age} Pipit", fix=fix)
            yield database
    except sqlite3.Error as error:
        raise unusable(path, error) from None


def unusable(path: Path, error: Exception) -> StateError:
    """What keeps a command from using the file at `path`. It is left as it is: that of others is not ours to mend."""
    if is_damaged(error):
        fix = "restart the service, which puts it aside and begins a new one: sudo systemctl restart pipit"
        return StateError(f"the state file {path} is damaged: {error}", fix=fix)
    if isinstance(error, sqlite3.Error) and reason_of(error) in BUSY:
        fix = f"try again, or end the program that has locked it: `sudo fuser -v {path}` tells which"
        return StateError(f"the state file {path} is in use: {error}", fix=fix)
    return StateError(f"the state file {path} cannot be used: {error}", fix="run the command with sudo")


def _check_access(path: Path) -> None:
    """SQLite says the same of a missing file and of a forbidden one."""
    try:
        path.stat()
        permitted = os.access(path, os.R_OK | os.W_OK)
    except PermissionError:
        permitted = False
    except OSError:
        fix = "start the service once, or name its state folder with --state"
        raise StateError(f"there is no state file {path}", fix=fix) from None
    if not permitted:
        raise StateError(f"the state file {path} may not be read by this user", fix="run the command with sudo")
