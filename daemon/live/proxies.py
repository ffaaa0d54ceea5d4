"""The proxy on the way to the service, if the environment names one: found, checked and used in this one way.

The SDK's WebSocket and its HTTP clients would each look for themselves, under different names, and fail in their own
words. Loopback never goes by a proxy. What a variable holds is not shown: it may be a password.
"""

from __future__ import annotations

import os
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from websockets.exceptions import InvalidProxy, ProxyError
from websockets.proxy import parse_proxy

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import NoSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAYS: Final = ("wss_proxy", "https_proxy", "all_proxy", "socks_proxy")
"""The variables, in small letters or large ones, that name a proxy; the first counts."""
SPOKEN: Final = ("http", "https")
"""How Pipit talks to a proxy: SOCKS takes a library that is not installed."""


class ProxyUnusable(NoSession):
    """The proxy that a variable of the environment names is none, or cannot be reached."""

    cause = Cause.NO_NETWORK

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(
            f"the proxy in {variable} cannot be used: {why}",
            fix=f"write {variable}=http://host:port, or unset it; NO_PROXY names hosts that need none",
        )


@dataclass(frozen=True)
class Proxy:
    """A proxy, and the variable that names it."""

    variable: str
    url: str = field(repr=False)


def proxy_to(endpoint: str, environ: Mapping[str, str] = os.environ) -> Proxy | None:
    """The proxy on the way to `endpoint`; None if there is none. Raises ProxyUnusable."""
    place = urlsplit(endpoint)
    if is_loopback(endpoint):
        return None
    exempt = _named(environ, "no_proxy")[1]
    if exempt and _is_exempt(f"{place.hostname}:{place.port or 443}", exempt):
        return None
    for name in WAYS:
        variable, url = _named(environ, name)
        if url:
            return Proxy(variable, _checked(variable, url))
    return None


def _is_exempt(place: str, exempt: str) -> bool:
    from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # brings e-mail and HTTP

    exempted: bool = proxy_bypass_environment(place, {"no": exempt})
    return exempted


def _named(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """The variable that is set and what it holds; of two spellings the small one counts, as everywhere."""
    for variable in (name, name.upper()):
        if value := environ.get(variable, "").strip():
            return variable, value
    return name.upper(), ""


def _checked(variable: str, url: str) -> str:
    """`url` with its scheme. Raises ProxyUnusable."""
    url = url if "://" in url else f"http://{url}"
    if url.partition("://")[0].lower() not in SPOKEN:
        raise ProxyUnusable(variable, f"Pipit talks to proxies by {' and '.join(SPOKEN)} alone")
    try:
        proxy = parse_proxy(url)
        proxy.host.encode("idna")
        port = urlsplit(url).port
    except InvalidProxy as error:
        raise ProxyUnusable(variable, error.msg) from None
    except ValueError:
        raise ProxyUnusable(variable, "the address of the proxy cannot be read") from None
    if port == 0:
        raise ProxyUnusable(variable, "its port is 0")
    return url


@contextmanager
def reached(endpoint: str, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Raises ProxyUnusable, with its name, if it is the proxy that cannot be reached; other errors are as they were."""
    try:
        yield
    except (ssl.SSLError, TimeoutError):
        raise
    except (OSError, ProxyError) as error:
        if (proxy := proxy_to(endpoint, environ)) is None:
            raise
        raise ProxyUnusable(proxy.variable, f"it cannot be reached ({type(error).__name__})") from None


def is_loopback(endpoint: str) -> bool:
    """Whether `endpoint` is this machine, where no proxy belongs in between."""
    host = (urlsplit(endpoint).hostname or "").rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
