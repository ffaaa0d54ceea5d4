"""Takes down every figure, and prints them all at the end: `pass`, `falls short`, or `no figure` where a test broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.benchmarks.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Generator

TAKEN: Final = pytest.StashKey[dict[str, Figures]]()
"""The figures of each test, by its node id."""


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TAKEN] = {}


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Where a test takes down what it measured. One that falls short fails it when it is done."""
    mine = Figures()
    request.config.stash[TAKEN][request.node.nodeid] = mine
    return mine


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    outcome = yield
    figures = pyfuncitem.funcargs.get("figures")
    if isinstance(figures, Figures):
        figures.judge()
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stats, taken = terminalreporter.stats, terminalreporter.config.stash[TAKEN]
    if not taken:
        return
    terminalreporter.section("figures")
    for figures in taken.values():
        for figure in figures.taken:
            terminalreporter.write_line(str(figure))
    for report in (*stats.get("failed", ()), *stats.get("error", ())):
        if report.nodeid not in taken or not taken[report.nodeid].short:
            terminalreporter.write_line(f"{'no figure':12} {report.nodeid}")
