"""What people call by one name: devices, groups, scenes, inputs and rooms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from daemon.names import folded
from daemon.settings.document import tables_of
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from daemon.settings.problems import KeyPath

EVERYTHING: Final = "everything"
"""What all devices together are called."""


def faults_of_names(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of everything that is called by a name."""
    first: dict[str, tuple[str, KeyPath]] = {}
    for what, path, name in _named(document):
        heard = _heard(name)
        if heard == EVERYTHING:
            yield Fault(path, f'cannot be "{name}", which is all devices together', "give it a name of its own")
        owner, other = first.setdefault(heard, (what, path))
        if other != path and not (what == owner == "room"):
            yield Fault(path, f'another {owner} is called "{name}" already', "give each a name of its own", other)


def _heard(name: str) -> str:
    """What of `name` can be heard: "desk-lamp" is "desk lamp", and "T.V." is "TV"."""
    words = _SILENT.sub("", _BETWEEN.sub(" ", folded(name)))
    return " ".join(words.split()) or folded(name)


_BETWEEN: Final = re.compile(r"[-_/‐‑–—]")
_SILENT: Final = re.compile(r"[.,;:!?'’\"()]")


def _named(document: Mapping[str, Any]) -> Iterator[tuple[str, KeyPath, str]]:
    for what in ("device", "group", "scene", "input"):
        for index, table in tables_of(document, what):
            yield from _texts(what, (what, index, "name"), table.get("name"))
            aliases = table.get("aliases")
            for number, alias in enumerate(aliases if isinstance(aliases, list) else ()):
                yield from _texts(what, (what, index, "aliases", number), alias)
    for what in ("device", "input"):
        for index, table in tables_of(document, what):
            if table.get("room"):
                yield from _texts("room", (what, index, "room"), table["room"])


def _texts(what: str, path: KeyPath, said: object) -> Iterator[tuple[str, KeyPath, str]]:
    if isinstance(said, str):
        yield what, path, said
