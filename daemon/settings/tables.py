"""Which keys there are below a root of tables, and where."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from daemon.settings.later import Later

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from daemon.settings.problems import KeyPath


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """As TOML has them."""
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


@lru_cache(maxsize=4)
def places_of_keys(root: type[BaseModel]) -> dict[str, list[KeyPath]]:
    """In which tables there is a key of each name."""
    places: dict[str, list[KeyPath]] = {}
    for home, key in _all_keys(root, root, ()):
        places.setdefault(key, []).append(home)
    return places


def _all_keys(root: type[BaseModel], model: type[BaseModel], home: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for key in keys_of(model):
        yield home, key
        if inner := model_of(field_at(root, (*home, key))):
            yield from _all_keys(root, inner, (*home, key))


def field_at(root: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """The field a path leads to; an index in it is the field of its array."""
    named = tuple(part for part in path if isinstance(part, str))
    model = model_at(root, named[:-1])
    fields = model.model_fields.items() if model else ()
    return next((field for name, field in fields if named and named[-1] == (field.alias or name)), None)


def model_at(root: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    """The model of the table at `path`."""
    return model_of(field_at(root, path)) if path else root


def model_of(field: FieldInfo | None) -> type[BaseModel] | None:
    """The model of the table, or of the tables of an array, that a field is; None if it is neither."""
    if field is None:
        return None
    if later := later_of(field):
        return later.model
    candidates = (field.annotation, *get_args(field.annotation))
    return next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def later_of(field: FieldInfo) -> Later | None:
    """What imports the model of a field when there is such a table."""
    return next((mark for mark in field.metadata if isinstance(mark, Later)), None)
