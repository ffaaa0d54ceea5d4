"""`python3 -m hardware.boards`, which runs before anything is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from hardware.boards import __main__ as command

ROOT = Path(__file__).parents[3]


def test_the_command_needs_nothing_but_the_standard_library() -> None:
    run = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import hardware.boards.__main__",
    ]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_argument_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert [command.main([]), command.main(["--nonsense"]), command.main(["--text", "x"])] == [2, 2, 2]
    assert capsys.readouterr().err.startswith("usage: python3 -m hardware.boards --facts|--table|--text")
    assert command.main(["--facts"]) == 0
    assert capsys.readouterr().out.startswith("usb\ttitle\t")
