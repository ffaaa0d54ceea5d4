"""On which line of a TOML text each key stands.

Only `source` imports this, and only when it has a problem to report: tree-sitter is not worth its memory in a
daemon whose settings are right.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

if TYPE_CHECKING:
    from daemon.settings.problems import KeyPath

_KEYS = {"bare_key", "quoted_key", "dotted_key"}


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key, table header and array element of a valid TOML text, by its path."""
    tree = Parser(Language(tree_sitter_toml.language())).parse(text.encode())
    return _Positions().of_document(tree.root_node)


class _Positions:
    """Walks one document; `_elements` counts the `[[…]]` headers of each array of tables seen so far."""

    def __init__(self) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._elements: Counter[KeyPath] = Counter()

    def of_document(self, root: Node) -> dict[KeyPath, int]:
        for node in root.named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in {"table", "table_array_element"}:
                self._table(node)
        return self._lines

    def _table(self, node: Node) -> None:
        header = next(child for child in node.named_children if child.type in _KEYS)
        path = self._resolved(_names(header), whole=node.type == "table")
        if node.type == "table_array_element":
            self._note(path, header)
            self._elements[path] += 1
            path = (*path, self._elements[path] - 1)
        self._note(path, header)
        for child in node.named_children:
            if child.type == "pair":
                self._pair(child, path)

    def _resolved(self, names: tuple[str, ...], *, whole: bool) -> KeyPath:
        """The path a header means: `[device.extra]` belongs to the last `[[device]]` above it."""
        path: KeyPath = ()
        for position, name in enumerate(names, 1):
            path = (*path, name)
            if (whole or position < len(names)) and self._elements[path]:
                path = (*path, self._elements[path] - 1)
        return path

    def _pair(self, node: Node, table: KeyPath) -> None:
        key, value = (child for child in node.named_children if child.type != "comment")
        path = table
        for name in _names(key):
            path = (*path, name)
            self._note(path, key)
        self._value(value, path)

    def _value(self, node: Node, path: KeyPath) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array":
            elements = (child for child in node.named_children if child.type != "comment")
            for index, element in enumerate(elements):
                self._note((*path, index), element)
                self._value(element, (*path, index))

    def _note(self, path: KeyPath, node: Node) -> None:
        self._lines.setdefault(path, node.start_point[0] + 1)


def _names(key: Node) -> tuple[str, ...]:
    """The names in a bare, quoted or dotted key; the TOML reader itself undoes quotes and escapes."""
    if key.type == "bare_key":
        return ((key.text or b"").decode(),)
    names: list[str] = []
    inner: Any = tomllib.loads(f"{(key.text or b'').decode()} = 0")
    while isinstance(inner, Mapping):
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names)
