"""JSON as the Live API reads it: proto3's mapping, where every field has two spellings and unknown ones are errors.

A message is described by a `Message` (see `schema`); `read` turns any accepted spelling of it into one form: camelCase
keys, decoded bytes, lists where the field is repeated, unset fields absent. The wording of refusals is the service's
own, as close reasons quoted in public issues have it ("Unknown name … Cannot find field.").
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from math import isfinite
from typing import Any, Final

INVALID_PAYLOAD: Final = 1007
"""RFC 6455: the data of a message is not what its type says. The service's code for every malformed request."""

POLICY_VIOLATION: Final = 1008
"""RFC 6455; the service's code for what it will not do."""

INTERNAL_ERROR: Final = 1011
"""RFC 6455; the service's code for trouble of its own and for connections whose time is up."""

REASON_BYTES: Final = 123
"""RFC 6455 §5.5: a control frame holds 125 bytes, two of them the close code."""


NESTING: Final = 100
"""Objects and lists within one another; protobuf's own parsers of JSON go no deeper."""

INT64: Final = range(-(2**63), 2**63)


class WireError(Exception):
    """The connection must be closed with `code` and `reason` (already cut to what a close frame holds).

    As text it can be logged: `value` is what the client sent, and is told to the client alone.
    """

    def __init__(self, code: int, reason: str, value: str = "") -> None:
        super().__init__(f"{code} {cut(reason)}")
        self.code = code
        self.whole = reason + value
        self.reason = cut(self.whole)


class Scalar(Enum):
    """Field types without structure; the value is the name the service uses in its refusals."""

    TEXT = "TYPE_STRING"
    BOOL = "TYPE_BOOL"
    INTEGER = "TYPE_INT64"
    NUMBER = "TYPE_FLOAT"
    BYTES = "TYPE_BYTES"
    OPAQUE = "google.protobuf.Value"  # taken as it is: its keys belong to the user, not to the protocol


@dataclass(frozen=True)
class Choice:
    """An enumeration; its values are read in any case."""

    values: frozenset[str]


@dataclass(frozen=True)
class Repeated:
    """A list of `kind`; a lone value stands for a list of one."""

    kind: "Kind"


@dataclass(frozen=True)
class Message:
    """Named fields, by their camelCase names."""

    fields: Mapping[str, "Kind"] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every accepted spelling of a field's name, to its camelCase one."""
        return {spelling: name for name in self.fields for spelling in (name, snake(name))}


Kind = Scalar | Choice | Repeated | Message


@cache
def snake(name: str) -> str:
    """`fooBar` as `foo_bar`; names of the schema alone, so that there is an end of them."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def cut(reason: str) -> str:
    """As much of `reason` as a close frame holds, in whole characters."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")


def unknown_name(name: str, path: str) -> str:
    """What the service says to a field that it does not know (in this version of its API) in the message at `path`."""
    where = f" at '{path}'" if path else ""
    return f"Invalid JSON payload received. Unknown name {json.dumps(name)}{where}: Cannot find field."


def parse(frame: str | bytes) -> Any:
    """The JSON value in a text or binary frame; WireError if there is none.

    Stricter than Python: what comes is UTF-8 text, without NaN and infinities, which are no JSON (RFC 8259 §6; Google's
    SDK writes them all the same), with each name once in an object, numbers that a double holds, no half of a surrogate
    pair, and `NESTING` at most.
    """
    try:
        text = frame if isinstance(frame, str) else frame.decode()
        value = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
        _check(value)
    except UnicodeError as error:
        raise WireError(INVALID_PAYLOAD, "Invalid JSON payload received. It is no valid UTF-8.") from error
    except RecursionError as error:
        raise WireError(INVALID_PAYLOAD, _TOO_DEEP) from error
    except ValueError as error:
        raise WireError(INVALID_PAYLOAD, f"Invalid JSON payload received. {error}") from error
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"Unexpected token: {name}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names differ, as protobuf's conformance tests want it (FieldNameDuplicate)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name is given twice in one object.")
    return found


def _check(value: Any) -> None:
    """Look at every part of `value`, without recursion."""
    level, depth = [value], 0
    while level:
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += (*item, *item.values())
            elif isinstance(item, list):
                inner += item
            elif isinstance(item, str):
                item.encode()
            elif isinstance(item, float) and not isfinite(item):
                raise ValueError("A number is too large.")
        level, depth = inner, depth + 1
        if depth > NESTING + 1:
            raise RecursionError


def encode(message: Mapping[str, Any]) -> bytes:
    """A server message as the service frames it: binary, indented, with a final newline."""
    return (json.dumps(message, indent=2) + "\n").encode()


def decode_base64(text: str) -> bytes:
    """Bytes from the standard or the URL-safe alphabet, padded or not; ValueError if it is neither."""
    standard = text.translate(_TO_STANDARD).rstrip("=")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def read(kind: Message, value: Any) -> dict[str, Any]:
    """A whole client message in one form; WireError names the first field that does not fit."""
    return _read_message(kind, value, "")


def _read_message(kind: Message, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(path, "TYPE_MESSAGE", value)
    result = {}
    for spelling, item in value.items():
        name = kind.names.get(spelling)
        if name is None:
            raise WireError(INVALID_PAYLOAD, unknown_name(spelling, path))
        if name in result:
            raise WireError(INVALID_PAYLOAD, f"Invalid JSON payload received. {_at(path, name)} is given twice.")
        if item is not None:
            result[name] = _read(kind.fields[name], item, _at(path, name))
    return result


def _at(path: str, name: str) -> str:
    return f"{path}.{snake(name)}" if path else snake(name)


def _read(kind: Kind, value: Any, path: str) -> Any:
    match kind:
        case Message():
            return _read_message(kind, value, path)
        case Repeated():
            values = value if isinstance(value, list) else [value]
            return [_read(kind.kind, item, f"{path}[{index}]") for index, item in enumerate(values)]
        case Choice():
            if isinstance(value, str) and value.upper() in kind.values:
                return value.upper()
            raise _invalid(path, "TYPE_ENUM", value)
        case Scalar.OPAQUE:
            return value
        case _:
            return _read_scalar(kind, value, path)


def _read_scalar(kind: Scalar, value: Any, path: str) -> Any:
    """`value` as the Python type of `kind`; numbers may be strings, as proto3 JSON writes 64-bit integers."""
    try:
        if kind is Scalar.BYTES and isinstance(value, str):
            return decode_base64(value)
        if kind in (Scalar.INTEGER, Scalar.NUMBER) and not isinstance(value, bool):
            return _number(kind, value)
    except (ValueError, TypeError, OverflowError) as error:
        raise _invalid(path, kind.value, value) from error
    if isinstance(value, {Scalar.TEXT: str, Scalar.BOOL: bool}.get(kind, ())):
        return value
    raise _invalid(path, kind.value, value)


def _number(kind: Scalar, value: Any) -> float:
    """The number that `value` is or spells out; ValueError, TypeError or OverflowError if it is none that may be."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(value)
    number = float(value)
    if kind is Scalar.NUMBER:
        if not isfinite(number):
            raise OverflowError
        return number
    whole = int(value) if isinstance(value, int) or _WHOLE.fullmatch(str(value)) else int(number)
    if whole not in INT64 or not number.is_integer():
        raise OverflowError
    return whole


def _invalid(path: str, type_name: str, value: Any) -> WireError:
    return WireError(INVALID_PAYLOAD, f"Invalid value at '{path}' ({type_name})", f", {json.dumps(value)}")


_TOO_DEEP: Final = f"Invalid JSON payload received. Message too deep: more than {NESTING} levels."
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WHOLE: Final = re.compile(r"-?[0-9]+")
_TO_STANDARD: Final = str.maketrans("-_", "+/")
