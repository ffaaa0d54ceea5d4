"""What alsa-lib prints by itself, sent to the log instead of the terminal.

Each failed open makes alsa-lib write several lines about its own source files to standard error; Pipit says the same in
one sentence with a fix. pyalsaaudio has no way to alsa-lib's `snd_lib_error_set_handler`, so ctypes goes there.
"""

import ctypes
import logging
from contextlib import suppress
from typing import Final

_Handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
"""`snd_lib_error_handler_t`: file, line, function, errno, format; the arguments of the format are not read."""

_log = logging.getLogger(__name__)


def _to_the_log(file: bytes, line: int, function: bytes, number: int, text: bytes) -> None:
    _log.debug("%s:%d %s: %s (%d)", file.decode(), line, function.decode(), text.decode(), number)


HANDLER: Final = _Handler(_to_the_log)
"""Kept for the life of the process: alsa-lib holds a bare pointer to it."""


def keep_quiet() -> None:
    """From now on alsa-lib's messages go to the debug log; does nothing where there is no alsa-lib."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(HANDLER)
