"""Ephemeral tokens: what the service issues for an API key, and what may be done with one.

Bounds and wordings are the service's as its documentation (ephemeral tokens, 2026-10) and those who measured it have
them: a session start counts as a use and a resumption does not; a session ends when its token expires, and its handle
goes on with another token.
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from daemon.offline.wire.access import (
    INVALID_ARGUMENT,
    PREFIX,
    Admission,
    Refusal,
    Visitor,
    read_token_request,
)
from daemon.offline.wire.catalogue import error_of
from daemon.offline.wire.mapping import (
    INTERNAL_ERROR,
    INVALID_PAYLOAD,
    POLICY_VIOLATION,
    Message,
    Scalar,
    WireError,
    parse,
    read,
    snake,
)
from daemon.offline.wire.schema import SETUP
from daemon.web.http11 import Answer, Request

EXPIRES_S: Final = 30 * 60.0
NEW_SESSION_S: Final = 60.0
LONGEST_S: Final = 20 * 3600.0
CAPACITY: Final = 1_000
"""Tokens kept; the oldest go first."""

REQUEST: Final = Message(
    {
        "name": Scalar.TEXT,
        "expireTime": Scalar.TEXT,
        "newSessionExpireTime": Scalar.TEXT,
        "uses": Scalar.INTEGER,
        "bidiGenerateContentSetup": SETUP,
        "fieldMask": Scalar.TEXT,
    }
)
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")


@dataclass
class Token:
    """One token: how long, how often, and for which setup it is good. Times are Unix seconds."""

    name: str = field(repr=False)
    expires_at: float
    new_session_until: float
    uses_left: int | None
    """None is unlimited."""
    setup: Mapping[str, Any] | None = None
    """What a session's setup is made of; None leaves it to the client."""
    mask: tuple[tuple[str, ...], ...] | None = None
    """The paths in it that are locked; None locks it whole."""

    def begin(self, now: float, *, resuming: bool) -> None:
        """Count the start of a session. Raises WireError if the token is not good for one."""
        if now >= self.expires_at or (not resuming and now >= self.new_session_until):
            raise WireError(INTERNAL_ERROR, "Token has expired")
        if resuming or self.uses_left is None:
            return
        if self.uses_left == 0:
            raise WireError(INTERNAL_ERROR, "Token has been used too many times")
        self.uses_left -= 1

    def locked(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The setup that counts for a client that `asked` for another.

        Locked whole, the client's own is ignored, but for the handle of what it resumes, which configures nothing.
        """
        if self.setup is None:
            return dict(asked)
        if self.mask is None:
            return {**self.setup, **_handle_of(asked)}
        merged = dict(asked)
        for path in self.mask:
            merged = _with(merged, path, _at(self.setup, path))
        return merged


def _handle_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"sessionResumption": asked["sessionResumption"]} if "sessionResumption" in asked else {}


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _with(whole: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """`whole` with `value` at `path`; without anything there if it is None."""
    name, *rest = path
    changed = dict(whole)
    if rest:
        inner = changed.get(name)
        changed[name] = _with(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)
    elif value is None:
        changed.pop(name, None)
    else:
        changed[name] = value
    return changed


class Tokens:
    """Issues tokens and finds them again."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is the wall clock, in Unix seconds."""
        self._now = now
        self._tokens: OrderedDict[str, Token] = OrderedDict()

    def answer(self, request: Request, admission: Admission) -> Answer | None:
        """The answer to a request for a token; None if it asks for something else."""
        visitor = read_token_request(request.target, request.headers)
        if visitor is None or request.method != "POST":
            return None
        refusal = admission.key_refusal(visitor)
        if refusal is None:
            try:
                return Answer(HTTPStatus.OK, {"name": self._issue(read(REQUEST, parse(request.body or b"{}"))).name})
            except WireError as error:
                refusal = Refusal(INVALID_PAYLOAD, HTTPStatus.BAD_REQUEST, INVALID_ARGUMENT, error.whole)
        return Answer(refusal.http_status, error_of(refusal))

    def _issue(self, request: Mapping[str, Any]) -> Token:
        """Raises WireError for what the service would refuse."""
        now = self._now()
        uses = request.get("uses", 1)
        if uses < 0:
            raise WireError(INVALID_PAYLOAD, "uses must not be negative.")
        token = Token(
            PREFIX + secrets.token_urlsafe(32),
            _moment(request, "expireTime", now, now + EXPIRES_S),
            _moment(request, "newSessionExpireTime", now, now + NEW_SESSION_S),
            uses or None,
            request.get("bidiGenerateContentSetup"),
            _mask(request.get("fieldMask", "")),
        )
        self._tokens[token.name] = token
        while len(self._tokens) > CAPACITY:
            self._tokens.popitem(last=False)
        return token

    def revoke(self) -> None:
        """Forget every token, as happens when their key is deleted."""
        self._tokens.clear()

    def find(self, visitor: Visitor) -> Token | None:
        """The token `visitor` shows; None if it shows none. Raises WireError for one that is not known."""
        if visitor.token is None:
            return None
        token = self._tokens.get(visitor.token)
        if token is None:
            raise WireError(POLICY_VIOLATION, "Request had invalid authentication credentials.")
        return token

    def begin(self, token: Token | None, *, resuming: bool) -> None:
        """As `Token.begin`, now."""
        if token:
            token.begin(self._now(), resuming=resuming)

    def left_s(self, token: Token) -> float:
        """Seconds until the token expires."""
        return token.expires_at - self._now()


def _moment(request: Mapping[str, Any], name: str, now: float, default: float) -> float:
    """A time of the request as Unix seconds, within what the service grants."""
    if name not in request:
        return default
    try:
        moment = datetime.fromisoformat(request[name])
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise WireError(INVALID_PAYLOAD, f"Invalid value at '{snake(name)}' (type.googleapis.com/Timestamp)") from error
    if at <= now:
        raise WireError(INVALID_PAYLOAD, f"{snake(name)} must be in the future.")
    if at > now + LONGEST_S:
        raise WireError(INVALID_PAYLOAD, f"{snake(name)} is too far in the future. Maximum lifetime is 20h.")
    return at


def _mask(text: str) -> tuple[tuple[str, ...], ...] | None:
    """The paths of a FieldMask, camelCase whichever way they are spelt; None if it is empty."""
    if not text:
        return None
    paths = text.split(",")
    for path in paths:
        if not _FIELD.fullmatch(path):
            raise WireError(INVALID_PAYLOAD, f"Invalid value at 'field_mask' (type.googleapis.com/FieldMask), {path!r}")
    return tuple(tuple(_camel(name) for name in path.split(".")) for path in paths)


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
