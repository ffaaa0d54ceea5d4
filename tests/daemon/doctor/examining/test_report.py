from __future__ import annotations

import io
import json
import os
import pty
from typing import TYPE_CHECKING

import pytest

from daemon.doctor.examining.report import Look, Result, as_json, as_text, exit_status, look_of
from daemon.machine.finding import bad, good, skipped, warning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

RESULTS = [
    Result("clock", good("the clock is synchronised", synchronised=True)),
    Result("key", bad("there is no API key", "store one with `sudo ./install.sh key`")),
    Result("sound-cards", warning("it is low", "turn it up"), mended="turned it up"),
    Result("model", skipped("the key was not sent")),
]

TEXT = """\
ok       clock        the clock is synchronised
fault    key          there is no API key
                      fix: store one with `sudo ./install.sh key`
warning  sound-cards  it is low
                      done: turned it up
                      fix: turn it up
skipped  model        the key was not sent
1 fault, 1 warning, 1 could not be told"""


def test_a_line_for_each_finding_and_its_fix_below() -> None:
    assert as_text(RESULTS) == TEXT


def test_where_all_is_well_that_is_said() -> None:
    assert as_text(RESULTS[:1]).splitlines()[-1] == "no faults, no warnings"


def test_colours_change_nothing_but_the_colour() -> None:
    coloured = as_text(RESULTS, Look(colours=True))
    assert "\033[1;31mfault  \033[0m  key" in coloured
    assert "\033[32mok     \033[0m  clock" in coloured
    assert strip(coloured) == TEXT


def strip(text: str) -> str:
    for code in ("\033[32m", "\033[33m", "\033[1;31m", "\033[2m", "\033[0m"):
        text = text.replace(code, "")
    return text


def test_on_a_terminal_lines_are_wrapped_below_each_other() -> None:
    long = Result("wake-models", bad("word " * 30 + "/a/path/that-is-longer/than-the-line" * 2, "mend it"))
    lines = as_text([long], Look(columns=80)).splitlines()
    assert all(line.startswith(" " * 22) for line in lines[1:-1])
    assert all(len(line) <= 80 or " " not in line.strip() for line in lines)
    assert "/a/path/that-is-longer/than-the-line/a/path" in "".join(lines), "a path is never broken"


def test_the_json_holds_everything() -> None:
    report = json.loads(as_json(RESULTS))
    assert (report["faults"], report["warnings"], report["skipped"]) == (1, 1, 1)
    assert report["findings"][0] == {
        "name": "clock",
        "verdict": "ok",
        "sentence": "the clock is synchronised",
        "fix": "",
        "facts": {"synchronised": True},
    }
    assert report["findings"][2]["mended"] == "turned it up"


@pytest.mark.parametrize(("results", "status"), [(RESULTS, 1), (RESULTS[2:], 0), ([], 0)])
def test_only_a_fault_makes_the_status(results: list[Result], status: int) -> None:
    assert exit_status(results) == status


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0), os.fdopen(theirs, "w") as stream:
        os.set_blocking(ours, False)
        yield stream


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm"}, True),
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": ""}, True),
    ],
)
def test_colours_are_for_terminals_that_want_them(terminal: TextIO, environ: dict[str, str], *, colours: bool) -> None:
    assert look_of(terminal, environ).colours is colours


def test_a_file_gets_neither_colours_nor_wrapped_lines() -> None:
    assert look_of(io.StringIO(), {"TERM": "xterm"}) == Look(colours=False, columns=0)
