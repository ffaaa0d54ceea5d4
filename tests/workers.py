"""What the processes of pytest-xdist spare: messages without news, and work that another has done.

For each test it sends six messages, each of which wakes the other process: that the test begins, three reports, that it
has ended, and that the next may come. Where no line is printed of a beginning, an end, or a fixture that did its work,
two of them are left, and without the words that a test can be chosen by.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Send = Callable[..., None]


def has_news(report: dict[str, Any]) -> bool:
    """False for what came before or after a test, was as it should be, and printed nothing."""
    return report["when"] == "call" or report["outcome"] != "passed" or bool(report["sections"])


def fewer_messages(send: Send) -> Send:
    """`send` without those that have no news."""

    def send_news(name: str, **details: Any) -> None:
        if name == "testreport":
            if not has_news(details["data"]):
                return
            details["data"]["keywords"] = {}
        if name not in ("logstart", "logfinish"):
            send(name, **details)

    return send_news


def speak_little(config: pytest.Config) -> None:
    """In a process of pytest-xdist: unless each test is to be printed, or how long its fixtures take."""
    if not hasattr(config, "workerinput") or config.option.verbose > 0 or config.option.durations is not None:
        return
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            plugin.sendevent = fewer_messages(plugin.sendevent)


def in_turn(files: Sequence[Path], number: int, count: int) -> list[Path]:
    """From where process `number` of `count` begins, and round to there."""
    begin = len(files) * number // count
    return [*files[begin:], *files[:begin]]


def import_in_turn(config: pytest.Config) -> None:
    """Each process but the first, which just begins, imports the tests from another place on.

    All collect them all, in one order. Where nothing is compiled yet, each would compile everything at the same time as
    the others; so it finds what they have compiled. What fails will fail, and be told, when it is collected.
    """
    told: dict[str, Any] = getattr(config, "workerinput", {})
    number = int(told.get("workerid", "gw0").removeprefix("gw"))
    if number == 0:
        return
    files = sorted({file for place in config.args for file in Path(place).absolute().rglob("test_*.py")})
    for file in in_turn(files, number, told["workercount"]):
        if file.is_relative_to(config.rootpath) and "benchmarks" not in file.parts:
            with suppress(Exception, pytest.skip.Exception):
                import_module(".".join(file.relative_to(config.rootpath).with_suffix("").parts))
