"""Who may come in: paths, keys and models, with the refusals of the service."""

import http
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from daemon.offline.wire.mapping import INVALID_PAYLOAD, POLICY_VIOLATION, WireError

_PATH: Final = re.compile(
    r"/(?:.*/)?ws/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent"
    r"(Constrained)?"
)
_TOKENS_PATH: Final = re.compile(r"/(?:.*/)?(v1alpha|v1beta)/auth_tokens")
PREFIX: Final = "auth_tokens/"
"""What the name of every token begins with."""
INVALID_ARGUMENT: Final = "INVALID_ARGUMENT"
_MODEL_PATH: Final = re.compile(r"/(?:.*/)?(v1|v1beta|v1alpha)/models/([\w.-]+)")


@dataclass(frozen=True)
class Visitor:
    """What a handshake says: the API version of its path, the keys it shows, whether the path is for tokens."""

    api_version: str
    keys: frozenset[str]
    constrained: bool = False

    @property
    def token(self) -> str | None:
        """The token it shows where tokens are taken; elsewhere the service does not know what one is."""
        return next((key for key in self.keys if key.startswith(PREFIX)), None) if self.constrained else None


def read_handshake(target: str, headers: Mapping[str, str]) -> Visitor | None:
    """The visitor behind a request for `target` (path and query); None if the service has no such path."""
    match = _PATH.fullmatch(_split(target).path)
    return Visitor(match[1], _shown_keys(target, headers), constrained=bool(match[2])) if match else None


def read_token_request(target: str, headers: Mapping[str, str]) -> Visitor | None:
    """Who asks for a token by a POST to `target`; None if it is not for that."""
    match = _TOKENS_PATH.fullmatch(_split(target).path)
    return Visitor(match[1], _shown_keys(target, headers)) if match else None


@dataclass(frozen=True)
class Question:
    """A request to tell about a model, by name without "models/"."""

    visitor: Visitor
    model: str


def read_question(target: str, headers: Mapping[str, str]) -> Question | None:
    """What a plain GET of `target` asks about; None if the service has no such page."""
    match = _MODEL_PATH.fullmatch(_split(target).path)
    return Question(Visitor(match[1], _shown_keys(target, headers)), match[2]) if match else None


def _split(target: str) -> SplitResult:
    try:
        return urlsplit(re.sub("^/+", "/", target))
    except ValueError:  # a whole URL with a host that is none; it has no path of ours
        return urlsplit("")


def _shown_keys(target: str, headers: Mapping[str, str]) -> frozenset[str]:
    """Names of headers are in lower case, or their mapping does not mind."""
    query = parse_qs(_split(target).query)
    shown = [
        *query.get("key", []),
        *query.get("access_token", []),
        headers.get("x-goog-api-key", ""),
        re.sub(r"^(Token|Bearer)\s+", "", headers.get("authorization", "")),
    ]
    return frozenset(key for key in shown if key)


@dataclass(frozen=True)
class Refusal:
    """Why someone may not come in, as a Live session is told (`code`) and as a plain request is (`http_status`)."""

    code: int
    http_status: http.HTTPStatus
    status: str
    message: str
    reason: str = ""
    """The `reason` of google.rpc.ErrorInfo, where the service sends one."""


@dataclass(frozen=True)
class Admission:
    """The keys and models that are accepted; None accepts any."""

    keys: Collection[str] | None = None
    models: Collection[str] | None = None

    def check(self, visitor: Visitor, model: str) -> None:
        """Raises WireError, worded as the service does, unless `visitor` may talk to `model`."""
        refusal = self.refusal(visitor, model)
        if refusal:
            raise WireError(refusal.code, refusal.message)

    def refusal(self, visitor: Visitor, model: str) -> Refusal | None:
        """Why `visitor` may not use `model`; None if it may. Whether its token is good `issued_tokens` knows."""
        if visitor.token is None and (refusal := self.key_refusal(visitor)):
            return refusal
        if self.models is not None and model not in self.models:
            message = (
                f"models/{model} is not found for API version {visitor.api_version}, or is not supported for "
                "bidiGenerateContent. Call ListModels to see the list of available models and their supported methods."
            )
            return Refusal(POLICY_VIOLATION, http.HTTPStatus.NOT_FOUND, "NOT_FOUND", message)
        return None

    def key_refusal(self, visitor: Visitor) -> Refusal | None:
        """Why the keys of `visitor` open nothing; None if one does."""
        keys = {key for key in visitor.keys if not key.startswith(PREFIX)}
        if not keys:
            return _NO_KEY
        if self.keys is not None and not keys & set(self.keys):
            return _WRONG_KEY
        return None


_NO_KEY: Final = Refusal(
    POLICY_VIOLATION,
    http.HTTPStatus.FORBIDDEN,
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key "
    "or other form of API consumer identity to call this API.",
)
_WRONG_KEY: Final = Refusal(
    INVALID_PAYLOAD,
    http.HTTPStatus.BAD_REQUEST,
    INVALID_ARGUMENT,
    "API key not valid. Please pass a valid API key.",
    "API_KEY_INVALID",
)
