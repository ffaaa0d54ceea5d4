"""What a process of pytest-xdist keeps back, and what it never does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import xdist.remote

from tests.workers import fewer_messages, speak_little


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
