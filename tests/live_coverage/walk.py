"""The SDK's Live types: which there are, where they stand in a message, and a value for each field."""

from __future__ import annotations

import base64
import types as python_types
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin

from google.genai import types
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from tests.live_coverage.kinds import Rows, has_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ON_THE_WIRE: Final = {"tools": types.Tool, "system_instruction": types.Content}
"""What a field holds when it is sent, where its annotation says less, or names all that the SDK would convert."""


@dataclass(frozen=True)
class Place:
    """A type, and the fields that lead to it from where the walk began."""

    kind: type[BaseModel]
    path: tuple[str, ...] = ()


def walk(roots: Sequence[type[BaseModel]], rows: Rows) -> dict[str, Place]:
    """Every type that can be reached, by name, at its shortest path.

    The boundary: what a field holds is walked over only if the field's row says that it has parts. What is not used
    as a whole is not listed in its parts.
    """
    found: dict[str, Place] = {}
    waiting = deque(Place(root) for root in roots)
    while waiting:
        place = waiting.popleft()
        if place.kind.__name__ in found:
            continue
        found[place.kind.__name__] = place
        for name, detail in place.kind.model_fields.items():
            row = rows.get(place.kind.__name__, {}).get(name)
            if row is None or has_parts(row):
                waiting.extend(Place(kind, (*place.path, name)) for kind in held(name, detail.annotation))
    return found


def held(name: str, annotation: Any) -> Iterator[type[BaseModel]]:
    """The types that a field may hold."""
    if name in ON_THE_WIRE:
        yield ON_THE_WIRE[name]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for inner in get_args(annotation):
            yield from held("", inner)


def camel(path: Sequence[str]) -> str:
    """The place as the service writes it: `generationConfig.topK`."""
    return ".".join(map(to_camel, path))


def values_at(message: Any, place: str) -> list[Any]:
    """Everything at a dotted place; a list on the way stands for each of its elements."""
    found = [message]
    for name in place.split("."):
        below = [item for value in found for item in (value if isinstance(value, list) else [value])]
        found = [item[name] for item in below if isinstance(item, dict) and item.get(name) is not None]
    return found


def nested(path: Sequence[str], innermost: Any, root: type[BaseModel]) -> Any:
    """`innermost` at the end of `path` from `root`, as the service writes it: in lists where the field is one."""
    if not path:
        return innermost
    detail = root.model_fields[path[0]]
    [kind] = set(held(path[0], detail.annotation))
    inner = nested(path[1:], innermost, kind)
    return {to_camel(path[0]): [inner] if _is_list(detail.annotation) else inner}


def sample(name: str, annotation: Any) -> Any:
    """A value of this type as JSON, with every field of a message set."""
    if get_origin(annotation) in {Union, python_types.UnionType}:
        return sample(name, next(kind for kind in get_args(annotation) if kind is not type(None)))
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if get_origin(annotation) is list:
        return [sample(name, get_args(annotation)[0])]
    if get_origin(annotation) is dict or annotation is Any:
        return {"key": "value"}
    if issubclass(annotation, BaseModel):
        return {to_camel(inner): sample(inner, detail.annotation) for inner, detail in annotation.model_fields.items()}
    if issubclass(annotation, Enum):
        return list(annotation)[-1].value
    plain = {bool: True, int: 7, float: 0.5, bytes: base64.b64encode(b"\1\2").decode()}
    return plain.get(annotation) or ("7s" if name.endswith(("offset", "time_left")) else "something")


def _is_list(annotation: Any) -> bool:
    return list in {annotation, get_origin(annotation)} or any(_is_list(inner) for inner in get_args(annotation))
