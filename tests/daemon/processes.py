"""The commands as a user runs them: in a process of their own."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_ONE_AT_A_TIME = Lock()


def run_module(
    module: str,
    *arguments: str,
    environ: dict[str, str] | None = None,
    typed: str = "",
    terminal: str = "",
    before: str = "",
    on_start: Callable[[int], object] = lambda _: None,
) -> subprocess.CompletedProcess[str]:
    """`python -m MODULE ARGUMENTS`, without any key but the given ones; what is `typed`, at most
    64 KiB, comes through a pipe. At the `terminal` of this name it reads and writes there. Statements of Python may be
    run in it `before`. `on_start` is told the process, which nobody waits for until this is over."""
    clean = {name: value for name, value in os.environ.items() if name != "GEMINI_API_KEY"}
    with TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        order = {"module": module, "arguments": arguments, "environ": {**clean, **(environ or {})}}
        process = _zygote()
        assert process.stdin
        assert process.stdout
        order |= {"typed": typed, "terminal": terminal, "before": before, "output": str(output), "errors": str(errors)}
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        on_start(int(process.stdout.readline()))
        status = int(process.stdout.readline())
        said, told = ("", "") if terminal else (output.read_text(), errors.read_text())
        return subprocess.CompletedProcess([module, *arguments], status, said, told)


def run_code(program: str, *arguments: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`python -c PROGRAM ARGUMENTS`, where most of what it imports may be there already."""
    return run_module("", *arguments, environ=environ, before=program)


class Started:
    """`run_module` in a thread, as a process that can be waited for."""

    def __init__(self, module: str, *arguments: str, environ: dict[str, str], terminal: str) -> None:
        self._threads = ThreadPoolExecutor(1)
        self._number: Future[int] = Future()
        options: dict[str, Any] = {"environ": environ, "terminal": terminal, "on_start": self._number.set_result}
        self._end = self._threads.submit(run_module, module, *arguments, **options)

    def wait(self, timeout: float) -> int:
        """Its exit status."""
        return self._end.result(timeout).returncode

    def kill(self) -> None:
        if not self._end.done():
            os.kill(self._number.result(), signal.SIGKILL)
        self._threads.shutdown()


@cache
def _zygote() -> subprocess.Popen[str]:
    """One for all tests; it ends with them, and is waited for."""
    command = [sys.executable, "-m", "tests.daemon.zygote"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process
