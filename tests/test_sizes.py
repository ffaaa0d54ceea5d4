"""That files and functions stay small, that everything is typed, and that modules have their tests.

The figures themselves are in docs/benchmarks.md; `python -m tests.test_sizes` prints them.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final

from tests.layers import ROOT, source_files, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef

NOTHING_TO_TEST: Final = {"__init__"}
"""Stems of files that hold no code of their own."""


@cache
def modules() -> dict[str, ast.Module]:
    """Each file of the product that has code, by its path in the repository."""
    parsed = {file: ast.parse((ROOT / file).read_text(encoding="utf-8")) for file in source_files()}
    return {file: tree for file, tree in parsed.items() if Path(file).stem not in NOTHING_TO_TEST}


def lines_of_modules() -> list[int]:
    return [len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in modules()]


@cache
def functions() -> Sequence[tuple[str, Function]]:
    return [
        (f"{file}:{node.lineno} {node.name}", node)
        for file, tree in modules().items()
        for node in statements(tree.body)
        if isinstance(node, Function)
    ]


def lines_of(function: Function) -> int:
    """From `def` to the end, without the docstring: how much there is to follow."""
    docstring = function.body[0].end_lineno if ast.get_docstring(function) else None
    end = function.end_lineno or function.lineno
    if docstring is None:
        return end - function.lineno + 1
    return end - function.lineno + 1 - (docstring - function.body[0].lineno + 1)


def untyped(function: Function) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    own = named[1:] if named and named[0].arg in {"self", "cls"} else named
    others = [argument for argument in (given.vararg, given.kwarg) if argument]
    returns_unsaid = function.returns is None and function.name != "__init__"
    return returns_unsaid or any(argument.annotation is None for argument in [*own, *others])


def aliases_of_any() -> list[str]:
    """Names that are given the type of everything."""
    return [
        f"{file}:{node.lineno}"
        for file, tree in modules().items()
        for node in statements(tree.body)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Name) and node.value.id == "Any"
    ]


def acts(function: Function) -> bool:
    """Whether there is more of it than its promise, as in a Protocol."""
    return not all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in function.body)


def with_something_to_test() -> list[str]:
    """Modules that do something: what is declarations alone is tested by what is made of them."""
    return sorted({name.partition(":")[0] for name, function in functions() if acts(function)})


def untested(files: Iterable[str]) -> list[str]:
    """Those without a test file of their own, in the folder of `tests` that has their folder's name."""
    paths = {file: Path(file) for file in files}
    own = {file: path.parent / f"test_{path.stem.strip('_')}.py" for file, path in paths.items()}
    return [file for file, test in own.items() if not (ROOT / "tests" / test).is_file()]


def p90(sizes: Sequence[int]) -> float:
    return quantiles(sizes, n=10, method="inclusive")[-1]


def test_files_are_small() -> None:
    sizes = lines_of_modules()
    assert median(sizes) <= 110
    assert p90(sizes) <= 220
    assert [file for file, size in zip(modules(), sizes, strict=True) if size > 400] == []


def test_functions_are_small() -> None:
    sizes = {name: lines_of(function) for name, function in functions()}
    assert p90([*sizes.values()]) <= 15
    assert [name for name, size in sizes.items() if size > 50] == []


def test_no_file_of_the_conversation_is_longer_than_a_few_screens() -> None:
    sizes = zip(modules(), lines_of_modules(), strict=True)
    assert [file for file, size in sizes if file.startswith("daemon/conversation/") and size > 350] == []


def test_everything_is_typed_and_no_name_stands_for_any_type() -> None:
    assert [name for name, function in functions() if untyped(function)] == []
    assert aliases_of_any() == []


def test_modules_have_their_tests() -> None:
    """Of all of them, declarations alone included."""
    without = untested(modules())
    assert len(without) <= 0.08 * len(modules()), without


if __name__ == "__main__":
    files, bodies = lines_of_modules(), [lines_of(function) for _, function in functions()]
    typed = 1 - sum(untyped(function) for _, function in functions()) / len(bodies)
    print(f"modules {len(files)}: median {median(files):g} lines, p90 {p90(files):g}, longest {max(files)}")
    print(f"functions {len(bodies)}: median {median(bodies):g} lines, p90 {p90(bodies):g}, longest {max(bodies)}")
    tested, doing = (1 - len(untested(some)) / len(some) for some in (modules(), with_something_to_test()))
    print(f"typed {typed:.0%}; {tested:.1%} have a test file, of those that do something {doing:.1%}")
