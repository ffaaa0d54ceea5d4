"""A library compiled without docstrings does the same; whatever does not fit is imported as it is."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from daemon.house.lean_imports import OWN, LeanFinder, compile_lean, prefer_lean
from tests.repetition import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

SOURCE = '''"""A library."""
from __future__ import annotations

VALUE = """no docstring"""


class Thing:
    """Only this."""


class Other:
    """Also this."""

    def method(self, value: Missing = 3):
        """Says what."""
        assert value != 4, "four"
        return value


async def task():
    """Nothing else."""
'''


SOME = """
libraries = lean._libraries
some = "gpiozero", "numpy._core", "pydantic.main"
lean._libraries = lambda modules: (it for it in libraries(modules) if it[0].startswith(some))
"""


class Library:
    """A module on the path that no other test knows."""

    def __init__(self, folder: Path) -> None:
        self.lean, self.source = folder / "lean", folder / "sparing_test_library.py"
        self.source.write_text(SOURCE)

    def load(self) -> ModuleType:
        sys.modules.pop("sparing_test_library", None)
        importlib.invalidate_caches()
        return importlib.import_module("sparing_test_library")

    def compile(self) -> ModuleType:
        module = self.load()
        assert compile_lean({"sparing_test_library": module}, self.lean) == 1
        return module


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    yield Library(tmp_path)
    sys.modules.pop("sparing_test_library", None)


def documented(module: ModuleType) -> list[bool]:
    return [bool(it.__doc__) for it in (module, module.Thing, module.Other, module.Other.method, module.task)]


def test_a_library_has_no_docstrings_and_does_the_same(library: Library) -> None:
    assert documented(library.compile()) == [True] * 5
    prefer_lean(library.lean)
    lean = library.load()
    assert documented(lean) == [False] * 5
    assert (lean.VALUE, lean.Other().method()) == ("no docstring", 3)
    assert inspect.iscoroutinefunction(lean.task)
    assert lean.__file__ == str(library.source)
    with pytest.raises(AssertionError, match="four"):
        lean.Other().method(4)


def test_without_a_folder_nothing_is_asked(library: Library) -> None:
    before = [*sys.meta_path]
    prefer_lean(library.lean)
    assert sys.meta_path == before


def test_of_another_source_it_is_imported_as_it_is(library: Library) -> None:
    library.compile()
    prefer_lean(library.lean)
    library.source.write_text(SOURCE.replace("3", "33"))
    assert library.load().Other().method() == 33
    library.source.write_text(SOURCE)
    os.utime(library.source, (1, 1))
    assert documented(library.load()) == [True] * 5


@pytest.mark.parametrize("damage", [b"", b"nonsense", None, "half"])
def test_what_is_damaged_or_of_another_python_is_left_alone(library: Library, damage: bytes | str | None) -> None:
    library.compile()
    prefer_lean(library.lean)
    compiled = library.lean / "sparing_test_library.pyc"
    whole = compiled.read_bytes()
    if damage is None:
        compiled.unlink()
    else:
        compiled.write_bytes(whole[: len(whole) // 2] if damage == "half" else damage)  # type: ignore[arg-type]
    assert documented(library.load()) == [True] * 5
    compiled.write_bytes(b"\0\0" + whole[2:])
    assert documented(library.load()) == [True] * 5


def test_our_own_modules_and_those_without_a_source_are_not_found_there(tmp_path: Path) -> None:
    finder = LeanFinder(tmp_path)
    assert [finder.find_spec(name) for name in ("daemon", "hardware.base", "tests")] == [None] * 3
    assert compile_lean({name: importlib.import_module(name) for name in ("daemon", "sys", "math")}, tmp_path) == 0
    assert {"daemon", "hardware"} <= OWN
    spec = finder.find_spec("numpy")
    assert spec
    assert type(spec.loader).__name__ == "_LeanLoader"


def test_what_the_service_imports_is_compiled_and_is_imported_from_there(tmp_path: Path) -> None:
    """In processes of their own: what a tool says of itself is there, what numpy does is not.

    Usually of some of the libraries alone: to compile all that the service imports takes several seconds.
    """
    program = (
        "import sys; from pathlib import Path; from daemon.house import lean_imports as lean;"
        f"lean.FOLDER = folder = Path({str(tmp_path / 'lean')!r});"
        "lean.compile_lean.__defaults__ = lean.prefer_lean.__defaults__ = (folder,);"
    )
    subprocess.run(
        [sys.executable, "-c", program + ("" if THOROUGH else SOME) + "lean.main()"], check=True, timeout=300
    )
    use = (
        f"lean.prefer_lean(); import numpy, {'google.genai.live, ' if THOROUGH else ''}pydantic, gpiozero;"
        "import daemon.abilities.timers.tools as own;"
        "from pydantic import BaseModel; M = type('M', (BaseModel,), {'__annotations__': {'x': int}});"
        "print(numpy.mean.__doc__, gpiozero.LED.__doc__, M(x='3').x, numpy.ones(3).sum(), bool(own.__doc__))"
    )
    done = subprocess.run([sys.executable, "-c", program + use], check=True, timeout=60, capture_output=True, text=True)
    assert done.stdout.split() == ["None", "None", "3", "3.0", "True"]
