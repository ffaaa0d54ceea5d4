"""From pydantic's errors to faults in words, for the tables of a document whose root is given."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

from daemon.settings.problems import LONGEST_SHOWN, Fault, looks_secret, shown_key
from daemon.settings.tables import field_at, keys_of, model_at, places_of_keys

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from daemon.settings.problems import KeyPath

_SECRET = ("live", "credential")
_KEY_NAMES = {"key", "api_key", "apikey", "gemini_api_key", "google_api_key", "token", "secret", "password"}
_LARGEST_SHOWN_BITS: Final = 128
"""Of a number: those of thousands of digits, which TOML can write in hexadecimal, Python refuses to write out."""


def faults_of(error: ValidationError, root: type[BaseModel]) -> list[Fault]:
    """Every error pydantic found in a document of `root`, in words."""
    return [_fault(details, root) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails, root: type[BaseModel]) -> Fault:
    path: KeyPath = details["loc"]
    kind, context = details["type"], details.get("ctx", {})
    if kind == "setting":
        return Fault(path, context["what"], context["fix"])
    if kind == "extra_forbidden":
        return _unknown_key(path, root)
    if kind == "model_type":
        return _not_a_table(path, details["input"])
    field = field_at(root, path)
    fix = _advice(field)
    if kind == "missing":
        return Fault(path, "is missing", _example_line(path, fix))
    if kind == "literal_error":
        return _not_one_of(path, details["input"], _choices(field.annotation) if field else [], fix)
    what = _SENTENCES.get(kind, details["msg"].lower()).format(**context)
    if kind == "string_type" and fix == "shorten it":  # which helps against nothing but length
        fix = "write it in quotes"
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
    return "" if looks_secret(text) or len(text) > LONGEST_SHOWN else f", not {text}"


def _not_a_table(path: KeyPath, value: Any) -> Fault:
    header = f"[[{shown_key(path[:-1])}]]" if isinstance(path[-1], int) else f"[{shown_key(path)}]"
    return Fault(
        path, f"must be a table{_instead(path, value)}", f"write {header} on a line of its own, and keys below it"
    )


def _choices(kind: Any) -> list[str]:
    """The names a `Literal` allows, also where a list is made of them."""
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    return [choice for part in get_args(kind) for choice in _choices(part)]


def _not_one_of(path: KeyPath, value: Any, known: list[str], fix: str) -> Fault:
    what = f"must be one of {', '.join(known)}" if len(known) < 12 else "must be one of the known names"
    near = _near(value, tuple(known)) if isinstance(value, str) else None
    return Fault(
        path, what + _instead(path, value), f'did you mean "{near}"?' if near else fix or f'write "{known[0]}"'
    )


def _unknown_key(path: KeyPath, root: type[BaseModel]) -> Fault:
    name = str(path[-1])
    if name.casefold().replace("-", "_") in _KEY_NAMES:
        advice = "remove it; the key belongs in a file of its own, which [live.credential] file names"
        return Fault(path, "secrets are not kept in the settings", advice)
    siblings = keys_of(model_at(root, path[:-1]))
    if near := _near(name, tuple(siblings)):
        return Fault(path, "unknown key", f'did you mean "{near}"?')
    homes = [shown_key((*home, name)) for home in places_of_keys(root).get(name, ())]
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
