"""What is wrong with a settings file, in words: from pydantic's errors to `file:line: key: what. Fix: how`."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from daemon.errors import one_line
from daemon.house.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

KeyPath = tuple[str | int, ...]
"""Where in the document, from the root: keys, and indices from 0 in arrays."""

_SECRET = ("live", "credential")
_KEY_NAMES = {"key", "api_key", "apikey", "gemini_api_key", "google_api_key", "token", "secret", "password"}
_LOOKS_SECRET = re.compile(r"AIza[\w-]{10,}|AQ\.[\w-]{10,}|auth_tokens/\S+")  # the forms of Google's keys and tokens
_LONGEST_SHOWN = 60  # characters of a value; more hides the sentence
_LONGEST_WHAT: Final = 400
_LARGEST_SHOWN_BITS: Final = 128
"""Of a number: those of thousands of digits, which TOML can write in hexadecimal, Python refuses to write out."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a document, before it is known which line it is on.

    `other` is a second place that has to do with it, whose line is added to `what`. One that `warns` is allowed.
    """

    path: KeyPath
    what: str
    fix: str
    other: KeyPath | None = None
    warns: bool = False


@dataclass(frozen=True)
class Problem:
    """One line for the user. `line` is 0 when it is about the file itself; a `key` may be empty then.

    Whatever its texts were made of, they hold no secret and nothing that cannot be seen, and are no longer than a line.
    """

    file: Path
    line: int
    key: str
    what: str
    fix: str

    def __post_init__(self) -> None:
        for name in ("key", "what", "fix"):
            object.__setattr__(self, name, _fit_to_be_seen(getattr(self, name)))

    @property
    def place(self) -> str:
        """The file, and the line if there is one."""
        file = one_line(str(self.file))
        return f"{file}:{self.line}" if self.line else file

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.key, f"{self.what}. Fix: {self.fix}") if part)


def _fit_to_be_seen(text: str) -> str:
    seen = one_line(_LOOKS_SECRET.sub("…", text))
    return seen if len(seen) <= _LONGEST_WHAT else f"{seen[:_LONGEST_WHAT]}…"


def shown_key(path: KeyPath) -> str:
    """`("device", 1, "pin")` as `device[2].pin`: array elements count from 1, as people do."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_shown_name(part)}" for part in path)
    return key.removeprefix(".")


def _shown_name(name: str) -> str:
    shown = _LOOKS_SECRET.sub("…", name[:_LONGEST_SHOWN])
    return shown if re.fullmatch(r"[\w-]+|…", shown, re.ASCII) else repr(shown)


def faults_of(error: ValidationError) -> list[Fault]:
    """Every error pydantic found, in words."""
    return [_fault(details) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails) -> Fault:
    path: KeyPath = details["loc"]
    kind, context = details["type"], details.get("ctx", {})
    if kind == "setting":
        return Fault(path, context["what"], context["fix"])
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "model_type":
        return _not_a_table(path, details["input"])
    field = _field(path)
    fix = _advice(field)
    if kind == "missing":
        return Fault(path, "is missing", _example_line(path, fix))
    if kind == "literal_error":
        return _not_one_of(path, details["input"], _choices(field.annotation) if field else [], fix)
    what = _SENTENCES.get(kind, details["msg"].lower()).format(**context)
    return Fault(path, f"{what}{_instead(path, details['input'])}", fix or "see docs/settings.md")


_SENTENCES = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "path_type": "must be a path in quotes",
    "tuple_type": "must be a list",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "is not written as it must be",
    "too_short": "must not be empty",
    "too_long": "must not have more than {max_length} entries",
}


def _instead(path: KeyPath, value: Any) -> str:
    """`, not …` with the value as TOML writes it; nothing where it may be a secret, or too long to read."""
    if path[: len(_SECRET)] == _SECRET or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, int) and value.bit_length() > _LARGEST_SHOWN_BITS:
        return ""
    text = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)
    return "" if _LOOKS_SECRET.search(text) or len(text) > _LONGEST_SHOWN else f", not {text}"


def _not_a_table(path: KeyPath, value: Any) -> Fault:
    header = f"[[{path[0]}]]" if isinstance(path[-1], int) else f"[{shown_key(path)}]"
    return Fault(
        path, f"must be a table{_instead(path, value)}", f"write {header} on a line of its own, and keys below it"
    )


def _choices(kind: Any) -> list[str]:
    """The names a `Literal` allows, also where a list is made of them."""
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    return [choice for part in get_args(kind) for choice in _choices(part)]


def _not_one_of(path: KeyPath, value: Any, known: list[str], fix: str) -> Fault:
    what = f"must be one of {', '.join(known)}" if len(known) < 6 else "must be one of the known names"
    near = _near(value, tuple(known)) if isinstance(value, str) else None
    return Fault(
        path, what + _instead(path, value), f'did you mean "{near}"?' if near else fix or f'write "{known[0]}"'
    )


def _unknown_key(path: KeyPath) -> Fault:
    name = str(path[-1])
    if name.casefold().replace("-", "_") in _KEY_NAMES:
        advice = "remove it; the key belongs in a file of its own, which [live.credential] file names"
        return Fault(path, "secrets are not kept in the settings", advice)
    siblings = _keys(_model(path[:-1]))
    if near := _near(name, tuple(siblings)):
        return Fault(path, "unknown key", f'did you mean "{near}"?')
    homes = [shown_key((*home, name)) for home in _homes().get(name, ())]
    if homes:
        return Fault(path, "unknown key", f"did you mean {' or '.join(homes)}?")
    return Fault(path, "unknown key", f"remove it; the keys here are {', '.join(siblings)}")


@lru_cache(maxsize=256)
def _near(name: str, known: tuple[str, ...]) -> str | None:
    by_folded = {other.casefold(): other for other in known}
    matches = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[matches[0]] if matches else None


def _advice(field: FieldInfo | None) -> str:
    extra = field.json_schema_extra if field else None
    return str(extra.get("fix", "")) if isinstance(extra, dict) else ""


def _example_line(path: KeyPath, fix: str) -> str:
    return f"add the line {path[-1]} = …; {fix}" if fix else f"add the line {path[-1]} = …"


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


@lru_cache(maxsize=1)
def _homes() -> dict[str, list[KeyPath]]:
    """In which tables there is a key of each name."""
    homes: dict[str, list[KeyPath]] = {}
    for home, key in _all_keys(Settings, ()):
        homes.setdefault(key, []).append(home)
    return homes


def _all_keys(model: type[BaseModel], home: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for key in _keys(model):
        yield home, key
        if inner := _model_of(_field((*home, key))):
            yield from _all_keys(inner, (*home, key))


def _field(path: KeyPath) -> FieldInfo | None:
    """The field a path leads to; an index in it is the field of its array."""
    named = tuple(part for part in path if isinstance(part, str))
    model = _model(named[:-1])
    fields = model.model_fields.items() if model else ()
    return next((field for name, field in fields if named and named[-1] == (field.alias or name)), None)


def _model(path: KeyPath) -> type[BaseModel] | None:
    """The model of the table at `path`."""
    return _model_of(_field(path)) if path else Settings


def _model_of(field: FieldInfo | None) -> type[BaseModel] | None:
    if field is None:
        return None
    candidates = (field.annotation, *get_args(field.annotation))
    return next((kind for kind in candidates if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
