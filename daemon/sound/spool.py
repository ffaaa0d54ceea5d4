"""Sound that comes through a pipe, kept in a file first: reading it takes going back and forth."""

import os
import select
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final, Protocol

from daemon.errors import AudioFileError

LARGEST_BYTES: Final = 1 << 28
"""An hour, which is the longest that is read, of 16-bit stereo at 32 kHz and more."""

PATIENCE_S: Final = 60.0
"""How long a pipe may say nothing."""

_PIECE_BYTES: Final = 1 << 16


class Pipe(Protocol):
    """What is asked of a stream: pieces of it, empty at its end."""

    def read(self, size: int, /) -> bytes: ...


@contextmanager
def as_file(path: Path, *, patience_s: float = PATIENCE_S) -> Iterator[Path]:
    """`path` itself if it is a file, else one with what came out of it. Raises AudioFileError and OSError."""
    name, mode = shown(path), _mode(path)
    if stat.S_ISDIR(mode):
        raise AudioFileError(f"{name} is a directory, not a sound file", fix="name the file in it")
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISFIFO(mode):
        pipe = Descriptor(name, os.open(path, os.O_RDONLY | os.O_NONBLOCK), patience_s)
        with closing(pipe), spooled(name, pipe) as kept:
            yield kept
    else:
        raise AudioFileError(f"{name} is a device, not a sound file", fix="name a file, or pipe the sound in")


@contextmanager
def spooled(name: str, pipe: Pipe) -> Iterator[Path]:
    """A file, for as long as the context is open, with all that came. Raises AudioFileError."""
    with NamedTemporaryFile(prefix="pipit-", suffix=".audio") as file:
        size = 0
        while piece := pipe.read(_PIECE_BYTES):
            size += len(piece)
            if size > LARGEST_BYTES:
                raise AudioFileError(f"{name} is larger than {LARGEST_BYTES >> 20} MB", fix="cut it")
            file.write(piece)
        file.flush()
        yield Path(file.name)


@contextmanager
def pipe_of(name: str, stream: IO[bytes]) -> Iterator[Pipe]:
    """The stream with a deadline, if it is one of the system's. Raises AudioFileError for a terminal."""
    try:
        descriptor = os.dup(stream.fileno())
    except OSError:  # it is in memory
        yield stream
        return
    with closing(Descriptor(name, descriptor, PATIENCE_S)) as pipe:
        if os.isatty(descriptor):
            raise AudioFileError(f"{name} is a terminal", fix="pipe a recording into it, or name a file")
        yield pipe


class Descriptor:
    """Reads a descriptor, which it owns, and waits `patience_s` for each piece at the most."""

    def __init__(self, name: str, descriptor: int, patience_s: float) -> None:
        self._name = name
        self._descriptor = descriptor
        self._patience_s = patience_s
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def read(self, size: int, /) -> bytes:
        """Raises AudioFileError if nothing comes."""
        if not self._poll.poll(self._patience_s * 1000):
            waited = f"nothing came from {self._name} for {self._patience_s:g} s"
            raise AudioFileError(waited, fix="look what the program that writes into it does")
        return os.read(self._descriptor, size)

    def close(self) -> None:
        os.close(self._descriptor)


def shown(path: Path) -> str:
    """The path for a message, on one line."""
    return str(path) if str(path).isprintable() else repr(str(path))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, ValueError) as error:  # no name holds a NUL
        raise AudioFileError(f"there is no file {shown(path)}", fix="check the path") from error
