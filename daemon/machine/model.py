"""What several checks want to know of the machine: is it a Pi, what does systemd say, who are the users and groups?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from daemon.machine.finding import CannotTell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.machine.site import Site

UNIT: Final = "pipit.service"
USER: Final = "pipit"
PYTHON: Final = sys.executable
SUDO: Final = "run it with sudo"

SYSTEMD_RUNS: Final = "/run/systemd/system"
"""sd_booted(3): this folder exists exactly where systemd is the service manager."""


def board(site: Site) -> str:
    """The Pi's own name, such as "Raspberry Pi 5 Model B Rev 1.0"; empty on other machines."""
    model = (site.text("/proc/device-tree/model") or "").strip("\0")
    return model if "Raspberry Pi" in model else ""


def unit_properties(site: Site, names: Sequence[str], unit: str = UNIT) -> dict[str, str]:
    """What `systemctl show` says of a unit, by property. Raises CannotTell without systemd."""
    if not site.path(SYSTEMD_RUNS).is_dir():
        raise CannotTell("this machine was not started by systemd")
    done = site.run(["systemctl", "show", unit, f"--property={','.join(names)}"])
    if not done.ok:
        raise CannotTell(f"systemctl does not answer ({done.last_error or done.status})")
    return dict(line.partition("=")[::2] for line in done.output.splitlines() if "=" in line)


def groups(site: Site) -> dict[str, tuple[int, frozenset[str]]]:
    """Of each group its number and its members, from /etc/group (group(5))."""
    found = {}
    for line in (site.text("/etc/group") or "").splitlines():
        name, _, rest = line.partition(":")
        fields = rest.split(":")
        if len(fields) >= 3 and fields[1].isdecimal():  # password, number, members
            found[name] = (int(fields[1]), frozenset(filter(None, fields[2].split(","))))
    return found


def seconds_up(site: Site) -> float | None:
    """Since the machine was started; None if the kernel does not say."""
    first = (site.text("/proc/uptime") or "").partition(" ")[0]
    try:
        return float(first)
    except ValueError:
        return None
