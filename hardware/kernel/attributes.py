"""Numbers in the files by which the kernel tells what its drivers measure."""

import errno
import os
from pathlib import Path
from typing import Final

from hardware.errors import DeviceMissing, HardwareError

LONGEST: Final = 64
"""Characters of a number, and of a name."""
_GONE: Final = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})


def text_of(file: Path, what: str) -> str:
    """The line in it. Raises DeviceMissing if it is gone, HardwareError if the driver does not read its sensor."""
    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            return lines.read(LONGEST).strip()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        if error.errno in _GONE:
            raise DeviceMissing(f"{what} is not there any more ({why})", fix="check its wires, or its plug") from error
        raise HardwareError(f"{what} cannot be read ({why})", fix="check its wires and its supply") from error


def number_of(file: Path, what: str) -> float:
    """The number in it. Raises HardwareError if there is none."""
    text = text_of(file, what)
    try:
        return float(text)
    except ValueError:
        raise HardwareError(
            f"{what} gives nothing that is a number", fix="check its wires, and that it is what the settings say"
        ) from None


def the_one(found: list[Path], wanted: str, what: str, fix: str) -> Path:
    """The only one, or the one that is wanted by its name. Raises DeviceMissing, with `fix`, or HardwareError."""
    chosen = [path for path in found if not wanted or path.name == wanted]
    if not chosen:
        raise DeviceMissing(f"{what} is not there", fix=fix)
    if len(chosen) > 1:
        names = ", ".join(sorted(path.name for path in chosen))
        raise HardwareError(f"{what} is one of {len(chosen)}", fix=f"write address = and one of {names}")
    return chosen[0]
