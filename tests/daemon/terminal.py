"""A terminal of its own for a command, and somebody who types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios

from tests.daemon.processes import ROOT, Started

PATIENCE_S = 60

TAKE_IT = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execv(sys.argv[1], sys.argv[1:])"
"""The leader of a session gets a terminal as its controlling one by opening it; Ctrl-C is a signal only then."""


class Terminal:
    """A program at a terminal of its own, and somebody who types."""

    def __init__(self, command: list[str]) -> None:
        self._ours, self.theirs = pty.openpty()
        self._shown = b""
        self.before = termios.tcgetattr(self.theirs)
        self.process = self._start(command)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes] | Started:
        return subprocess.Popen(
            [sys.executable, "-c", TAKE_IT, *command],
            cwd=ROOT,
            stdin=self.theirs,
            stdout=self.theirs,
            stderr=self.theirs,
            start_new_session=True,
        )

    def until(self, text: str) -> None:
        """Read until `text` was shown, after what was waited for last."""
        while (at := self._shown.find(text.encode())) < 0:
            assert select.select([self._ours], [], [], PATIENCE_S)[0], self._shown
            self._shown += os.read(self._ours, 4_096)
        self._shown = self._shown[at + len(text) :]

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE_S)
        os.close(self._ours)
        os.close(self.theirs)


class PipitTerminal(Terminal):
    """`pipit` at a terminal, as `run_module` runs it."""

    def __init__(self, words: list[str], environ: dict[str, str]) -> None:
        self._environ = environ
        super().__init__(words)

    def _start(self, command: list[str]) -> Started:
        return Started("daemon", *command, environ=self._environ, terminal=os.ttyname(self.theirs))
