"""A document of the settings as it was read: whatever TOML can hold, before any of it was found right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def table_of(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The table of that name; an empty one if there is none, or something else."""
    table = document.get(name)
    return table if isinstance(table, Mapping) else {}


def tables_of(document: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Those of an array of tables, with their numbers from 0; what is no table is passed over."""
    tables = document.get(name)
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, Mapping):
            yield index, table
