"""The families of `PipitError` that the daemon raises; the root and the hardware family are `hardware.errors`."""

import os
import traceback

from hardware.errors import (
    DeviceBusy,
    DeviceMissing,
    FormatRefused,
    HardwareError,
    PinRefused,
    PipitError,
    one_line,
)

__all__ = [
    "AudioFileError",
    "DeviceBusy",
    "DeviceMissing",
    "FormatRefused",
    "HardwareError",
    "ModelFileError",
    "PinRefused",
    "PipitError",
    "PortInUse",
    "SettingsError",
    "UsageError",
    "one_line",
    "place_of",
]


class SettingsError(PipitError):
    """The settings cannot be used; `message` lists every problem as `file:line: key: what. Fix: how`, one a line."""

    exit_status = os.EX_CONFIG

    def __str__(self) -> str:
        return self.message


class UsageError(PipitError):
    """A command line that asks for something that does not exist."""

    exit_status = os.EX_USAGE


class AudioFileError(PipitError):
    """A file that is not audio, or not audio that can be read."""

    exit_status = os.EX_DATAERR


class ModelFileError(PipitError):
    """A wake word, speech or voice model that is missing, unknown or not the file it should be."""

    exit_status = os.EX_NOINPUT


class PortInUse(PipitError):
    """The port the Live server should listen on is taken."""

    exit_status = os.EX_UNAVAILABLE


def place_of(error: BaseException) -> str:
    """Where `error` was raised, as `file.py:12`: for a log that must not hold what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "an unknown place"
