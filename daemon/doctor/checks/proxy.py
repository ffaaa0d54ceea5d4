"""The proxy on the way to the service: the unit's, or the shell's, which the service does not know."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from daemon.live.proxies import WAYS, is_loopback
from daemon.live.proxies import proxy_to as proxy_of_the_session
from daemon.machine.finding import CannotTell
from daemon.machine.model import unit_properties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.doctor.examining.patient import Patient


HTTPS_PORT: Final = 443


@dataclass(frozen=True)
class Place:
    """Where to connect to."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"

    @property
    def is_this_machine(self) -> bool:
        return is_loopback(f"https://{self}")


def proxy_to(site: Patient, service: Place) -> Place | None:
    """The proxy on the way to `service`: the unit's, else the shell's; None if there is none. Raises PipitError.

    It is the one that a session would take, and what would keep a session from taking it is raised.
    """
    proxy = proxy_of_the_session(f"https://{service}", service_proxies(site) or site.environ)
    if proxy is None:
        return None
    parts = urlsplit(proxy.url)
    return Place(parts.hostname or "", parts.port or (HTTPS_PORT if parts.scheme == "https" else 80))


def service_proxies(site: Patient) -> Mapping[str, str]:
    """The proxies that the unit gives the service, and where it needs none; empty if it gives none."""
    try:
        environment = unit_properties(site, ["Environment"]).get("Environment", "")
    except CannotTell:
        return {}
    variables = dict(word.partition("=")[::2] for word in shlex.split(environment))
    proxies = {name: value for name, value in variables.items() if name.lower() in WAYS or name.lower() == "no_proxy"}
    return proxies if any(name.lower() in WAYS for name in proxies) else {}
