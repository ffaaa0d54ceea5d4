"""What only shows between inputs and scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.abilities.inputs.kinds.input_kinds import KERNEL
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


def faults_of_sensors(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Of two inputs that are one sensor of the kernel's; without an address it is the only one there."""
    first: dict[tuple[object, ...], int] = {}
    inputs = [table for _, table in tables_of(document, "input")]
    named = any(table.get("kind") == "ds18b20" and table.get("address") for table in inputs)
    for index, table in tables_of(document, "input"):
        if table.get("kind") not in KERNEL:
            continue
        address, channel = str(table.get("address") or ""), table.get("channel")
        which = (table["kind"], address.lower() if table["kind"] == "ds18b20" else address, channel)
        if (other := first.setdefault(which, index)) != index:
            key = "address" if table["kind"] != "cpu" else "kind"
            what = "is that of another input: they are one sensor" if address else "is needed to tell the two apart"
            fix = "write address = with each, or remove one" if key == "address" else "remove one: there is one alone"
            yield Fault(("input", index, key), what, fix, ("input", other, key))
        elif named and table["kind"] == "ds18b20" and not address:
            yield Fault(("input", index, "address"), "is needed where there are several", "write address = with each")


def _names(scene: Mapping[str, Any]) -> Iterator[str]:
    aliases = scene.get("aliases")
    for said in (scene.get("name"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(said, str):
            yield said
