"""What a process of pytest-xdist keeps back, and what it never does."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import xdist.remote

from tests.workers import OwnShare, fewer_messages, speak_little

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = """
import pytest
from tests.workers import OwnShares, share_files
pytest_configure = share_files
def pytest_xdist_make_scheduler(config, log): return OwnShares(config, log)
"""


def report(**details: Any) -> dict[str, Any]:
    return {"when": "call", "outcome": "passed", "sections": [], "keywords": {"test_a": 1}, **details}


@pytest.mark.parametrize(
    "news",
    [
        *({}, {"outcome": "failed"}, {"when": "setup", "outcome": "failed"}, {"when": "setup", "outcome": "skipped"}),
        *({"when": "teardown", "outcome": "failed"}, {"when": "teardown", "sections": [("Captured log", "left")]}),
    ],
)
def test_each_outcome_and_all_that_is_not_as_it_should_be_is_told(news: dict[str, Any]) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    fewer_messages(lambda name, **details: sent.append((name, details)))("testreport", data=report(**news))
    assert sent == [("testreport", {"data": report(**news, keywords={})})]


def test_of_a_test_that_passed_its_report_and_its_end_are_told() -> None:
    sent: list[str] = []
    send = fewer_messages(lambda name, **_: sent.append(name))
    send("logstart")
    for when in ("setup", "call", "teardown"):
        send("testreport", data=report(when=when))
    send("logfinish")
    send("runtest_protocol_complete", item_index=1, duration=0.5)
    assert sent == ["testreport", "runtest_protocol_complete"]


class WorkerInteractor:
    """As pytest-xdist names what sends."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def sendevent(self, name: str, **_: Any) -> None:
        self.sent.append(name)


@pytest.mark.parametrize(
    ("worker", "verbose", "durations", "told"),
    [
        (True, 0, None, []),
        (True, -1, None, []),
        (True, 1, None, ["logstart"]),
        (True, 0, 5, ["logstart"]),
        (False, 0, None, ["logstart"]),
    ],
)
def test_all_is_told_where_each_test_is_printed(
    worker: bool, verbose: int, durations: int | None, told: list[str]
) -> None:
    interactor = WorkerInteractor()
    config = SimpleNamespace(
        option=SimpleNamespace(verbose=verbose, durations=durations),
        pluginmanager=SimpleNamespace(get_plugins=lambda: {interactor}),
        **({"workerinput": {}} if worker else {}),
    )
    speak_little(config)  # type: ignore[arg-type]
    interactor.sendevent("logstart")
    assert interactor.sent == told


def test_pytest_xdist_still_sends_by_what_is_wrapped() -> None:
    assert callable(xdist.remote.WorkerInteractor.sendevent)


def ignored(folder: Path, *, number: int, count: int, args: list[str]) -> set[str]:
    config = SimpleNamespace(args=args, workerinput={"workerid": f"gw{number}", "workercount": count})
    share = OwnShare(config)  # type: ignore[arg-type]
    return {file.name for file in folder.rglob("*") if share.pytest_ignore_collect(file)}


def test_each_file_is_collected_by_one_process_and_the_large_ones_in_turn(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for size, name in enumerate(("sub/test_a.py", "test_b.py", "test_c.py", "sub/test_d.py", "helper.py")):
        (tmp_path / name).write_text("#" * size)
    others = [ignored(tmp_path, number=number, count=2, args=[str(tmp_path)]) for number in (0, 1)]
    assert others == [{"test_a.py", "test_c.py"}, {"test_b.py", "test_d.py"}]


def test_a_test_that_is_named_is_run_by_the_first_process_alone(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").touch()
    named = [f"{tmp_path}/sub/../test_a.py::test_it"]
    assert [ignored(tmp_path, number=number, count=3, args=named) for number in (0, 1, 2)] == [
        set(),
        {"test_a.py"},
        {"test_a.py"},
    ]


def test_what_each_has_collected_is_run_and_counted_together_even_if_one_dies(
    pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    (tmp_path / "test_a.py").write_text("def test_it() -> None: pass")
    (tmp_path / "test_b.py").write_text("def test_it(): pass")
    (tmp_path / "test_c.py").write_text("import os\ndef test_it() -> None: os._exit(1)\ndef test_next(): pass")
    (tmp_path / "conftest.py").write_text(f"import sys; sys.path.append({str(pytestconfig.rootpath)!r})\n{HOOKS}")
    options = ["-p", "no:cacheprovider", "-p", "xdist", "--numprocesses", "2", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *options]
    environ = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # which takes most of the time
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 failed, 2 passed" in ran.stdout
    assert "crashed while running 'test_c.py::test_it'" in ran.stdout
