"""Pages in a browser: what a browser wants to be told before it lets them read an answer, and which may open a session.

The service answers the pages of any site (CORS, Fetch standard §3.3), for a key is what opens it. Here any key may do,
and whatever page someone looks at can reach this machine's own ports: so a session is for programs, and for pages of
this machine or of an origin that was named. What a page gets to know without one is nobody's secret.
"""

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

ANY: Final = "*"

_ORIGIN: Final = re.compile(r"null|[a-z][a-z0-9+.-]*://[a-z0-9.:\[\]_-]*", re.IGNORECASE)
_HEADER_NAMES: Final = re.compile(r"[A-Za-z0-9-]+(?:, ?[A-Za-z0-9-]+){0,50}")
_METHODS: Final = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"
_REMEMBERED_S: Final = 3_600
"""How long a browser may go by what it was told; the service's figure."""


def is_origin(text: str) -> bool:
    """Whether `text` is what a browser may send as an origin, or `ANY`."""
    return text == ANY or bool(_ORIGIN.fullmatch(text))


def reading(headers: Mapping[str, str]) -> dict[str, str]:
    """What lets the page that asked read the answer; nothing if no page asked. Names of `headers` are in lower case."""
    origin = headers.get("origin", "")
    if not _ORIGIN.fullmatch(origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "vary,content-encoding,date,server,content-length",
        "Vary": "Origin, X-Origin, Referer",
    }


def asking(headers: Mapping[str, str]) -> dict[str, str]:
    """The same, and what the page may ask, for a browser that asks beforehand (a preflight request)."""
    wanted = headers.get("access-control-request-headers", "")
    allowed = {"Access-Control-Allow-Headers": wanted} if _HEADER_NAMES.fullmatch(wanted) else {}
    given = reading(headers)
    lasting = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": str(_REMEMBERED_S)}
    return {**given, **lasting, **allowed} if given else {}


def may_open(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Whether whoever sent `headers` may open a session: a program, a page of this machine, or one of `allowed`.

    A program sends no origin, or that of the address it connects to. "null" is any site's, which can have it from a
    frame; an origin of another scheme than http is that of an installed program.
    """
    origin = headers.get("origin")
    if origin is None or ANY in allowed or origin.lower() in {name.lower() for name in allowed}:
        return True
    if not _ORIGIN.fullmatch(origin) or origin == "null":
        return False
    remote = origin.lower().startswith(("http:", "https:"))
    return not remote or _is_local(_host_of(origin), _host_of(f"//{headers.get('host', '')}"))


def _host_of(url: str) -> str:
    """The host in `url`, in lower case; "" if it makes no sense."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_local(host: str, asked: str) -> bool:
    """Whether a page of `host` is this machine's. That it has the name it asked for proves nothing (DNS rebinding)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or host == asked
