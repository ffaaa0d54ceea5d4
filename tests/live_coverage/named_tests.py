"""Whether a test that is named somewhere exists."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def exists(test: str) -> bool:
    """Whether there is a function of this name, `tests/file.py::Class::test`, in the file and class it names."""
    file, *names = test.split("::")
    return (ROOT / file).is_file() and tuple(names) in _tests_of(ROOT / file)


@cache
def _tests_of(file: Path) -> frozenset[tuple[str, ...]]:
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ClassDef):
            found |= {(node.name, inner.name) for inner in node.body if _is_test(inner)}
        elif _is_test(node):
            found.add((node.name,))
    return frozenset(found)


def _is_test(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
