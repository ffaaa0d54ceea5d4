"""The three standard streams, also where whoever started the command closed one or cannot take what it writes."""

import errno
import io
import os
import sys
from typing import Final

from daemon.errors import PipitError


class OutputLost(PipitError):
    """What was printed did not get where it was sent."""

    exit_status = os.EX_IOERR


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def prepare() -> None:
    """`stand_in_for_closed`; and what a terminal's encoding has no letters for is printed escaped."""
    stand_in_for_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def stand_in_for_closed() -> None:
    """Let `/dev/null` be what was closed (`<&-`), before anything else is opened and gets the free number.

    Python has None for it then, which nothing expects, and `print` or a library would write into a socket or a file.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None and not _is_open(number):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def give_up_output() -> None:
    """Print nothing more, not even at the end of the interpreter, which would complain of it."""
    if sys.stdout is sys.__stdout__:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def lost(error: OSError) -> OutputLost | None:
    """`error` in words if it is one of printing: those of files have a name, and errors of their own."""
    if error.filename is not None or error.errno not in _FULL:
        return None
    return OutputLost(f"the output cannot be written: {error.strerror}", fix="print to where there is room")


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
