"""The proxy on the way to the service: the unit's, or the shell's, which the service does not know."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from daemon.doctor.checks.machine import unit_properties
from daemon.doctor.finding import CannotTell
from daemon.errors import PipitError
from daemon.live.transport import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daemon.doctor.site import Site


HTTPS_PORT: Final = 443
WAYS: Final = ("https_proxy", "all_proxy")


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


def proxy_to(site: Site, service: Place) -> Place | None:
    """The proxy on the way to `service`: the unit's, else the shell's; None if there is none. Raises PipitError."""
    environ = service_proxies(site) or site.environ
    named = {name.lower(): value for name, value in environ.items() if name.lower().endswith("_proxy") and value}
    url = named.get("https_proxy") or named.get("all_proxy")
    if not url or service.is_this_machine:
        return None
    exempt = [name.strip().lstrip(".") for name in named.get("no_proxy", "").split(",") if name.strip()]
    if any(name == "*" or f".{service.host}".endswith(f".{name}") for name in exempt):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        return Place(parts.hostname or "", parts.port or 80)
    except ValueError:  # what it says is not shown: it may hold a password
        raise PipitError("the address of the proxy cannot be read", fix="write HTTPS_PROXY=http://host:port") from None


def service_proxies(site: Site) -> Mapping[str, str]:
    """The proxies that the unit gives the service, and where it needs none; empty if it gives none."""
    try:
        environment = unit_properties(site, ["Environment"]).get("Environment", "")
    except CannotTell:
        return {}
    variables = dict(word.partition("=")[::2] for word in shlex.split(environment))
    proxies = {name: value for name, value in variables.items() if name.lower() in WAYS or name.lower() == "no_proxy"}
    return proxies if any(name.lower() in WAYS for name in proxies) else {}
