"""What the processes of pytest-xdist spare: messages without news, and what another collects.

For each test it sends six messages, each of which wakes the other process: that the test begins, three reports, that it
has ended, and that the next may come. Where no line is printed of a beginning, an end, or a fixture that did its work,
two of them are left, and without the words that a test can be chosen by.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xdist.scheduler import EachScheduling

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

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


def files_to_collect(config: pytest.Config) -> list[Path]:
    """All that the arguments name, the largest first."""
    names = [place.partition("::")[0] for place in config.args]
    places = [Path(os.path.abspath(name)) for name in names]  # noqa: PTH100 - as pytest does: no link is followed
    found = {file for place in places for file in (place.rglob("test_*.py") if place.is_dir() else [place])}
    return sorted(found, key=lambda file: (-file.stat().st_size if file.exists() else 0, file))


class OwnShare:
    """A process of pytest-xdist collects the files that it will run, and no others.

    To collect a test costs as much as to run most of them. Large files are taken in turn, and then small ones.
    """

    def __init__(self, config: pytest.Config) -> None:
        told: dict[str, Any] = config.workerinput  # type: ignore[attr-defined]
        number, count = int(told["workerid"].removeprefix("gw")), told["workercount"]
        files = files_to_collect(config)
        self._others = frozenset(files) - frozenset(files[number::count])

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        return True if collection_path in self._others else None


class OwnShares(EachScheduling):
    """Each process runs all that it has collected.

    One that dies is not replaced: the test that it ran has failed, and those that it had yet to run are not run.
    """

    def schedule(self) -> None:
        self.config.pluginmanager.getplugin("session").testscollected = sum(map(len, self.node2collection.values()))
        super().schedule()


def share_files(config: pytest.Config) -> None:
    """In a process of pytest-xdist; in the one that waits for them, have none replaced."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(OwnShare(config))
    elif hasattr(config.option, "maxworkerrestart"):
        config.option.maxworkerrestart = "0"
