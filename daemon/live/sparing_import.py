"""Imports google.genai without what nothing reads or asks for when it runs.

Beside each message type of the SDK stands a TypedDict, for callers who would rather write dictionaries. They are of use
to a type checker alone, and half of the SDK's classes. `dict` stands in for each of them while they are made
(docs/decisions/0052-the-sdk-is-imported-without-the-types-of-its-dictionaries.md). The appliance, which holds sessions
alone, goes without HTTP and without the messages that no session has, too
(docs/decisions/0059-libraries-are-imported-without-what-the-appliance-never-uses.md).
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from types import new_class
from typing import TYPE_CHECKING, Any, Final

import typing_extensions
from pydantic import BaseModel

from daemon.live.no_http import HTTP, NEVER_ASKED
from daemon.live.session_models import SESSION_MODELS
from hardware.stand_ins import NO_METADATA, stand_ins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SDK: Final = "google.genai"
TYPES: Final = f"{SDK}.types"

log = logging.getLogger(__name__)

_importing = threading.Lock()


def import_sdk(*, http: bool = True) -> None:
    """Import google.genai, sparingly if it is not imported yet; where that fails, not at all.

    Whoever needs it imports it then as it is, and is told what is wrong, if that fails, too. Without `http` its clients
    can hold sessions, and nothing else.
    """
    if SDK in sys.modules:
        return
    with _importing, ExitStack() as sparing:
        with suppress(ImportError):
            importlib.import_module(SDK.partition(".")[0])  # what stands in for a part of it is an attribute of it
        sparing.enter_context(_no_typed_dicts())
        sparing.enter_context(stand_ins(NO_METADATA if http else {**NO_METADATA, **HTTP}))
        if not http:
            sparing.enter_context(_no_models_but(SESSION_MODELS))
        try:
            importlib.import_module(SDK)
        except Exception as error:  # noqa: BLE001  whatever it is: it comes again if it is not of our making
            log.debug("google.genai is imported as it is: %r", error)
            for name in [name for name in sys.modules if name.startswith(f"{SDK}.")]:
                del sys.modules[name]  # nothing that was spared may be left in what is imported then
        else:
            if not http:
                sys.modules.setdefault(NEVER_ASKED, None)  # type: ignore[arg-type]  # as if it were not installed


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


_OF_ANY_CLASS: Final = ("__module__", "__qualname__", "__classcell__")


class Spared:
    """In place of a message that no session has: it can be named, as in the type of an argument, and no more."""

    def __init__(self, *_: object, **__: object) -> None:
        raise TypeError(
            f"{type(self).__name__}: the SDK was imported for sessions alone (daemon/live/sparing_import.py)"
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> dict[str, str]:
        """Whatever comes is taken as it is, where a new version of the SDK has it in a message after all."""
        return {"type": "any"}


@contextmanager
def _no_models_but(needed: Collection[str]) -> Iterator[None]:
    """Meanwhile any other model of `TYPES` is a class that is `Spared`."""
    metaclass: Any = type(BaseModel)
    original = metaclass.__new__

    def made(mcs: type, name: str, bases: tuple[type, ...], names: dict[str, Any], **options: Any) -> type:
        if names.get("__module__") == TYPES and name not in needed:
            return type(name, (Spared,), {key: names[key] for key in _OF_ANY_CLASS if key in names})
        model: type = original(mcs, name, bases, names, **options)
        return model

    metaclass.__new__ = made
    try:
        yield
    finally:
        metaclass.__new__ = original
