"""Why there is no session: every way the SDK and its socket fail, as one of the causes a household can tell apart.

The policy is the two tables `STATUSES` and `EXCEPTIONS`. What the service says in closing is worth more than the code
it says it with: the same 1007 means a wrong key, an unknown field, or a conversation grown too long.
"""

import re
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from google.genai.errors import APIError
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from daemon.conversation.causes import Cause
from daemon.conversation.no_session import NoSession
from daemon.errors import PipitError
from daemon.live.redaction import without_secrets

ABNORMAL: Final = 1006
"""RFC 6455 §7.1.5: the connection ended without a closing handshake."""
NOT_YET_VALID: Final = 9
"""X509_V_ERR_CERT_NOT_YET_VALID: a Pi has no clock of its own, and wakes up in the past."""
DETAIL_LIMIT: Final = 200


class ProtocolFault(PipitError):
    """The service answered, but not as the Live API does."""


class SetupRefused(PipitError):
    """The service answered the setup with something else than `setupComplete`."""


EXPECTED: Final = (OSError, APIError, WebSocketException, PipitError)
"""What may go wrong without a fault of ours; TimeoutError and all of TLS are OSErrors."""


@dataclass(frozen=True)
class Failure:
    """A cause, and what to tell the log: one line that never holds the key."""

    cause: Cause
    detail: str


class Status(NamedTuple):
    """What a close code or HTTP status means, before `setupComplete` and after.

    `codes` empty means any; `said` is looked for in the reason, without regard to case.
    """

    codes: Iterable[int]
    said: str
    opening: Cause
    opened: Cause


def _status(codes: Iterable[int], said: str, opening: Cause, opened: Cause | None = None) -> Status:
    return Status(codes, said, opening, opened or opening)


STATUSES: Final = (
    _status((), r"token has (expired|been used)|invalid authentication credentials", Cause.TOKEN_REFUSED, Cause.LOST),
    _status((), r"location is not supp|not (available|supported) in your (country|region|location)", Cause.REGION),
    _status(
        (),
        r"spend(ing)?[ -](cap|limit)|prepay|credits? (are|is|have been|has been) (depleted|exhausted)",
        Cause.SPENDING_CAP,
    ),
    _status(
        (),
        r"has not been used in project|service_disabled|it is disabled|denied access|suspended|not have permission",
        Cause.KEY_BARRED,
    ),
    _status((), r"requests .*are blocked|_blocked\b|ip address restriction|referr?er", Cause.KEY_BARRED),
    _status((), r"api[ _-]?key|unregistered callers|unauthenticated|permission[ _]denied", Cause.KEY_REFUSED),
    _status(
        (),
        r"no longer available|\bmodels?\b.*(no longer|retired|shut ?down|deprecated)",
        Cause.MODEL_RETIRED,
    ),
    _status((), r"quota|resource (has been )?exhausted|resource_exhausted|rate limit|billing", Cause.QUOTA),
    _status((), r"models?/\S+ (is|was) not found|publisher model|for bidigeneratecontent", Cause.MODEL_UNKNOWN),
    _status((401, 403), "", Cause.KEY_REFUSED),
    _status((429,), "", Cause.QUOTA),
    _status(range(500, 600), "", Cause.OVERLOADED),
    _status(range(300, 500), "", Cause.SETUP_REFUSED),
    _status((1007,), "", Cause.SETUP_REFUSED),  # an unknown field, a bad argument: again would be refused again
    _status((1008,), "entity was not found", Cause.MODEL_UNKNOWN, Cause.LOST),
    _status((1008,), "", Cause.SETUP_REFUSED, Cause.LOST),  # in mid-session: "aborted", "not implemented", at random
    _status((1011,), "deadline expired|ping timeout", Cause.LOST),  # the ten minutes a connection lives; a dead line
    _status((1011, 1012, 1013), "", Cause.OVERLOADED),
    _status((), "", Cause.LOST),
)
"""First match wins; a close reason has room for 123 bytes, and is cut there. Sources: close codes and reasons seen in
the SDKs' issue trackers, the API's troubleshooting guide, RFC 6455 §7.4, RFC 9110 §15.
"""


class Thrown(NamedTuple):
    """What an exception means, before `setupComplete` and after."""

    kind: type[Exception]
    opening: Cause
    opened: Cause


EXCEPTIONS: Final = (
    Thrown(TimeoutError, Cause.TIMEOUT, Cause.LOST),
    Thrown(FileNotFoundError, Cause.CERTIFICATE, Cause.CERTIFICATE),  # `ca_file`
    Thrown(ssl.SSLError, Cause.CERTIFICATE, Cause.LOST),
    Thrown(socket.gaierror, Cause.NO_NETWORK, Cause.LOST),
    Thrown(OSError, Cause.NO_NETWORK, Cause.LOST),
    Thrown(SetupRefused, Cause.SETUP_REFUSED, Cause.SETUP_REFUSED),
    Thrown(ProtocolFault, Cause.SETUP_REFUSED, Cause.LOST),
    Thrown(WebSocketException, Cause.NO_NETWORK, Cause.LOST),  # the handshake broke off before there was a status
    Thrown(Exception, Cause.LOST, Cause.LOST),
)
"""First match wins; exceptions that carry a status go by `STATUSES` instead."""


def is_message(error: BaseException) -> bool:
    """Whether the SDK took a message that it does not know for an error; it tells the end of a session in a word."""
    return isinstance(error, APIError) and not isinstance(error.details, str)


def explain(error: BaseException, *, opened: bool, secret: str) -> Failure:
    """Why the session failed; `opened` says whether it was past `setupComplete`, `secret` must not be in the detail.

    Of a group, the first error counts: the others are its echoes in the tasks beside it.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if (status := _status_of(error)) is not None:
        code, reason = status
        return Failure(_cause_of_status(code, reason, opened=opened), scrubbed(f"{code} {reason}", secret))
    return Failure(
        _cause_of_exception(error, opened=opened), scrubbed(f"{type(error).__name__}: {_said(error)}", secret)
    )


def _said(error: BaseException) -> str:
    """Our own errors without their fix: whoever tells the failure has one of its own."""
    return error.message if isinstance(error, PipitError) else str(error)


def _status_of(error: BaseException) -> tuple[int, str] | None:
    """The close code or HTTP status an exception carries, and the reason given with it."""
    match error:
        case InvalidStatus():
            body = error.response.body or b""
            return error.response.status_code, body[:DETAIL_LIMIT].decode("utf-8", "replace")
        case ConnectionClosed():
            close = error.rcvd or error.sent
            return (close.code, close.reason) if close else (ABNORMAL, "")
        case APIError():
            return error.code or ABNORMAL, str(error.message or error.details or "")
    return None


def _cause_of_status(code: int, reason: str, *, opened: bool) -> Cause:
    for status in STATUSES:
        if (not status.codes or code in status.codes) and re.search(status.said, reason, re.IGNORECASE):
            return status.opened if opened else status.opening
    raise AssertionError("the last row of the table matches everything")


def _cause_of_exception(error: BaseException, *, opened: bool) -> Cause:
    if isinstance(error, NoSession):
        return error.cause
    if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code == NOT_YET_VALID:
        return Cause.CLOCK
    for thrown in EXCEPTIONS:
        if isinstance(error, thrown.kind):
            return thrown.opened if opened else thrown.opening
    raise AssertionError("only exceptions are explained")


def innermost(error: BaseException) -> BaseException:
    """The first reason of `error`: HTTP libraries wrap a fault of TLS into one of their own. A PipitError is one."""
    while not isinstance(error, PipitError) and isinstance(inner := error.__cause__ or error.__context__, Exception):
        error = inner
    return error


def scrubbed(text: str, secret: str) -> str:
    """`text` on one line, cut to `DETAIL_LIMIT` characters, without `secret` or anything that looks like a key."""
    line = " ".join(without_secrets(text, secret).split())
    return "".join(c for c in line if c.isprintable())[:DETAIL_LIMIT]
