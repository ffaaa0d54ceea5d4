"""The machine as a check sees it: files below a root, programs on a path, the time. In a test it is a folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hardware.child_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NOT_FOUND: Final = 127
"""Status of a program that is not there, as shells report it."""
TIMED_OUT: Final = 124
"""Status of a program that was ended at its deadline, as timeout(1) reports it."""

SYSTEM_PROGRAMS: Final = "/usr/local/sbin:/usr/sbin:/sbin"
"""Where Debian has `iw`, and where it does not look for an ordinary user's commands."""


@dataclass(frozen=True)
class Completed:
    """How a program ended: `status` is its exit status, or minus the number of the signal that ended it."""

    status: int
    output: str
    errors: str = ""

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def found(self) -> bool:
        return self.status != NOT_FOUND

    @property
    def last_error(self) -> str:
        """The last line of `errors` that says something, "" if none does; a group of exceptions ends with a frame."""
        said = (line for line in reversed(self.errors.splitlines()) if any(map(str.isalnum, line)))
        return next(said, "").lstrip(" |")

    @property
    def signal(self) -> str:
        """The name of the signal that ended it, such as "SIGILL"; empty if none did."""
        if self.status >= 0:
            return ""
        number = -self.status
        return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"


def _now() -> datetime:
    return datetime.now(UTC)


def environment() -> dict[str, str]:
    """This process's own, with the folders of the system's programs in its PATH."""
    return {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:{SYSTEM_PROGRAMS}"}


@dataclass(frozen=True)
class Site:
    """Everything a check of the machine may look at. Its paths (`/proc/asound`) are read below `root`."""

    root: Path = Path("/")
    environ: Mapping[str, str] = field(default_factory=environment)
    uid: int = field(default_factory=os.geteuid)
    now: Callable[[], datetime] = _now
    """The wall clock, in UTC."""

    @property
    def is_root(self) -> bool:
        return self.uid == 0

    def path(self, path: str) -> Path:
        """The machine's `path`, which begins with "/", below the root."""
        return self.root / path.removeprefix("/")

    def text(self, path: str) -> str | None:
        """What is in a file of the machine, without white space around it; None if it cannot be read."""
        try:
            return self.path(path).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return None

    def shown(self, path: str) -> str:
        """The machine's `path` as the household finds it from here: with the folder of an image before it."""
        return f"{str(self.root).rstrip('/')}{path}"

    def run(self, command: Sequence[str], timeout_s: float = 5.0, wanted: Sequence[str] = ()) -> Completed:
        """Run a program of `environ`'s PATH, without standard input, in the C locale, for `timeout_s` seconds at most.

        `wanted` are variables of the environment that this program is given besides those that any needs.

        Never raises for what becomes of it: a missing program has the status NOT_FOUND, a late one TIMED_OUT.
        """
        program = shutil.which(command[0], path=self.environ.get("PATH", os.defpath))
        if program is None:
            return Completed(NOT_FOUND, "")
        environ = child_environment(self.environ, "PIPIT_MODELS", *wanted) | {"LC_ALL": "C"}
        try:
            done = subprocess.run(
                [program, *command[1:]],
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Completed(TIMED_OUT, "")
        except OSError as error:
            return Completed(NOT_FOUND, "", str(error))
        return Completed(done.returncode, _decoded(done.stdout), _decoded(done.stderr))


def _decoded(output: bytes) -> str:
    return output.decode("utf-8", "replace").strip()
