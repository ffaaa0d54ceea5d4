"""Lights and keys that are on no pin: are they there, and may the service use them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.errors import HardwareError
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good
from hardware.kernel.array_mute import ARRAY
from hardware.kernel.key_button import event_file
from hardware.kernel.key_codes import KEY_CODES
from hardware.kernel.usb_port import UsbPort
from hardware.lights.spi_port import ADVICE
from hardware.lights.usb_ring import RINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.doctor.examining.patient import Patient
    from daemon.house.settings import Settings

UNIT: Final = "/etc/systemd/system/pipit.service"
INSTALL: Final = "run `sudo ./install.sh install` again: it gives the service what the settings name"

Trouble = tuple[str, str]
"""A sentence, and its fix."""


def _examine(site: Patient) -> Finding:
    settings = site.settings
    if settings is None:
        raise CannotTell("the settings cannot be used")
    wanted = [*_on_spi(site, settings), *_in_usb(site, settings), *_keys(site, settings)]
    if not wanted:
        raise CannotTell("the settings name none but those on pins")
    for _, trouble in wanted:
        if trouble:
            return bad(*trouble)
    named = ", ".join(what for what, _ in wanted)
    return good(f"{named}: there, and for the service to use", controls=len(wanted))


def _on_spi(site: Patient, settings: Settings) -> Iterator[tuple[str, Trouble | None]]:
    if settings.indicator.kind != "apa102":
        return
    path = f"/dev/{settings.indicator.bus}"
    missing = None if site.path(path).exists() else (f"there is no {path}, where the lights are", ADVICE)
    yield f"the lights at {path}", missing or _closed(site, "spi", path)


def _in_usb(site: Patient, settings: Settings) -> Iterator[tuple[str, Trouble | None]]:
    ring, key = settings.indicator.kind == "usb", settings.mute.kind == "usb"
    wanted = (("the lights of a USB array", ring, tuple(RINGS)), ("the mute key of a USB array", key, (ARRAY,)))
    for what, is_named, ids in wanted:
        if is_named:
            try:
                found, _ = UsbPort(ids, site.path("/")).found()
            except HardwareError as error:
                yield what, (error.message, error.fix)
            else:
                yield what, _closed(site, "usb", f"USB device {found}")


def _keys(site: Patient, settings: Settings) -> Iterator[tuple[str, Trouble | None]]:
    table = settings.keys
    for key in (table.talk, table.mute, table.louder, table.quieter):
        if key:
            there = event_file(site.path("/"), table.device, KEY_CODES[key])
            fix = "look at `cat /sys/class/input/event*/device/name`, and at what `evtest` says of its keys"
            missing = None if there else (f'there is no input device with "{table.device}" in its name and {key}', fix)
            yield f"the key {key}", missing or _closed(site, "input", "input devices")


def _closed(site: Patient, bus: str, what: str) -> Trouble | None:
    """Why the service may not use it; where none is installed, it is not asked."""
    if site.path(UNIT).exists() and not site.path(f"{UNIT}.d/20-{bus}.conf").exists():
        return f"the service may not use {what}", INSTALL
    return None


LIGHTS_AND_KEYS = Check("controls", "Are lights and keys there that are on no pin?", _examine)
