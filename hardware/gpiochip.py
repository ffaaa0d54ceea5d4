"""Which GPIO chip drives the header: found by its label, for the numbers change with kernel and board.

On a Pi 5 the header was gpiochip4 up to kernel 6.6.44, gpiochip0 from 6.6.45 and 11 to 15 from 6.12.96 on.
"""

import importlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

from hardware.errors import DeviceMissing, HardwareError

HEADER_LABELS: Final = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""Labels of the chips that drive a 40-pin header: Pi 5; Pi 4; Pi Zero to 3."""


def load_lgpio() -> ModuleType:
    """The lgpio module, which only the `pi` extra installs; it writes a FIFO into `LG_WD` on import.

    Raises HardwareError when it is missing, is the empty 0.0.0.2 package, or cannot write its FIFO.
    """
    try:
        lgpio = importlib.import_module("lgpio")
    except ImportError:
        raise HardwareError(
            "the package lgpio, which drives the pins, is not installed",
            fix='install Pipit with its pi extra, or set factory = "mock" under [gpio] on a machine without pins',
        ) from None
    except OSError as error:
        folder = os.environ.get("LG_WD", str(Path.cwd()))
        raise HardwareError(
            f"lgpio cannot write its notification pipe into {folder} ({error})",
            fix="set the environment variable LG_WD to a folder the service may write to, such as /run/pipit",
        ) from error
    if not hasattr(lgpio, "gpiochip_open"):
        raise HardwareError("the installed lgpio is the empty package 0.0.0.2", fix="install lgpio 0.2.2 or newer")
    return lgpio


def header_chip(lgpio: ModuleType, wanted: str = "auto", *, dev: Path = Path("/dev")) -> int:
    """The number of the GPIO chip to use: of the header for "auto", else of "gpiochip4", "/dev/gpiochip4" or "4".

    Raises DeviceMissing if there is no such chip, HardwareError if there is one but we may not open it.
    """
    paths = sorted(dev.glob("gpiochip*"), key=_number)
    if wanted != "auto":
        paths = [path for path in paths if _number(path) == _number(Path(wanted))]
    refused = [path for path in paths if not os.access(path, os.R_OK | os.W_OK)]
    if refused:
        raise HardwareError(
            f"no permission to use {refused[0]}",
            fix="add the user Pipit runs as to the group gpio: sudo usermod -aG gpio USER",
        )
    if not paths:
        raise DeviceMissing(
            f"there is no GPIO chip {wanted!r}" if wanted != "auto" else "this machine has no GPIO chip",
            fix='set chip = "auto" and, on a machine without pins, factory = "mock" under [gpio]',
        )
    if wanted != "auto":
        return _number(paths[0])
    return _labelled((_number(path), _label(lgpio, _number(path))) for path in paths)


def _labelled(chips: Iterable[tuple[int, str]]) -> int:
    """The chip whose label comes first in HEADER_LABELS."""
    found = {label: number for number, label in chips}
    for label in HEADER_LABELS:
        if label in found:
            return found[label]
    seen = ", ".join(f"gpiochip{number} ({label})" for label, number in found.items())
    raise DeviceMissing(
        f"no GPIO chip here drives a Raspberry Pi's header; there is {seen}",
        fix='name the chip to use under [gpio], such as chip = "gpiochip0", or set factory = "mock"',
    )


def _label(lgpio: ModuleType, number: int) -> str:
    handle = lgpio.gpiochip_open(number)
    try:
        _okay, _lines, _name, label = lgpio.gpio_get_chip_info(handle)
        return str(label)
    finally:
        lgpio.gpiochip_close(handle)


def _number(path: Path) -> int:
    """The number at the end of `/dev/gpiochip4`, -1 without one."""
    digits = re.search(r"\d+$", path.name)
    return int(digits.group()) if digits else -1
