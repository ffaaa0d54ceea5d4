"""What a process of pytest-xdist keeps back, and what it never does."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xdist.remote

from tests.workers import fewer_messages, import_in_turn, in_turn, speak_little


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


def test_each_process_begins_elsewhere_and_comes_to_all() -> None:
    files = [Path(name) for name in "abcde"]
    assert [[file.name for file in in_turn(files, number, 2)] for number in (0, 1)] == [[*"abcde"], [*"cdeab"]]


def test_what_is_to_be_collected_is_imported_and_a_failure_left_to_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in (
        ("a_whole", ""),
        ("b_broken", "1 / 0"),
        ("c_skipped", "import pytest; pytest.skip('', allow_module_level=True)"),
    ):
        (tmp_path / f"test_{name}.py").write_text(text)
    config = SimpleNamespace(args=[str(tmp_path)], rootpath=tmp_path, workerinput={"workerid": "gw1", "workercount": 2})
    import_in_turn(config)  # type: ignore[arg-type]
    assert "test_a_whole" in sys.modules
    del sys.modules["test_a_whole"]
    config.workerinput["workerid"] = "gw0"
    import_in_turn(config)  # type: ignore[arg-type]
    assert "test_a_whole" not in sys.modules, "the first begins at once"
