"""What only shows between devices: names by which they could not be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daemon.names import folded
from daemon.settings.problems import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daemon.settings.problems import KeyPath


def faults_of_names(devices: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Fault]:
    """Of the raw tables of `[[device]]`, with their numbers from 0."""
    first: dict[str, KeyPath] = {}
    for index, device in devices:
        name, path = device.get("name"), ("device", index, "name")
        if not isinstance(name, str):
            continue
        heard = folded(name)
        if other := first.get(heard):
            yield Fault(path, f'another device is called "{name}" already', "give each a name of its own", other)
        first.setdefault(heard, path)
