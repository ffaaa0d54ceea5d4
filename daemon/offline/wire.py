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
from functools import cached_property
from typing import Any, Final

INVALID_PAYLOAD: Final = 1007
"""RFC 6455: the data of a message is not what its type says. The service's code for every malformed request."""

POLICY_VIOLATION: Final = 1008
"""RFC 6455; the service's code for what it will not do."""

INTERNAL_ERROR: Final = 1011
"""RFC 6455; the service's code for trouble of its own and for connections whose time is up."""

REASON_BYTES: Final = 123
"""RFC 6455 §5.5: a control frame holds 125 bytes, two of them the close code."""


class WireError(Exception):
    """The connection must be closed with `code` and `reason` (already cut to what a close frame holds)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = cut(reason)


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


def snake(name: str) -> str:
    """`fooBar` as `foo_bar`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def cut(reason: str) -> str:
    """As much of `reason` as a close frame holds, in whole characters."""
    return reason.encode()[:REASON_BYTES].decode(errors="ignore")


def unknown_name(name: str, path: str) -> str:
    """What the service says to a field that it does not know (in this version of its API) in the message at `path`."""
    where = f" at '{path}'" if path else ""
    return f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'


def parse(frame: str | bytes) -> Any:
    """The JSON value in a text or binary frame; WireError if there is none."""
    try:
        return json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise WireError(INVALID_PAYLOAD, f"Invalid JSON payload received. {error}") from error


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
        if item is not None:
            result[name] = _read(kind.fields[name], item, f"{path}.{snake(name)}" if path else snake(name))
    return result


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
        if kind is Scalar.INTEGER and not isinstance(value, bool) and float(value).is_integer():
            return int(value)
        if kind is Scalar.NUMBER and not isinstance(value, bool):
            return float(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise _invalid(path, kind.value, value) from error
    if isinstance(value, {Scalar.TEXT: str, Scalar.BOOL: bool}.get(kind, ())):
        return value
    raise _invalid(path, kind.value, value)


def _invalid(path: str, type_name: str, value: Any) -> WireError:
    return WireError(INVALID_PAYLOAD, f"Invalid value at '{path}' ({type_name}), {json.dumps(value)}")


_TO_STANDARD: Final = str.maketrans("-_", "+/")
