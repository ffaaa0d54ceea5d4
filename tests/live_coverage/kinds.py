"""What a row of the coverage table may say of a field, and how that is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

ABSENT: Final = "absent"
"""As `Setting.wire`: the field is not sent."""


@dataclass(frozen=True)
class Setting:
    """A key of pipit.toml, as "[table] key", decides the field.

    Proved by writing `value` there and opening a session: the setup that arrives holds `wire` at the field's place,
    which it does not without. `at` is that place in camelCase where the type has several; `beside` are the keys that
    `value` needs; with `parts` the fields of the field have rows of their own.
    """

    key: str
    value: Any
    wire: Any
    at: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)
    parts: bool = False
    but: str = ""
    """What else there is to say of it."""


@dataclass(frozen=True)
class Proved:
    """The field is used; the tests (`file::name`) show it. `what` says when, or the key that decides it."""

    what: str
    tests: tuple[str, ...]
    parts: bool = False

    def __init__(self, what: str, *tests: str, parts: bool = False) -> None:
        object.__setattr__(self, "what", what)
        object.__setattr__(self, "tests", tests)
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True)
class Read:
    """The service says it, and it makes a difference to what the session reports.

    Proved by a message with the field and one without, to a session of `model`. `given` stands beside the field in
    both; `value` is what it holds, if not any value of its type will do.
    """

    becomes: str
    given: Mapping[str, Any] = field(default_factory=dict)
    value: Any = None
    model: str = "gemini-3.8-live"
    parts: bool = False


@dataclass(frozen=True)
class Ignored:
    """The service says it, and it makes no difference, for the reason given. Proved as `Read` is."""

    why: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """The field only holds others, which have rows of their own."""


@dataclass(frozen=True)
class Same:
    """Another place for what stands at `row`."""

    row: str


class Reason(Enum):
    """Why a field is not used. The first two are proved by what the SDK does or says."""

    VERTEX = "Vertex AI only: the Gemini API has no such field"
    DEPRECATED = "deprecated"
    CHOICE = ""


@dataclass(frozen=True)
class Unused:
    """The field is not used; its own fields have no rows."""

    why: str
    reason: Reason = Reason.CHOICE


VERTEX: Final = Unused("", Reason.VERTEX)


def deprecated(instead: str) -> Unused:
    return Unused(instead, Reason.DEPRECATED)


Row = Setting | tuple[Setting, ...] | Proved | Read | Ignored | Parts | Same | Unused
"""Several settings may decide one field, each in a case of its own."""
Rows = Mapping[str, Mapping[str, Row]]
"""By type, then by field, both as the SDK names them."""


def has_parts(row: Row) -> bool:
    return isinstance(row, Parts) or getattr(row, "parts", False)
