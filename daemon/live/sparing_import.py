"""Imports google.genai without the types of its dictionaries, which nothing reads when it runs.

Beside each message type of the SDK stands a TypedDict, for callers who would rather write dictionaries. They are of use
to a type checker alone, and half of the SDK's classes. `dict` stands in for each of them while they are made
(docs/decisions/0052-the-sdk-is-imported-without-the-types-of-its-dictionaries.md).
"""

from __future__ import annotations

import importlib
import threading
from contextlib import contextmanager, suppress
from types import new_class
from typing import TYPE_CHECKING, Any, Final

import typing_extensions

from hardware.stand_ins import NO_METADATA, stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES: Final = "google.genai.types"

_importing = threading.Lock()


def import_sdk() -> None:
    """Import google.genai, sparingly if it is not imported yet; where that fails, not at all.

    Whoever needs it imports it then as it is, and is told what is wrong, if that fails, too.
    """
    with _importing, suppress(Exception), _no_typed_dicts(), stand_ins(NO_METADATA):
        importlib.import_module("google.genai")


@contextmanager
def _no_typed_dicts() -> Iterator[None]:
    """Meanwhile a TypedDict of `TYPES` is `dict`; whoever else makes one gets what he wants."""
    module: Any = typing_extensions
    original = module.TypedDict

    class Plain(type):
        def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any], **options: Any) -> type:
            if not bases:
                return super().__new__(cls, name, bases, names)
            if names.get("__module__") == TYPES:
                return dict
            return new_class(name, (original,), options, lambda made: made.update(names))

        def __call__(cls, *arguments: Any, **options: Any) -> Any:
            return original(*arguments, **options)

    module.TypedDict = Plain("TypedDict", (), {})
    try:
        yield
    finally:
        module.TypedDict = original
