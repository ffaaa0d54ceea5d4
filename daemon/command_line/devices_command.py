"""`pipit devices`: what is wired to the pins, how it stands, whether it works, and all of it safe."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from daemon.command_line.appliance_commands import safe
from daemon.command_line.household_answers import of_devices
from daemon.command_line.household_commands import tell
from daemon.command_line.household_words import add_way
from daemon.command_line.loading import load
from daemon.command_line.words import add_settings
from daemon.control_socket.control_client import ControlClient
from daemon.errors import PipitError
from daemon.names import folded

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from daemon.abilities.devices.settings import DeviceSettings
    from daemon.abilities.inputs.settings import InputSettings
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.hands import Checking
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from daemon.machine.finding import Finding


TRIED: Final = ("devices", "inputs")
"""The checks by hand that are tries."""


def add_devices(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    add_way(parser)
    add_settings(parser)
    about = "list the settings' (default), read what each reports, try each by hand, or make all safe"
    parser.add_argument("action", nargs="?", choices=("list", "read", "try", "safe"), default="list", help=about)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, by any of their names")


def devices(options: argparse.Namespace) -> int:
    """The exit status. Raises PipitError."""
    match options.action:
        case "read":
            return _read(options)
        case "try":
            return _try(options.settings, options.names)
        case "safe":
            return safe(options)
    chosen = _chosen(load(options.settings), options.names)
    rows = [*map(_row, chosen.devices), *map(_row_of_input, chosen.inputs)]
    return tell(options, {"ok": True, "devices": rows}, of_devices)


def _read(options: argparse.Namespace) -> int:
    """What the running appliance reads back: its pins are nobody else's."""
    with ControlClient(options.socket) as appliance:
        answer = appliance.ask("devices")
    if options.names:
        chosen = _chosen(load(options.settings), options.names)
        names = set(_names(chosen))
        answer["devices"] = [row for row in answer["devices"] if row["device"] in names]
        answer["readings"] = [row for row in answer.get("readings", ()) if row["sensor"] in names]
    return tell(options, answer, of_devices)


def _row(device: DeviceSettings) -> dict[str, Any]:
    pins = ", ".join(map(str, device.pins))
    about = {
        "device": device.name,
        "kind": device.kind,
        "pins": pins,
        "room": device.room,
        "also_called": list(device.aliases),
        "max_on_s": device.max_on_s,
        "min_off_s": device.min_off_s,
        "hours": device.hours,
        "interlock": device.interlock,
        "interlock_gap_s": device.interlock_gap_s,
        "confirm": device.confirm,
        "only_looked_at": device.read_only,
    }
    return {key: value for key, value in about.items() if value}


def _row_of_input(one: InputSettings) -> dict[str, Any]:
    about = {
        "device": one.name,
        "kind": one.kind,
        "pins": ", ".join(map(str, one.pins)),
        "address": one.address,
        "room": one.room,
        "also_called": list(one.aliases),
        "starts": [f"{action.scene or action.say or action.do} when {action.when}" for action in one.actions],
    }
    return {key: value for key, value in about.items() if value}


def _try(path: Path, names: list[str]) -> int:
    """By hand, as the doctor does; the service lends its pins meanwhile. Exit status 1 if one did not work."""
    from daemon.doctor.examining.patient import this_machine
    from daemon.doctor.examining.report import as_text, exit_status, look_of
    from daemon.doctor.hands_on.hands import HANDS_ON, examine_hands_on
    from daemon.doctor.hands_on.terminal import LineTerminal

    _chosen(load(path), names)

    def of_the_chosen(check: Checking) -> Checking:
        async def checked(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
            return await check(_chosen(settings, names), terminal, drivers)

        return checked

    tries = [replace(one, check=of_the_chosen(one.check)) for one in HANDS_ON if one.name in TRIED]
    results = examine_hands_on(this_machine(path), LineTerminal(sys.stdin.fileno(), sys.stdout), tries)
    print(as_text(results, look_of(sys.stdout, os.environ)))
    return exit_status(results)


def _chosen(settings: Settings, names: list[str]) -> Settings:
    """Those alone that are called so; all, if none is named. Raises PipitError."""
    from daemon.abilities.devices.together.members import Directory

    if not names:
        return settings
    directory, inputs = Directory(settings.devices), _inputs_by_name(settings)
    for name in names:
        if not (directory.find(name) or folded(name) in inputs):
            known = ", ".join(_names(settings)) or "none"
            raise PipitError(f'there is no device "{name}"', fix=f"the devices are: {known}")
    devices = tuple(device for name in names if (device := directory.find(name)))
    chosen = tuple(inputs[folded(name)] for name in names if folded(name) in inputs)
    return settings.model_copy(update={"devices": devices, "inputs": chosen})


def _names(settings: Settings) -> list[str]:
    return [*(device.name for device in settings.devices), *(one.name for one in settings.inputs)]


def _inputs_by_name(settings: Settings) -> dict[str, InputSettings]:
    return {folded(said): one for one in settings.inputs for said in (one.name, *one.aliases)}


COMMANDS: Final = (
    ("devices", devices, add_devices, "List the devices, read them, try them by hand, or make them safe."),
)
"""Of each its name, what it does, its words, and what its help says."""
