"""Bytes that wait for ever and are seldom wanted: in a file without a name, which goes with the process."""

from __future__ import annotations

import os
import weakref
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class PutAway:
    """Not thread-safe. What no file can be had for, or has no room in it, stays in memory."""

    def __init__(self, folder: Path | None) -> None:
        """The file is made in `folder`, with the first bytes; None is where temporary files go."""
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._kept: list[bytes | tuple[int, int]] = []

    def put(self, data: bytes) -> int:
        """The number by which `get` finds them."""
        try:
            self._kept.append((self._append(data), len(data)))
        except OSError:
            self._kept.append(data)
        return len(self._kept) - 1

    def get(self, number: int) -> bytes:
        """Raises OSError if the disk does, and where it gives less than was put."""
        kept = self._kept[number]
        if isinstance(kept, bytes) or self._file is None:
            return bytes(kept)
        data = os.pread(self._file.fileno(), kept[1], kept[0])
        if len(data) != kept[1]:
            raise OSError(f"{len(data)} bytes where {kept[1]} were put away")
        return data

    def _append(self, data: bytes) -> int:
        if self._file is None:
            self._file = TemporaryFile(prefix="pipit-", dir=self._folder, buffering=0)  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        at = self._file.seek(0, os.SEEK_END)
        if self._file.write(data) != len(data):
            raise OSError("the disk is full")
        return at
