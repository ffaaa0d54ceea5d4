"""What a tool takes, read off its function: declared to the model as JSON Schema, and checked by a model of pydantic.

The declaration is written without pydantic, and the model is built by the first call of its tool: a model costs some
20 kB, and of all that an appliance can do a household uses little.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, ConfigDict, create_model
from pydantic.fields import FieldInfo

from daemon.names import folded
from daemon.tools.arguments import whole
from daemon.tools.undo import Undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

Choices = Sequence[str] | Mapping[str, str]
"""Names that may be chosen; or what may be said, and what each of that means."""

REQUIRED: Final = inspect.Parameter.empty
TYPES: Final = {str: "string", bool: "boolean", int: "integer", float: "number"}
BOUNDS: Final = {"ge": "minimum", "le": "maximum", "min_length": "minLength", "max_length": "maxLength"}
"""Of `Field`, with their names in JSON Schema."""


@dataclass(frozen=True)
class Argument:
    """One parameter that is the model's business; `default` may be `REQUIRED`."""

    base: type
    fields: tuple[FieldInfo, ...]
    schema: Mapping[str, Any]
    choices: Choices | None
    default: Any

    @classmethod
    def of(cls, hint: Any, choices: Choices | None, default: Any) -> Argument:
        """Raises TypeError if nothing of JSON is declared for such a hint."""
        base, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        base = _not_none(base)
        if choices is None and get_origin(base) is Literal:
            choices = get_args(base)
        if choices is not None:
            base = str
        if base not in TYPES:
            raise TypeError(f"an argument is a text, a switch, a number or an enumeration of names, not {base}")
        fields = tuple(extra for extra in extras if isinstance(extra, FieldInfo))
        schema = {"type": TYPES[base]} if default in (REQUIRED, None) else {"default": default, "type": TYPES[base]}
        return cls(base, fields, schema | dict(chain(*map(_told, fields))), choices, default)

    def declared(self) -> dict[str, Any]:
        """Its JSON Schema."""
        return {**self.schema} if self.choices is None else {**self.schema, "enum": list(self.choices)}

    def validated(self) -> tuple[Any, Any]:
        """Its type and default, as pydantic makes a field of them."""
        extras: tuple[Any, ...] = self.fields
        if self.choices is not None:
            extras = (BeforeValidator(_chooser(self.choices)), *extras)
        elif self.base is int:
            extras = (*extras, BeforeValidator(whole))
        hint: Any = Annotated[self.base, *extras] if extras else self.base
        return hint, ... if self.default is REQUIRED else self.default


@dataclass(frozen=True)
class Signature:
    """All of them, in their order."""

    name: str
    taken: Mapping[str, Argument]
    undo: str
    """The parameter that takes an `Undo`; empty if there is none."""

    @classmethod
    def of(cls, function: Callable[..., Any], choices: Mapping[str, Choices]) -> Signature:
        """Raises TypeError for a parameter that cannot be declared."""
        hints = get_type_hints(function, include_extras=True)
        taken: dict[str, Argument] = {}
        undo = ""
        for name, parameter in inspect.signature(function).parameters.items():
            if hints[name] is Undo:
                undo = name
            else:
                taken[name] = Argument.of(hints[name], choices.get(name), parameter.default)
        return cls(function.__name__, taken, undo)

    def declared(self) -> dict[str, Any]:
        """The JSON Schema of an object with these arguments; that there may be no others is checked, not declared."""
        properties = {name: argument.declared() for name, argument in self.taken.items()}
        required = [name for name, argument in self.taken.items() if argument.default is REQUIRED]
        return {"type": "object", "properties": properties, "required": required}

    @cached_property
    def model(self) -> type[BaseModel]:
        """What checks them: in the types declared, and no others."""
        fields: dict[str, Any] = {name: argument.validated() for name, argument in self.taken.items()}
        config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
        return create_model(self.name, __config__=config, **fields)


def _not_none(hint: Any) -> Any:
    """What an optional argument is if it is given: that it may be left out needs no type, and null is left out, too."""
    others = [kind for kind in get_args(hint) if kind is not NoneType]
    return others[0] if get_origin(hint) is UnionType and len(others) == 1 else hint


def _told(field: FieldInfo) -> Iterator[tuple[str, Any]]:
    if field.description:
        yield "description", field.description
    for bound in field.metadata:
        found = [(told, getattr(bound, name)) for name, told in BOUNDS.items() if hasattr(bound, name)]
        if not found:
            raise TypeError(f"of a field's bounds {', '.join(BOUNDS)} can be declared, not {bound}")
        yield from found


def _chooser(choices: Choices) -> Callable[[object], str]:
    meant = choices if isinstance(choices, Mapping) else dict(zip(choices, choices, strict=True))
    by_folded = {folded(said): name for said, name in meant.items()}

    def choose(value: object) -> str:
        chosen = by_folded.get(folded(value)) if isinstance(value, str) else None
        if chosen is None:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return chosen

    return choose
