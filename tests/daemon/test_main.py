"""The first and last moments of `pipit`, in processes of their own: signals may come in them, too."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repetition import THOROUGH

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

AFTERWARDS = """
import atexit, os, signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
    atexit.register(os.kill, os.getpid(), number)
"""


def pipit(
    *arguments: str, module: str, signals: list[str], compiled: bool = False, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """`pipit ARGUMENTS`, which gets these signals when it imports `module`."""
    numbers = [int(getattr(signal, name)) for name in signals]
    code = before + SIGNALLED.format(module=module, numbers=numbers, compiled=compiled, arguments=arguments)
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


MOMENTS = [("daemon.command_line.pipit", False), ("pydantic", True), ("hardware.boards.pages", False)]
MOMENTS += [(module, not compiled) for module, compiled in MOMENTS] if THOROUGH else []


@pytest.mark.parametrize(("module", "compiled"), MOMENTS)
def test_ctrl_c_while_modules_are_imported_ends_without_a_word(module: str, compiled: bool) -> None:
    done = pipit("boards", module=module, signals=["SIGINT"], compiled=compiled)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_signal_that_means_nothing_or_comes_after_the_end_does_not_change_its_status() -> None:
    done = pipit("boards", module="pydantic", signals=["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGRTMIN"], before=AFTERWARDS)
    assert (done.returncode, done.stderr) == (0, "")
