"""What of a setting a support bundle may show, told by the setting's type and by what its field says."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from daemon.settings.field import Share

_NOBODYS_WORDS: Final = frozenset({bool, int, float, NoneType})


def share_of(field: FieldInfo) -> Share | None:
    """How the values of `field` may be shown; None, as for any text of which nothing is said: not at all."""
    if _is_harmless(field.annotation):
        return "harmless"
    extra = field.json_schema_extra
    return cast("Share | None", extra.get("share")) if isinstance(extra, dict) else None


def _is_harmless(kind: Any) -> bool:
    """Whether all values of this type are numbers, switches or words of a fixed list, or tuples of those."""
    if get_origin(kind) is Annotated:
        return _is_harmless(get_args(kind)[0])
    if get_origin(kind) is Literal or kind in _NOBODYS_WORDS:
        return True
    # The dots in the type of a tuple stand for more of the same.
    parts = [part for part in get_args(kind) if part is not ...]
    return get_origin(kind) in {tuple, Union, UnionType} and all(map(_is_harmless, parts))
