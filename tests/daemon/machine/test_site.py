from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from daemon.machine.site import NOT_FOUND, TIMED_OUT, Completed

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def test_files_are_those_below_the_root(machine: Machine) -> None:
    machine.file("/proc/version", " Linux version 6.12 \n")
    site = machine.site()
    assert site.text("/proc/version") == "Linux version 6.12"
    assert site.text("/proc/nothing") is None
    assert site.text("/proc") is None, "a folder has no text"
    assert site.path("/etc/pipit") == machine.root / "etc/pipit"


def test_a_program_says_what_it_says(machine: Machine) -> None:
    machine.program("fortune", "a line\nanother\n", status=3, errors="and an error")
    done = machine.site().run(["fortune", "--short"])
    assert done == Completed(3, "a line\nanother", "and an error")
    assert (done.ok, done.found, done.signal) == (False, True, "")
    assert machine.calls("fortune") == ["--short"]


@pytest.mark.parametrize(
    ("errors", "last"),
    [
        ("", ""),
        ("one\nOSError: no card\n", "OSError: no card"),
        ("one\n\n---\n", "one"),
        ("  + Exception Group Traceback\n    | OSError: no card\n    +-------\n", "OSError: no card"),
    ],
)
def test_the_last_error_says_something(errors: str, last: str) -> None:
    assert Completed(1, "", errors).last_error == last


def test_a_program_that_is_not_there(machine: Machine) -> None:
    done = machine.site().run(["fortune"])
    assert (done.status, done.found, done.output) == (NOT_FOUND, False, "")


def test_a_file_that_is_no_program(machine: Machine) -> None:
    machine.program("fortune").write_bytes(b"\x7fELF, but not really")
    assert not machine.site().run(["fortune"]).found


def test_a_program_that_a_signal_ends(machine: Machine) -> None:
    machine.program("fortune", more="kill -ILL $$")
    assert machine.site().run(["fortune"]).signal == "SIGILL"


def test_a_program_is_ended_at_its_deadline(machine: Machine) -> None:
    """It waits for input that will never come, on a pipe of its own."""
    waits = machine.folder / "pipe"
    os.mkfifo(waits)
    machine.program("fortune", more=f"read line <{waits}")
    assert machine.site().run(["fortune"], timeout_s=0.1).status == TIMED_OUT


def test_a_program_never_gets_the_key_and_speaks_english(machine: Machine) -> None:
    machine.environ |= {"GEMINI_API_KEY": "AIza-secret", "LANG": "de_DE.UTF-8", "HOME": "/root"}
    machine.program("fortune", more='echo "key=$GEMINI_API_KEY locale=$LC_ALL home=$HOME"')
    assert machine.site().run(["fortune"]).output == "key= locale=C home=/root"


def test_a_program_that_speaks_no_utf8(machine: Machine) -> None:
    machine.program("fortune", more=r"printf '\377\376'")
    assert machine.site().run(["fortune"]).output == "\N{REPLACEMENT CHARACTER}" * 2
