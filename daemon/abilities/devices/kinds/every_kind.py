"""Every kind by its name; one is imported when it is asked for, and not before."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final, get_args

from daemon.abilities.devices.kinds.keys import KindName
from daemon.abilities.devices.kinds.kind import Kind


class _Catalogue(Mapping[str, Kind[Any]]):
    """A kind is a file of its name in this folder, and in it a constant of its name."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Kind[Any]:
        if name not in self._names:
            raise KeyError(name)
        kind: Kind[Any] = getattr(import_module(f"{__package__}.{name}"), name.upper())
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


KINDS: Final[Mapping[str, Kind[Any]]] = _Catalogue(*get_args(KindName))
