"""`pipit devices`: what is wired to the pins, how it stands, whether it works, and all of it safe."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from daemon.command_line.household_answers import of_devices
from daemon.command_line.household_commands import tell
from daemon.command_line.household_words import add_way
from daemon.command_line.loading import load
from daemon.command_line.words import add_settings
from daemon.control_socket.control_client import ControlClient
from daemon.errors import PipitError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from daemon.abilities.devices.settings import DeviceSettings
    from daemon.doctor.hands_on.drivers import Drivers
    from daemon.doctor.hands_on.terminal import Terminal
    from daemon.house.settings import Settings
    from daemon.machine.finding import Finding


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
            from daemon.house.held_outputs import noted_outputs
            from daemon.house.wiring import make_safe

            count = make_safe(noted_outputs(os.environ) or load(options.settings))
            print(f"{count} {'output is' if count == 1 else 'outputs are'} in the safe state")
            return os.EX_OK
    chosen = _chosen(load(options.settings), options.names).devices
    return tell(options, {"ok": True, "devices": [_row(device) for device in chosen]}, of_devices)


def _read(options: argparse.Namespace) -> int:
    """What the running appliance reads back: its pins are nobody else's."""
    with ControlClient(options.socket) as appliance:
        answer = appliance.ask("devices")
    if options.names:
        names = {device.name for device in _chosen(load(options.settings), options.names).devices}
        answer["devices"] = [row for row in answer["devices"] if row["device"] in names]
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
        "confirm": device.confirm,
        "only_looked_at": device.read_only,
    }
    return {key: value for key, value in about.items() if value}


def _try(path: Path, names: list[str]) -> int:
    """By hand, as the doctor does; the service lends its pins meanwhile. Exit status 1 if one did not work."""
    from daemon.doctor.examining.patient import this_machine
    from daemon.doctor.examining.report import as_text, exit_status, look_of
    from daemon.doctor.hands_on.devices import devices
    from daemon.doctor.hands_on.hands import HANDS_ON, examine_hands_on
    from daemon.doctor.hands_on.terminal import LineTerminal

    _chosen(load(path), names)

    async def chosen_ones(settings: Settings, terminal: Terminal, drivers: Drivers) -> Finding:
        return await devices(_chosen(settings, names), terminal, drivers)

    [check] = [replace(check, check=chosen_ones) for check in HANDS_ON if check.name == "devices"]
    results = examine_hands_on(this_machine(path), LineTerminal(sys.stdin.fileno(), sys.stdout), [check])
    print(as_text(results, look_of(sys.stdout, os.environ)))
    return exit_status(results)


def _chosen(settings: Settings, names: list[str]) -> Settings:
    """Those alone that are called so; all, if none is named. Raises PipitError."""
    from daemon.abilities.devices.together.members import Directory

    if not names:
        return settings
    directory = Directory(settings.devices)
    found = [(name, directory.find(name)) for name in names]
    for name, device in found:
        if device is None:
            known = ", ".join(device.name for device in settings.devices) or "none"
            raise PipitError(f'there is no device "{name}"', fix=f"the devices are: {known}")
    return settings.model_copy(update={"devices": tuple(device for _, device in found if device)})


COMMANDS: Final = (
    ("devices", devices, add_devices, "List the devices, read them, try them by hand, or make them safe."),
)
"""Of each its name, what it does, its words, and what its help says."""
