"""The way to the service: its name looked up, and TLS spoken with it. Nothing is asked, and no key is sent."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import closing
from http.client import HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from daemon.doctor.checks.proxy import HTTPS_PORT, Place, proxy_to, service_proxies
from daemon.house.settings import Settings
from daemon.live.options import GOOGLE
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good, warning
from daemon.machine.name_lookup import addresses_of
from daemon.trust import trusting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daemon.doctor.examining.patient import Patient

CONNECT_TIMEOUT_S: Final = 6.0
"""For all addresses together, TLS included."""
ONE_ADDRESS_S: Final = 2.5
"""Where a network drops IPv6 without a word, the next address is still reached within the time."""

NOT_YET_VALID: Final = 9
EXPIRED: Final = 10
HOST_MISMATCH: Final = 62
"""X509_V_ERR_…, as OpenSSL's x509_vfy.h numbers them."""


def service_of(settings: Settings) -> Place:
    url = urlsplit(settings.live.endpoint or GOOGLE)
    return Place(url.hostname or "", url.port or HTTPS_PORT)


# DNS


def _look_up(site: Patient) -> Finding:
    service = service_of(site.settings or Settings())
    proxy = proxy_to(site, service)
    place = proxy or service
    begin = time.monotonic()
    addresses = addresses_of(site, place.host)
    if addresses:
        what = "the proxy " if proxy else ""
        milliseconds = round((time.monotonic() - begin) * 1000)
        return good(f"{what}{place.host} is {addresses[0]}", addresses=len(addresses), milliseconds=milliseconds)
    if not _has_route(site) and not place.is_this_machine:
        return bad(
            f"{place.host} is not found, for this machine is connected to no network",
            "plug in the cable, or join a Wi-Fi with `sudo nmtui` (or `sudo raspi-config`)",
        )
    return bad(
        f"the name {place.host} is not found",
        "check the router's DNS: `resolvectl status` or /etc/resolv.conf; some filters block the name",
    )


def _has_route(site: Patient) -> bool:
    """Whether there is a default route, by IPv4 (proc_net(5)) or IPv6; yes, if the kernel does not say."""
    route, route6 = site.text("/proc/net/route"), site.text("/proc/net/ipv6_route")
    if route is None:
        return True
    found = any(line.split()[1:2] == ["00000000"] for line in route.splitlines())
    found6 = any(
        line.startswith("0" * 32 + " 00 ") and not line.endswith(" lo") for line in (route6 or "").splitlines()
    )
    return found or found6


# TLS


def _connect(site: Patient) -> Finding:
    settings = site.settings or Settings()
    service = service_of(settings)
    proxy = proxy_to(site, service)
    place = proxy or service
    addresses = addresses_of(site, place.host)
    if not addresses:
        raise CannotTell(f"the name {place.host} is not found, see the check dns")
    trust = trusting(settings.live.ca_file)
    begin = time.monotonic()
    try:
        _handshake(service, proxy, addresses, trust)
    except (OSError, HTTPException) as error:
        return _explained(error, service, proxy)
    milliseconds = round((time.monotonic() - begin) * 1000)
    if proxy and not service_proxies(site):
        return _proxy_unknown(proxy)
    way = f" through the proxy {proxy}" if proxy else ""
    return good(f"TLS with {service} works{way}, in {milliseconds} ms", milliseconds=milliseconds)


def _handshake(service: Place, proxy: Place | None, addresses: Sequence[str], trust: ssl.SSLContext) -> None:
    """Connect to the first address that answers, and speak TLS. Raises the first address's OSError if none does."""
    end = time.monotonic() + CONNECT_TIMEOUT_S
    first: OSError | HTTPException | None = None
    for address in addresses:
        left = min(ONE_ADDRESS_S, end - time.monotonic())
        if left <= 0:
            break
        try:
            _greet(service, proxy, address, trust, left)
        except ssl.SSLCertVerificationError:
            raise  # whoever it is answers
        except (OSError, HTTPException) as error:
            first = first or error
            continue
        return
    raise first or TimeoutError


def _greet(service: Place, proxy: Place | None, address: str, trust: ssl.SSLContext, timeout_s: float) -> None:
    if proxy:
        connection = HTTPSConnection(address, proxy.port, timeout=timeout_s, context=trust)
        connection.set_tunnel(service.host, service.port)
        with closing(connection):
            connection.connect()
        return
    with (
        socket.create_connection((address, service.port), timeout=timeout_s) as connected,
        trust.wrap_socket(connected, server_hostname=service.host),
    ):
        pass


def _explained(error: OSError | HTTPException, service: Place, proxy: Place | None) -> Finding:
    place = f"the proxy {proxy}" if proxy else str(service)
    match error:
        case ssl.SSLCertVerificationError():
            return _certificate(error, service)
        case ssl.SSLError():
            return bad(
                f"{service} answers, but does not speak TLS ({error.reason or error})",
                "a login page of the network may be in between: open any page in a browser first",
            )
        case TimeoutError():
            return bad(f"{place} does not answer", "check whether a firewall lets port 443 through")
        case ConnectionRefusedError() if service.is_this_machine:
            return bad(f"nobody listens at {service}", "start `pipit live-server`, or correct endpoint in [live]")
        case ConnectionRefusedError():
            return bad(f"{place} refuses the connection", "check endpoint in [live], and the firewall of the network")
        case _:
            return bad(f"{place} cannot be reached ({getattr(error, 'strerror', '') or error})", "check the network")


def _certificate(error: ssl.SSLCertVerificationError, service: Place) -> Finding:
    facts = {"verify_code": error.verify_code}
    if error.verify_code == NOT_YET_VALID:
        return bad(f"the certificate of {service} is not valid yet: the clock is wrong", "see the check clock", **facts)
    if error.verify_code == EXPIRED:
        return bad(
            f"the certificate of {service} has expired, or the clock is ahead",
            "see the check clock; start `pipit live-server` anew if it is yours",
            **facts,
        )
    if error.verify_code == HOST_MISMATCH:
        return bad(f"the certificate that answers is not that of {service}", "check endpoint in [live]", **facts)
    return bad(
        f"the certificate of {service} is not trusted ({error.verify_message})",
        "sudo apt install --reinstall ca-certificates; for a server or a proxy of your own name its ca_file in [live]",
        **facts,
    )


def _proxy_unknown(proxy: Place) -> Finding:
    return warning(
        f"TLS works through the proxy {proxy}, which this shell knows and the service does not",
        "sudo systemctl edit pipit, and write [Service] and Environment=HTTPS_PROXY=… into it",
    )


DNS = Check("dns", "Is the service's name found?", _look_up)
TLS = Check("tls", "Does the service answer, with a certificate that is trusted?", _connect)
