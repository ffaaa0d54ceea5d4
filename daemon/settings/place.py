"""What has to be where a setting names a path, told by the setting's field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from daemon.files import MB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from daemon.settings.problems import KeyPath

LARGEST_AUTHORITY_BYTES: Final = 8 * MB
"""The system's own bundle of authorities has a quarter of a megabyte."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A file of `largest_bytes` at most, or a folder; `fix` is advice where it is not there.

    One that is not there is `refused` at the start, only `warned` of, or nothing yet that is wrong (`later`). What is
    `secret` is never shown. `reader` is a user that reads it in place of the appliance's. Of a text that may be a name
    as well, what has this `ending` is a path.
    """

    kind: Literal["file", "folder"] = "file"
    largest_bytes: int = 0
    fix: str = "correct the path"
    if_missing: Literal["refused", "warned", "later"] = "refused"
    content: Literal["", "authority", "chain"] = ""
    secret: bool = False
    reader: str = ""
    ending: str = ""


@dataclass(frozen=True)
class PlaceBy:
    """What it is by the value of another `key` of the same table; whatever else that says, no path counts."""

    key: str
    places: Mapping[str, Place] = field(default_factory=dict)


Places: TypeAlias = Place | PlaceBy


def places_of(info: FieldInfo) -> Places | None:
    """What its field says of a setting; None of one that names no path."""
    extra = info.json_schema_extra
    places = extra.get("place") if isinstance(extra, dict) else None
    return places if isinstance(places, Place | PlaceBy) else None


def named_in(places: Places, table: Mapping[str, Any], at: KeyPath) -> Iterator[tuple[KeyPath, str, Place]]:
    """The absolute paths of the setting at `at` of `table`; what is no absolute path is told by the models."""
    said = table.get(str(at[-1]))
    place = _chosen(places, table)
    if place is None:
        return
    for key, path in ((at, said),) if isinstance(said, str) else _numbered(said, at):
        if path.startswith("/") and path.endswith(place.ending):
            yield key, path, place


def _chosen(places: Places, table: Mapping[str, Any]) -> Place | None:
    if isinstance(places, Place):
        return places
    which = table.get(places.key)
    return places.places.get(which) if isinstance(which, str) else None


def _numbered(said: object, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for index, path in enumerate(said if isinstance(said, list | tuple) else ()):
        if isinstance(path, str):
            yield (*at, index), path
