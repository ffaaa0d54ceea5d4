"""What costs or takes time is measured by `./install.sh bench` alone: no test that runs by default depends on speed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.__main__ import FOLDER, command
from tests.benchmarks.figures import Figure, Figures

ROOT: Final = Path(__file__).parents[1]

CLOCKS: Final = {
    *("perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "thread_time", "thread_time_ns"),
    *("monotonic", "monotonic_ns", "clock_gettime", "clock_gettime_ns", "getrusage", "timeit", "times"),
}
"""What a test could measure itself by."""

MAY_READ_A_CLOCK: Final = {
    "tests/daemon/chat/test_line.py": "hands one to the code",
    "tests/daemon/live/peer.py": "dates arrivals for a benchmark",
    "tests/system/day/day.py": "prints how long a day took",
    "tests/system/test_token_broker.py": "hands one to the code",
}


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(run, cwd=folder, env=alone, capture_output=True, text=True, timeout=300, check=False)


# What runs when


def test_no_benchmark_is_collected_unless_its_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / FOLDER.name).mkdir()
    (tmp_path / FOLDER.name / "test_some.py").write_text("def test_one(): ...\n")
    assert "no tests collected" in pytest_in(tmp_path, "--collect-only", "--quiet").stdout
    assert "test_some.py::test_one" in pytest_in(tmp_path, "--collect-only", "--quiet", FOLDER.name).stdout


def test_bench_names_the_folder() -> None:
    run, variables = command(["--list", "--long"])
    assert run[:4] == [sys.executable, "-m", "pytest", str(ROOT / "tests/benchmarks")]
    assert "--collect-only" in run
    assert variables == {"PIPIT_LONG_BENCHMARKS": "1"}


def test_bench_measures_others_when_asked() -> None:
    run, variables = command(["--peers", "--turns", "3"])
    assert run == [sys.executable, "-m", "tests.benchmarks.peers", "--turns", "3"]
    assert variables == {}


def test_what_bench_does_not_know_goes_to_pytest() -> None:
    run, variables = command(["-k", "wake", "-s"])
    assert run[-3:] == ["-k", "wake", "-s"]
    assert variables == {}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("test_*.py")), ids=lambda path: path.stem)
def test_every_benchmark_takes_its_figures_down(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test_"):
            assert "figures" in [argument.arg for argument in function.args.args], function.name
            assert not any(isinstance(node, ast.Assert) for node in ast.walk(function)), function.name


def read_clocks(path: Path) -> list[str]:
    """The clocks that a file names, imported or as an attribute, with their lines."""
    found: list[str] = []
    source = path.read_text()
    if not any(clock in source for clock in (*CLOCKS, "resource")):
        return found
    for node in ast.walk(ast.parse(source)):
        names = [node.attr] if isinstance(node, ast.Attribute) and not _is_own(node) else []
        if isinstance(node, ast.ImportFrom) and node.module in {"time", "os", "resource", "timeit"}:
            names = [name.name for name in node.names]
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        found += [f"{name} in line {node.lineno}" for name in names if name in {*CLOCKS, "resource"}]
    return found


def _is_own(node: ast.Attribute) -> bool:
    """Whether it is an attribute of an object of ours that is called as a clock is."""
    return isinstance(node.value, ast.Name) and node.value.id in {"self", "relapse"}


def test_no_other_test_reads_a_clock_by_which_it_could_measure_speed() -> None:
    elsewhere = ("tests/benchmarks/", "tests/vm/", "tests/clients/drivers/")  # run by commands of their own
    reading = {
        name: clocks
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if not (name := str(path.relative_to(ROOT))).startswith(elsewhere) and (clocks := read_clocks(path))
    }
    assert {name: clocks for name, clocks in reading.items() if name not in MAY_READ_A_CLOCK} == {}
    assert set(MAY_READ_A_CLOCK) == set(reading), "what does not read one needs no leave"


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.perf_counter()",
        "from time import process_time",
        "import resource",
        "from timeit import timeit",
    ],
)
def test_a_clock_is_found_however_it_is_named(source: str, tmp_path: Path) -> None:
    (tmp_path / "test.py").write_text(source)
    assert read_clocks(tmp_path / "test.py")


# What it says


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Figure("start", 1.5, 2.0, "s"), "pass         start: 1.5 s, at most 2"),
        (Figure("start", 2.0, 2.0, "s"), "pass         start: 2 s, at most 2"),
        (Figure("start", 2.5, 2.0, "s"), "falls short  start: 2.5 s, at most 2"),
        (Figure("understood", 89.0, 90.0, "%", least=True), "falls short  understood: 89 %, at least 90"),
        (Figure("understood", 90.0, 90.0, "%", least=True), "pass         understood: 90 %, at least 90"),
        (Figure("broken", float("nan"), 1.0, "s"), "falls short  broken: nan s, at most 1"),
    ],
)
def test_a_figure_says_whether_it_passes(figure: Figure, told: str) -> None:
    assert str(figure) == told


def test_all_figures_are_taken_before_one_that_falls_short_fails_the_test() -> None:
    figures = Figures()
    figures.at_most(1, "s", "slow", 2)
    figures.at_least(1, "%", "good", 2)
    with pytest.raises(AssertionError, match=r"falls short  slow: 2 s, at most 1$"):
        figures.judge()
    with pytest.raises(AssertionError, match="no figure"):
        Figures().judge()


SOME = """
import pytest

async def test_quick(figures):
    figures.at_most(2, "s", "quick", 1)

def test_slow(figures):
    figures.at_most(1, "s", "slow", 2)
    figures.at_most(9, "MB", "small", 3)

def test_broken(figures):
    figures.at_most(2, "s", "half", 1)
    raise ValueError
"""


def test_every_figure_is_told_at_the_end_and_one_that_falls_short_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    (tmp_path / "conftest.py").write_text((FOLDER / "conftest.py").read_text())
    (tmp_path / "test_some.py").write_text(SOME)
    run = pytest_in(tmp_path, "-p", "pytest_asyncio.plugin", "-o", f"pythonpath={ROOT}")
    assert run.returncode == 1, run.stdout + run.stderr
    _, _, told = run.stdout.partition("= figures =")
    assert told.splitlines()[1:6] == [
        "pass         quick: 1 s, at most 2",
        "falls short  slow: 2 s, at most 1",
        "pass         small: 3 MB, at most 9",
        "pass         half: 1 s, at most 2",
        "no figure    test_some.py::test_broken",
    ]
    assert "2 failed, 1 passed" in run.stdout.splitlines()[-1]
