"""What a process of pytest-xdist tells the one that prints.

For each test it sends six messages, each of which wakes the other process: that the test begins, three reports, that it
has ended, and that the next may come. Where no line is printed of a beginning, an end, or a fixture that did its work,
two of them are left, and without the words that a test can be chosen by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
