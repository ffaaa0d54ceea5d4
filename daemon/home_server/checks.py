"""What of the tables of the home server is allowed, and may be a mistake: what does nothing beside the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from daemon.settings.problems import Fault
from daemon.settings.server_limits import never_reached, warnings_of_rates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.home_server.settings import HomeServerSettings


def warnings_of_home(home: HomeServerSettings, endpoint: str) -> Iterator[Fault]:
    """`endpoint` is that of [live]."""
    yield from warnings_of_rates(home, "home_server")
    if home.device_sessions > home.sessions:
        yield never_reached(("home_server", "device_sessions"), home.device_sessions, "sessions", home.sessions)
    if home.sessions > home.connections:
        yield never_reached(("home_server", "sessions"), home.sessions, "connections", home.connections)
    yield from _in_vain(home)
    if home.brain == "relay" and _is_itself(home, endpoint):
        what = "would pass sessions on to itself, for that is the endpoint of [live]"
        yield Fault(("home_server", "brain"), what, "leave endpoint in [live] empty on this machine")


def _in_vain(home: HomeServerSettings) -> Iterator[Fault]:
    """What only another brain, or another address, would heed."""
    if home.brain != "relay":
        for key in ("models", "fallback"):
            if getattr(home, key) != type(home).model_fields[key].default:
                yield Fault(("home_server", key), f'does nothing while brain is "{home.brain}"', "remove it")
    if home.openai.ca_file and not home.openai.url.lower().startswith("https:"):
        what = "does nothing, for url in [home_server.openai] is no https:// address"
        yield Fault(("home_server", "openai", "ca_file"), what, "write url with https://, or remove it")


def _is_itself(home: HomeServerSettings, endpoint: str) -> bool:
    place, own = urlsplit(endpoint), {name.lower() for name in (home.host, *home.names)}
    return bool(endpoint) and place.port == home.port and place.hostname in own
