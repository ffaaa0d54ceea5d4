"""Names looked up, and whether that of the service is found from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.machine.check import Check
from daemon.machine.facts import SERVICE_HOST
from daemon.machine.finding import CannotTell, Finding, good, warning

if TYPE_CHECKING:
    from daemon.machine.site import Site

LOOKUP_TIMEOUT_S: Final = 5.0


def addresses_of(site: Site, host: str) -> list[str]:
    """The addresses of a host, best first; empty if there are none in time. A child asks, for it can be ended.

    Raises CannotTell where nobody can be asked.
    """
    done = site.run(["getent", "ahosts", host], LOOKUP_TIMEOUT_S)
    if not done.found:
        raise CannotTell("there is no getent here to look names up with")
    return list(dict.fromkeys(line.split()[0] for line in done.output.splitlines() if line.strip()))


def _examine(site: Site) -> Finding:
    """Only a warning: Pipit may be installed in one place and used in another."""
    if addresses_of(site, SERVICE_HOST):
        return good(f"{SERVICE_HOST} has an address")
    return warning(f"{SERVICE_HOST} cannot be found from here, and without it there are no replies", "")


SERVICE_NAME = Check("service", "Is the service found from here?", _examine)
"""For an installation. The doctor's check dns knows the settings, and with them proxies and other endpoints."""
