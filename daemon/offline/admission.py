"""Who may come in: paths, keys and models, with the refusals of the service."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from daemon.offline.wire import INVALID_PAYLOAD, WireError

POLICY_VIOLATION: Final = 1008
"""RFC 6455; the service's code for what it will not do."""

_PATH: Final = re.compile(
    r"/(?:.*/)?ws/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent"
    r"(?:Constrained)?"
)


@dataclass(frozen=True)
class Visitor:
    """What a handshake says: the API version of its path and the keys it shows."""

    api_version: str
    keys: frozenset[str]


def read_handshake(target: str, headers: Mapping[str, str]) -> Visitor | None:
    """The visitor behind a request for `target` (path and query); None if the service has no such path."""
    parts = urlsplit(re.sub("^/+", "/", target))
    match = _PATH.fullmatch(parts.path)
    if match is None:
        return None
    query = parse_qs(parts.query)
    authorization = headers.get("Authorization", "")
    shown = [
        *query.get("key", []),
        *query.get("access_token", []),
        headers.get("x-goog-api-key", ""),
        re.sub(r"^(Token|Bearer)\s+", "", authorization),
    ]
    return Visitor(match[1], frozenset(key for key in shown if key))


@dataclass(frozen=True)
class Admission:
    """The keys and models that are accepted; None accepts any."""

    keys: Collection[str] | None = None
    models: Collection[str] | None = None

    def check(self, visitor: Visitor, model: str) -> None:
        """Raises WireError, worded as the service does, unless `visitor` may talk to `model`."""
        if not visitor.keys:
            raise WireError(
                POLICY_VIOLATION,
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key "
                "or other form of API consumer identity to call this API.",
            )
        if self.keys is not None and not visitor.keys & set(self.keys):
            raise WireError(INVALID_PAYLOAD, "API key not valid. Please pass a valid API key.")
        if self.models is not None and model not in self.models:
            raise WireError(
                POLICY_VIOLATION,
                f"models/{model} is not found for API version {visitor.api_version}, or is not supported for "
                "bidiGenerateContent. Call ListModels to see the list of available models and their supported methods.",
            )
