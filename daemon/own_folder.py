"""Where a user's own state is kept, as the XDG Base Directory Specification says."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def own_state(environ: Mapping[str, str]) -> Path:
    """A relative path in the variable counts as none, and so does an empty one."""
    named = Path(environ.get("XDG_STATE_HOME", ""))
    return named if named.is_absolute() else _home(environ) / ".local/state"


def _home(environ: Mapping[str, str]) -> Path:
    """That of the environment, else of the user: services and `env -i` have none in theirs, and `/` is nobody's."""
    try:
        return Path(environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir or "/")
    except KeyError:  # a user that is in no list, as in containers
        return Path("/")
