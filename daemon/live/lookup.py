"""Asks the service one free question: is this key accepted, and is there this model? For `pipit doctor`.

`models.get` costs nothing and opens no session. What it is answered is told finer here than `failures` tells it of a
session: a household hears "my key is not accepted", a maker has to know whether it is wrong, expired or blocked.
The SDK is imported when the question is asked, not before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from daemon.conversation.causes import Cause
from daemon.live.plain import plain_client

if TYPE_CHECKING:
    from daemon.live.options import LiveOptions

LIVE_ACTION: Final = "bidiGenerateContent"
"""What a model must support for a Live session."""


class Answer(Enum):
    """What the service said, or why it said nothing."""

    AVAILABLE = "available"
    NOT_LIVE = "the model cannot talk"
    MODEL_UNKNOWN = "model unknown"
    KEY_WRONG = "key wrong"
    KEY_EXPIRED = "key expired"
    KEY_LEAKED = "key reported as leaked"
    KEY_RESTRICTED = "key restricted"
    API_DISABLED = "api disabled"
    REGION = "region not served"
    QUOTA = "quota used up"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    CLOCK = "clock"
    CERTIFICATE = "certificate"
    STRANGE = "strange answer"


@dataclass(frozen=True)
class Lookup:
    """An answer, and what the service said in its own words: one line that never holds the key."""

    answer: Answer
    detail: str = ""


class _Words(NamedTuple):
    pattern: str
    answer: Answer


_WORDS: Final = (
    _Words(r"expired", Answer.KEY_EXPIRED),
    _Words(r"reported as leaked|leaked", Answer.KEY_LEAKED),
    _Words(r"location is not supported|not available in your (country|region)", Answer.REGION),
    _Words(r"has not been used in project|it is disabled|service_disabled", Answer.API_DISABLED),
    _Words(r"are blocked|_blocked\b|ip address restriction|referer", Answer.KEY_RESTRICTED),
    _Words(r"api[ _]key not valid|api_key_invalid|unregistered callers|unauthenticated", Answer.KEY_WRONG),
)
"""First match wins. Wordings of the service's error model (google.rpc.ErrorInfo) and of reports in SDK trackers."""

_CAUSES: Final = {
    Cause.KEY_REFUSED: Answer.KEY_WRONG,
    Cause.KEY_BARRED: Answer.KEY_RESTRICTED,
    Cause.MODEL_UNKNOWN: Answer.MODEL_UNKNOWN,
    Cause.MODEL_RETIRED: Answer.MODEL_UNKNOWN,
    Cause.REGION: Answer.REGION,
    Cause.SPENDING_CAP: Answer.QUOTA,
    Cause.QUOTA: Answer.QUOTA,
    Cause.OVERLOADED: Answer.OVERLOADED,
    Cause.NO_NETWORK: Answer.UNREACHABLE,
    Cause.TIMEOUT: Answer.UNREACHABLE,
    Cause.CLOCK: Answer.CLOCK,
    Cause.CERTIFICATE: Answer.CERTIFICATE,
}
NOT_FOUND: Final = 404


def look_up(options: LiveOptions, timeout_s: float) -> Lookup:
    """Ask about the model with `options.api_key`. Blocks, for each step of the network `timeout_s` at most."""
    try:
        with plain_client(options, timeout_s) as client:
            model = client.models.get(model=options.live.model)
    except Exception as error:  # noqa: BLE001 - the SDK lets through what its HTTP library raises, whichever that is
        return _answer_to(error, options.api_key)
    if LIVE_ACTION in (model.supported_actions or ()):
        return Lookup(Answer.AVAILABLE)
    return Lookup(Answer.NOT_LIVE, ", ".join(model.supported_actions or ())[:200])


def _answer_to(error: Exception, secret: str) -> Lookup:
    """The innermost reason counts: HTTP libraries wrap a fault of TLS into one of their own."""
    from google.genai.errors import APIError

    from daemon.live.failures import explain, innermost

    failure = explain(innermost(error), opened=False, secret=secret)
    if not isinstance(error, APIError):
        return Lookup(_CAUSES.get(failure.cause, Answer.UNREACHABLE), failure.detail)
    said = f"{error.message or ''} {error.details or ''}"
    for words in _WORDS:
        if re.search(words.pattern, said, re.IGNORECASE):
            return Lookup(words.answer, failure.detail)
    if error.code == NOT_FOUND:
        return Lookup(Answer.MODEL_UNKNOWN, failure.detail)
    return Lookup(_CAUSES.get(failure.cause, Answer.STRANGE), failure.detail)
