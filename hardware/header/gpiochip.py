"""Which GPIO chip drives the header: found by its label, for the numbers change with kernel and board.

On a Pi 5 the header was gpiochip4 up to kernel 6.6.44, gpiochip0 from 6.6.45 and 11 to 15 from 6.12.96 on.
"""

import importlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from hardware.errors import DeviceMissing, HardwareError

HEADER_LABELS: Final = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""Labels of the chips that drive a 40-pin header: Pi 5; Pi 4; Pi Zero to 3."""

PROC: Final = Path("/proc")


def board_model(proc: Path = PROC) -> str:
    """What the device tree calls this machine, such as "Raspberry Pi 5 Model B Rev 1.0"; empty if there is none."""
    try:
        return (proc / "device-tree" / "model").read_text(errors="replace").rstrip("\0\n")
    except OSError:
        return ""


def load_lgpio(proc: Path = PROC) -> ModuleType:
    """The lgpio module, which install.sh adds to the service's environment; it writes a FIFO into `LG_WD` on import.

    Raises HardwareError when it is missing, is the empty 0.0.0.2 package, or cannot write its FIFO.
    """
    try:
        lgpio = importlib.import_module("lgpio")
    except ImportError:
        raise HardwareError(
            "the package lgpio, which drives the pins, is not installed",
            fix=_fix('run "sudo ./install.sh install"', board_model(proc)),
        ) from None
    except OSError as error:
        folder = os.environ.get("LG_WD") or "the working directory"
        raise HardwareError(
            f"lgpio cannot write its notification pipe into {folder} ({error})",
            fix="set the environment variable LG_WD to a folder the service may write to, such as /run/pipit",
        ) from error
    if not hasattr(lgpio, "gpiochip_open"):
        raise HardwareError("the installed lgpio is the empty package 0.0.0.2", fix="install lgpio 0.2.2 or newer")
    return lgpio


def header_chip(lgpio: ModuleType, wanted: str = "auto", *, dev: Path = Path("/dev"), proc: Path = PROC) -> int:
    """The number of the GPIO chip to use: of the header for "auto", else of "gpiochip4", "/dev/gpiochip4" or "4".

    Raises DeviceMissing if there is no such chip, HardwareError if there is one but we may not open it.
    """
    paths = sorted(dev.glob("gpiochip*"), key=_number)
    if wanted != "auto":
        paths = [path for path in paths if _number(path) == _number(Path(wanted))]
    refused = [path for path in paths if not os.access(path, os.R_OK | os.W_OK)]
    model = board_model(proc)
    if wanted != "auto":
        _refuse(refused)
        if not paths:
            raise DeviceMissing(f"there is no GPIO chip {wanted!r}", fix=_fix('set chip = "auto" under [gpio]', model))
        return _number(paths[0])
    if not paths:
        raise DeviceMissing(f"this {_board(model)} has no GPIO chip", fix=_fix(_KERNEL, model))
    labels = {_number(path): _label(lgpio, _number(path)) for path in paths if path not in refused}
    if (header := _header_of(labels)) is not None:
        return header
    _refuse(refused)
    seen = ", ".join(f"gpiochip{number} ({label})" for number, label in labels.items())
    raise DeviceMissing(
        f"no GPIO chip of this {_board(model)} drives a Raspberry Pi's header; there is {seen}",
        fix=_fix(f'{_KERNEL}; or name the chip to use under [gpio], such as chip = "gpiochip0"', model),
    )


def _refuse(refused: Sequence[Path]) -> None:
    """Raises HardwareError for chips that may not be opened, if there are any."""
    if refused:
        raise HardwareError(
            f"no permission to use {refused[0]}",
            fix="add the user Pipit runs as to the group gpio: sudo usermod -aG gpio USER",
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chip; on the header's chip `number` is the BCM number. `user` is who claimed it, if anybody did."""

    number: int
    name: str
    user: str


@dataclass(frozen=True, slots=True)
class Chip:
    number: int
    label: str
    lines: tuple[Line, ...]


def describe(lgpio: ModuleType, number: int, lines: int) -> Chip:
    """The chip of this number, with its first `lines` lines, or all if it has fewer. Claims nothing."""
    handle = lgpio.gpiochip_open(number)
    try:
        _okay, count, _name, label = lgpio.gpio_get_chip_info(handle)
        infos = [lgpio.gpio_get_line_info(handle, line) for line in range(min(count, lines))]
        return Chip(number, str(label), tuple(Line(info[1], str(info[3]), str(info[4])) for info in infos))
    finally:
        lgpio.gpiochip_close(handle)


_KERNEL: Final = "start a kernel that drives the header, as Raspberry Pi OS has one: sudo apt full-upgrade, and restart"


def _header_of(labels: Mapping[int, str]) -> int | None:
    """The chip whose label comes first in HEADER_LABELS, if one has any of them."""
    found = {label: number for number, label in labels.items()}
    return next((found[label] for label in HEADER_LABELS if label in found), None)


def _board(model: str) -> str:
    return model or "machine"


def _fix(fix: str, model: str) -> str:
    """On a Pi its pins are meant: played ones would have the model say that something moved which did not."""
    if model.startswith("Raspberry Pi"):
        return fix
    return f'{fix}; on a machine without pins set factory = "mock" under [gpio]'


def _label(lgpio: ModuleType, number: int) -> str:
    """What the chip is called; of one that does not open, why: a header may be beside it."""
    try:
        handle = lgpio.gpiochip_open(number)
    except lgpio.error as error:
        return f"does not open: {error}"
    try:
        _okay, _lines, _name, label = lgpio.gpio_get_chip_info(handle)
        return str(label)
    finally:
        lgpio.gpiochip_close(handle)


def _number(path: Path) -> int:
    """The number at the end of `/dev/gpiochip4`, -1 without one."""
    digits = re.search(r"\d+$", path.name)
    return int(digits.group()) if digits else -1
