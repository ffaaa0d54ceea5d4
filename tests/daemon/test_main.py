"""The first and last moments of `pipit`, in processes of their own: signals may come in them, too."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SIGNALLED = """
import os, sys

class Moment:
    # A signal in the midst of the import of a module, whose compiled part may make an error of its own of it.
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            try:
                for number in {numbers!r}:
                    os.kill(os.getpid(), number)
            except KeyboardInterrupt as error:
                if {compiled!r}:
                    raise ImportError("initialization failed") from error
                raise

sys.meta_path.insert(0, Moment())
sys.argv = ["pipit", *{arguments!r}]

from daemon.__main__ import main
main()
"""


def pipit(*arguments: str, module: str, signals: list[str], compiled: bool = False) -> subprocess.CompletedProcess[str]:
    """`pipit ARGUMENTS`, which gets these signals when it imports `module`."""
    numbers = [int(getattr(signal, name)) for name in signals]
    code = SIGNALLED.format(module=module, numbers=numbers, compiled=compiled, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("module", ["daemon.command_line.pipit", "pydantic", "hardware.boards.pages"])
def test_ctrl_c_while_modules_are_imported_ends_without_a_word(module: str, compiled: bool) -> None:
    done = pipit("boards", module=module, signals=["SIGINT"], compiled=compiled)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_what_means_nothing_does_not_end_it_before_it_has_begun() -> None:
    done = pipit("boards", module="pydantic", signals=["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGRTMIN"])
    assert (done.returncode, done.stderr) == (0, "")


ENDED = """
import atexit, os, signal, sys
from daemon.__main__ import main
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
    atexit.register(os.kill, os.getpid(), number)
sys.argv = ["pipit", "boards"]
main()
"""


def test_a_signal_after_the_end_changes_its_status_no_more() -> None:
    done = subprocess.run([sys.executable, "-c", ENDED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
