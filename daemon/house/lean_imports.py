"""Libraries without their docstrings, which nobody reads on an appliance and which stay in memory for ever: 3 MB.

`python -X no_debug_ranges -m daemon.house.lean_imports`, at the installation, compiles what the service imports of
others into a folder of the environment, and `prefer_lean` has it imported from there. Pipit's own modules keep theirs:
tools are declared by them. Nothing is compiled later, and what is not there, or was made of another source or by
another Python, is imported as it always is
(docs/decisions/0059-libraries-are-imported-without-what-the-appliance-never-uses.md).
"""

import ast
import gc
import importlib
import marshal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

FOLDER: Final = Path(sys.prefix) / "lean"
OWN: Final = frozenset({"__main__", "daemon", "hardware", "tests"})

SERVICE: Final = (
    "daemon.house.running",
    "daemon.house.household",
    "daemon.house.equipment",
    "daemon.hearing.making",
    "daemon.speech.making",
    "hardware.sound.alsa",
    "hardware.header.factory",
    "gpiozero.pins.lgpio",
    "pymicro_wakeword",
)
"""What imports all that most households run, but for what is imported sparingly."""

_DOCUMENTED: Final = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_STATEMENTS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields of a statement, a handler or a case that hold such."""


class LeanFinder:
    """Finds libraries as Python does, and gives them a loader that looks into `folder` first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in OWN:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = _LeanLoader(fullname, spec.loader.path, self._folder)
        return spec


class _LeanLoader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, folder: Path) -> None:
        super().__init__(fullname, path)
        self._lean = folder / f"{fullname}.pyc"

    def get_code(self, fullname: str) -> CodeType | None:
        with suppress(OSError, EOFError, ValueError, TypeError):
            data = self._lean.read_bytes()
            if data.startswith(_header(self.path_stats(self.path))):
                code: CodeType = marshal.loads(memoryview(data)[len(MAGIC_NUMBER) + 12 :])  # noqa: S302  who may write there may write any library
                return code
        return super().get_code(fullname)


def prefer_lean(folder: Path = FOLDER) -> None:
    """From now on, if anything was compiled there; what is imported already stays."""
    if folder.is_dir():
        sys.meta_path.insert(0, LeanFinder(folder))


def compile_lean(modules: Mapping[str, ModuleType], folder: Path = FOLDER) -> int:
    """Compile each of `modules` that is another's and has a source; how many. Raises OSError."""
    folder.mkdir(exist_ok=True)
    count = 0
    for name, loader in _libraries(modules):
        with suppress(SyntaxError, ValueError):
            code = _without_docstrings(loader.get_data(loader.path), loader.path)
            (folder / f"{name}.pyc").write_bytes(_header(loader.path_stats(loader.path)) + marshal.dumps(code))
            count += 1
    return count


def _libraries(modules: Mapping[str, ModuleType]) -> Iterator[tuple[str, SourceFileLoader]]:
    for name, module in modules.items():
        loader = getattr(getattr(module, "__spec__", None), "loader", None)
        if isinstance(loader, SourceFileLoader) and name.partition(".")[0] not in OWN:
            yield name, loader


def _without_docstrings(source: bytes, path: str) -> CodeType:
    """Assertions stay: they are part of what a library does."""
    tree = ast.parse(source, path)
    for node in _blocks(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), node.body[0])]
    code: CodeType = compile(tree, path, "exec", dont_inherit=True)
    return code


def _blocks(tree: ast.Module) -> Iterator[ast.AST]:
    """What has statements in it, and those. Not the expressions, which are most of a tree."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for field in _STATEMENTS:
            waiting += getattr(node, field, ())


def _header(stats: Mapping[str, Any]) -> bytes:
    """As Python's own files have it: of which interpreter, and of which source."""
    numbers = (0, int(stats["mtime"]), int(stats["size"]))
    return MAGIC_NUMBER + b"".join((number & 0xFFFF_FFFF).to_bytes(4, "little") for number in numbers)


def main() -> None:
    """Import what the service does, and compile that."""
    from daemon.live.sparing_import import import_sdk
    from daemon.wake.package import import_model_module

    for name in SERVICE:
        with suppress(ImportError):
            importlib.import_module(name)
    import_model_module()
    import_sdk(http=False)
    gc.disable()  # no tree of statements has a circle in it, and to look for one takes a quarter of the time
    print(f"{compile_lean(dict(sys.modules))} modules in {FOLDER}")


if __name__ == "__main__":
    main()
