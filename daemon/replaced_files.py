"""Small files that are replaced whole: whoever reads one, or cuts the power, finds the old content or the new."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
"""A file of our own, and nothing that a link leads to, whose ever the folder is."""


def replace_content(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put `content` in the place of what is at `path`; nobody ever has wider permissions to it than `mode`.

    Several processes may do so at once: the last one's stays. Raises OSError, also where there is no such folder; what
    was there is then untouched.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(temporary, _NEW, 0o600), "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """A file system may write the content before the name; not all of them can be asked to write that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
