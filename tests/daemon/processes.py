"""The commands as a user runs them: in a process of their own."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_ONE_AT_A_TIME = Lock()


def run_module(
    module: str,
    *arguments: str,
    environ: dict[str, str] | None = None,
    typed: str = "",
    on_start: Callable[[int], object] = lambda _: None,
) -> subprocess.CompletedProcess[str]:
    """`python -m MODULE ARGUMENTS`, without any key but the given ones; what is `typed`, at most
    64 KiB, comes through a pipe. `on_start` is told the process, which nobody waits for until this is over."""
    clean = {name: value for name, value in os.environ.items() if name != "GEMINI_API_KEY"}
    with TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        order = {"module": module, "arguments": arguments, "environ": {**clean, **(environ or {})}}
        process = _zygote()
        assert process.stdin
        assert process.stdout
        order |= {"typed": typed, "output": str(output), "errors": str(errors)}
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        on_start(int(process.stdout.readline()))
        status = int(process.stdout.readline())
        return subprocess.CompletedProcess([module, *arguments], status, output.read_text(), errors.read_text())


@cache
def _zygote() -> subprocess.Popen[str]:
    """One for all tests; it ends with them, and is waited for."""
    command = [sys.executable, "-m", "tests.daemon.zygote"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process
