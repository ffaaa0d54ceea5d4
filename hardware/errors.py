"""The root of the one error family, and the part of it that hardware raises.

The root lives here, below `daemon`, because both layers raise it and `hardware` imports nothing of `daemon`.
"""

import os


def one_line(text: str) -> str:
    """`text` with every character escaped that is not printable: one line, which shows what is in it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class PipitError(Exception):
    """Something the user can mend: one lower-case sentence that names the culprit and the limit, and the fix.

    `exit_status` is what the command ends with when this error reaches it (sysexits.h).
    """

    exit_status: int = 1

    def __init__(self, message: str, *, fix: str) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return one_line(f"{self.message}. Fix: {self.fix}")


class HardwareError(PipitError):
    """A sound card or a pin that cannot be used as asked."""

    exit_status = os.EX_IOERR


class DeviceMissing(HardwareError):
    """The named sound card, pin or chip does not exist (any more)."""

    exit_status = os.EX_NOINPUT


class DeviceBusy(HardwareError):
    """Someone else holds the sound card or the pin."""

    exit_status = os.EX_TEMPFAIL


class FormatRefused(HardwareError):
    """The sound card, or the file, does not offer the rate, channels or sample format asked for."""

    exit_status = os.EX_DATAERR


class PinRefused(HardwareError):
    """A pin that is reserved, used twice or out of range."""

    exit_status = os.EX_CONFIG
