"""A sound card by the USB port that it is plugged into: of two equal ones the id only tells which was found first.

"usb:1-1.3" is the port as the kernel counts it, and as `/sys/bus/usb/devices` names it: bus 1, port 1, and port 3 of
the hub there (https://docs.kernel.org/driver-api/usb/usb.html). Standard library alone: the installer reads it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from hardware.errors import DeviceMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

SYS: Final = Path("/sys")
PREFIX: Final = "usb:"
_NAME: Final = re.compile(r"usb:(\d{1,3}-\d{1,3}(?:\.\d{1,3})*)(?:,DEV=(\d{1,2}))?")
_PORT: Final = re.compile(r"\d+-\d+(\.\d+)*")


class UsbPlace(NamedTuple):
    """`device` is the number of the PCM on the card at this port."""

    port: str
    device: int

    def __str__(self) -> str:
        return f"{PREFIX}{self.port}{f',DEV={self.device}' if self.device else ''}"


def usb_place(name: str) -> UsbPlace | None:
    """The port in "usb:1-1.3" or "usb:1-1.3,DEV=1"; None for every other name. Raises ValueError if it has none."""
    if not name.startswith(PREFIX):
        return None
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError(f'must be "usb:" and a port such as 1-1.3, not "{name}"')
    return UsbPlace(found[1], int(found[2] or 0))


def usb_cards(sys: Path = SYS) -> Mapping[str, str]:
    """The ids of the sound cards on USB, by port."""
    return {port: card for folder in sorted(sys.glob("class/sound/card*")) for port, card in _port_and_id(folder)}


def card_at(name: str, sys: Path = SYS) -> str:
    """The id of the card at the port of a name that has one; empty if there is none now, or the name is no port's."""
    try:
        place = usb_place(name)
    except ValueError:
        return ""
    return usb_cards(sys).get(place.port, "") if place else ""


def pcm_behind(name: str, sys: Path = SYS) -> str:
    """What ALSA calls the PCM of this name, which differs for one at a port. Raises DeviceMissing if none is there."""
    try:
        place = usb_place(name)
    except ValueError as error:
        raise DeviceMissing(f"device {error}", fix="`pipit doctor` tells the ports of the cards") from None
    if place is None:
        return name
    found = usb_cards(sys)
    if place.port not in found:
        there = ", ".join(f'"{PREFIX}{port}" ({card})' for port, card in found.items())
        fix = f"plug it in there, or set device to one of: {there}" if there else "plug a USB sound card in there"
        raise DeviceMissing(f"there is no sound card at the USB port {place.port}", fix=fix)
    return f"plughw:CARD={found[place.port]}{f',DEV={place.device}' if place.device else ''}"


def _port_and_id(folder: Path) -> list[tuple[str, str]]:
    """Its folder is a link into the tree of devices: …/usb1/1-1/1-1.3/1-1.3:1.0/sound/card1."""
    try:
        card = (folder / "id").read_text(encoding="utf-8", errors="replace").strip()
        above = folder.resolve().parts
    except (OSError, RuntimeError):
        return []  # it is going away
    ports = [part for part in above if _PORT.fullmatch(part)]
    return [(ports[-1], card)] if ports and card else []
