"""What passes over the control socket: each way one JSON object a line.

A request is `{"verb": "say", "text": "dinner"}`. An answer has `"ok": true`, or else `error`, `fix` and `exit_status`.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from daemon.errors import PipitError
from daemon.tools.arguments import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_BYTES: Final = 16_384
"""Of a request, with its line end."""
PAGE: Final = "docs/control.md has what can be asked"


Act = TypeVar("Act")


class ControlError(PipitError):
    """The appliance cannot be told that, or does not do it; ends with the status that it is given."""

    def __init__(self, message: str, *, fix: str, exit_status: int = os.EX_USAGE) -> None:
        super().__init__(message, fix=fix)
        self.exit_status = exit_status


@dataclass(frozen=True, slots=True)
class Asked:
    verb: str
    arguments: Mapping[str, Any]


def read_request(line: bytes) -> Asked:
    """What a line asks for. Raises ControlError."""
    try:
        given = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise ControlError("the request is no JSON", fix=PAGE) from None
    if not isinstance(given, dict):
        raise ControlError("the request is no JSON object", fix=PAGE)
    verb = given.pop("verb", None)
    if not isinstance(verb, str):
        raise ControlError('the request has no "verb"', fix=PAGE)
    return Asked(verb, given)


def verb_of(asked: Asked, verbs: Mapping[str, Act]) -> Act:
    """Raises ControlError if there is none, as in a service that is older than who asks."""
    if (act := verbs.get(asked.verb)) is None:
        what = f"there is no verb '{quoted(asked.verb)}', the verbs are: {', '.join(verbs)}"
        raise ControlError(what, fix="if it came with an upgrade, sudo systemctl restart pipit")
    return act


def too_long() -> ControlError:
    return ControlError(
        f"the request is longer than {LONGEST_BYTES} bytes", fix="say it in fewer words", exit_status=os.EX_DATAERR
    )


def refusal(error: PipitError) -> Mapping[str, Any]:
    """The answer that says so."""
    return {"error": error.message, "fix": error.fix, "exit_status": error.exit_status}


def line_of(told: Mapping[str, Any]) -> bytes:
    """Raises ValueError or TypeError if it is nothing that JSON has."""
    return json.dumps(told, allow_nan=False).encode() + b"\n"


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
