"""Importing a library without what it brings along for uses that are not ours: empty modules stand in meanwhile.

What a library imports stays in memory for ever, whether it is used or not. In a stand-in every name is None, so whoever
does use it raises at once. Each place that imports so says what it spares, and tests that its library still can be.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

NO_METADATA: Final = {"importlib.metadata": {"entry_points": lambda **_: (), "version": lambda _name: "0"}}
"""For a library that looks for plugins, and finds none, or for its own version, and finds "0". The module would bring
those for e-mail, zip and CSV files, 2 MB."""

_importing = threading.RLock()


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):  # what the import system itself asks for
            raise AttributeError(name)


@contextmanager
def stand_ins(names: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """For each module of `names` that is not imported yet, one that has its attributes; afterwards they are gone again.

    Another thread that imports one of them meanwhile gets the stand-in.
    """
    with _importing:
        made = {name: _stand_in(name, attributes) for name, attributes in names.items() if name not in sys.modules}
        sys.modules.update(made)
        try:
            with _in_packages(made):
                yield
        finally:
            for name in made:
                sys.modules.pop(name, None)


@contextmanager
def _in_packages(made: Mapping[str, ModuleType]) -> Iterator[None]:
    """As the import system does, each is an attribute of its package, if that is imported already or stands in, too."""
    places = [(sys.modules.get(name.rpartition(".")[0]), name.rpartition(".")[2], made[name]) for name in made]
    placed = [(package, name, module) for package, name, module in places if package and name not in vars(package)]
    for package, name, module in placed:
        setattr(package, name, module)
    try:
        yield
    finally:
        for package, name, module in placed:
            if vars(package).get(name) is module:
                delattr(package, name)


def _stand_in(name: str, attributes: Mapping[str, Any]) -> ModuleType:
    module = _StandIn(name)
    module.__dict__.update(attributes)
    return module
