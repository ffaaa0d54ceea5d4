"""Names of hosts and addresses of services, as every resolver, TLS library and client can take them.

What they cannot encode they refuse in ways of their own, some of them only when it is connected.
"""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST_NAME: Final = 253
"""RFC 1035 §2.3.4: 255 octets on the wire."""
_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_URL: Final = re.compile(r"[A-Za-z0-9._~:/\[\]-]+")
"""Letters of a scheme, a host, a port and a path, and no more: not `@`, `?`, `#`, `%`, spaces, backslashes."""

WHAT_A_HOST_IS: Final = "letters, digits and hyphens between single dots, at most 63 in a row; or an IP address"


def is_host(text: str) -> bool:
    """Whether `text` is the name of a host, in ASCII, or an address without brackets and without a zone."""
    if "%" in text:
        return False
    try:
        ip_address(text)
    except ValueError:
        return _is_name(text)
    return True


def _is_name(text: str) -> bool:
    labels = text.split(".")
    named = len(text) <= LONGEST_NAME and all(map(_LABEL.fullmatch, labels))
    return named and not labels[-1].isdigit()  # or it is an address with a part too few, or out of range


def is_service_url(text: str, schemes: set[str]) -> bool:
    """Whether `text` is scheme, host, perhaps port and path: no user, no query, nothing that is cut out on the way."""
    if not _URL.fullmatch(text):
        return False
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    return url.scheme in schemes and port != 0 and is_host(url.hostname or "") and _is_whole(url)


def _is_whole(url: SplitResult) -> bool:
    """Nothing of what stands between the slashes was left out: an empty port, brackets where none belong."""
    host = url.hostname or ""
    bracketed = f"[{host}]" if ":" in host else host
    return url.netloc.lower() in {bracketed, f"{bracketed}:{url.port}"}
