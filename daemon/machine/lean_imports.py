"""Libraries without their docstrings, which nobody reads on an appliance and which stay in memory for ever.

`python -m daemon.machine.lean_imports`, at the installation, compiles what the service imports, but for Pipit's own,
into a folder of the environment; `prefer_lean` has it imported from there. Nothing is compiled at run time: a module
that is not there, or of which the source is another by now, is imported as it always is.
"""

import ast
import importlib
import marshal
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

FOLDER: Final = Path(sys.prefix) / "lean"
OWN: Final = frozenset({"daemon", "hardware", "tests", "__main__"})


class LeanLoader(SourceFileLoader):
    """Loads a module's code from a file of `FOLDER`, if that is of this source and this Python."""

    def get_code(self, fullname: str) -> CodeType | None:
        try:
            data = (FOLDER / f"{fullname}.pyc").read_bytes()
            if data[:16] == header(self.path_stats(self.path)):
                code: CodeType = marshal.loads(memoryview(data)[16:])
                return code
        except (OSError, ValueError, EOFError, TypeError):
            pass
        return super().get_code(fullname)


class LeanFinder:
    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in OWN:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and type(spec.loader) is SourceFileLoader:
            spec.loader = LeanLoader(spec.loader.name, spec.loader.path)
        return spec


def prefer_lean() -> None:
    if FOLDER.is_dir():
        sys.meta_path.insert(0, LeanFinder)


def header(stats) -> bytes:
    return MAGIC_NUMBER + b"".join(int(n & 0xFFFFFFFF).to_bytes(4, "little") for n in (0, int(stats["mtime"]), stats["size"]))


def lean_code(source: bytes, path: str) -> CodeType:
    tree = ast.parse(source, path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                node.body[0] = ast.copy_location(ast.Pass(), first)
    return compile(tree, path, "exec", dont_inherit=True)


def main() -> None:
    import daemon.house.running, daemon.live.sparing_import, daemon.live.connection
    from daemon.command_line import pipit
    import hardware.sound.alsa
    names = sys.argv[1:]
    for n in names: importlib.import_module(n)
    daemon.live.sparing_import.import_sdk(); daemon.live.connection.build_models()
    FOLDER.mkdir(exist_ok=True)
    for name, module in list(sys.modules.items()):
        loader = getattr(getattr(module, "__spec__", None), "loader", None)
        if isinstance(loader, SourceFileLoader) and name.partition(".")[0] not in OWN:
            try:
                code = lean_code(loader.get_data(loader.path), loader.path)
            except Exception as e: print(name, e); continue
            (FOLDER / f"{name}.pyc").write_bytes(header(loader.path_stats(loader.path)) + marshal.dumps(code))
    print(len(list(FOLDER.iterdir())))


if __name__ == "__main__":
    main()
