"""What only shows between inputs and scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.names import folded
from daemon.settings.document import tables_of
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def faults_of_actions(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of actions that set a scene which does not exist."""
    scenes = {folded(said): said for _, scene in tables_of(document, "scene") for said in _names(scene)}
    for index, table in tables_of(document, "input"):
        for number, action in tables_of(table, "actions"):
            wanted = action.get("scene")
            if isinstance(wanted, str) and wanted and folded(wanted) not in scenes:
                fix = f"the scenes are {', '.join(scenes.values())}" if scenes else "add a [[scene]]"
                where = ("input", index, "actions", number, "scene")
                yield Fault(where, f'must name a scene, not "{wanted}"', fix)


def _names(scene: Mapping[str, Any]) -> Iterator[str]:
    aliases = scene.get("aliases")
    for said in (scene.get("name"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(said, str):
            yield said
