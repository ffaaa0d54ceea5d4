"""What the hands-on checks need of the person in front of the machine: to tell, to show a meter, to ask."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import termios
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from typing import TextIO

ANSWER_S: Final = 120.0
"""Nobody answers for ever: after this the default counts, which is the harmless answer."""

_ATTEMPTS: Final = 3
_PIECE_BYTES: Final = 4096


class Terminal(Protocol):
    """A person who reads lines and answers questions. The loop goes on while a question waits."""

    def say(self, line: str) -> None:
        """Show a line that stays; a meter before it is wiped."""
        ...

    def live(self, line: str) -> None:
        """Show a line in the place of the last one of `live`: a meter."""
        ...

    async def ask_yes_no(self, question: str, *, default: bool) -> bool:
        """The answer; `default` for Enter, and if nobody can answer or does within a deadline."""
        ...


class LineTerminal:
    """A terminal in its ordinary mode. Implements `Terminal`.

    Not `daemon.chat.keyboard`, whose thread belongs to one event loop: a question that was left unanswered there would
    swallow the answer to the next one. Here the descriptor is watched by the loop only while a question waits.
    """

    def __init__(
        self,
        descriptor: int = 0,
        output: TextIO | None = None,
        *,
        answer_s: float = ANSWER_S,
        meter: bool | None = None,
    ) -> None:
        """`meter` None means: if `output` is a terminal; otherwise `live` shows nothing."""
        self._descriptor = descriptor
        self._output = output or sys.stdout
        self._answer_s = answer_s
        self._meter = self._output.isatty() if meter is None else meter
        self._typed = bytearray()  # bounded by a terminal's line
        self._ended = False
        self._shown = 0  # columns of the meter

    def say(self, line: str) -> None:
        self._wipe()
        print(line, file=self._output, flush=True)

    def live(self, line: str) -> None:
        if not self._meter:
            return
        line = line[: shutil.get_terminal_size().columns - 1]
        print(f"\r{line:<{self._shown}}", end="", file=self._output, flush=True)
        self._shown = len(line)

    async def ask_yes_no(self, question: str, *, default: bool) -> bool:
        """As `Terminal.ask_yes_no`. What was typed on a terminal before it was asked is no answer."""
        self._wipe()
        if os.isatty(self._descriptor):
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
            self._typed.clear()
        try:
            async with asyncio.timeout(self._answer_s):
                answer = await self._answer(f"{question} [{'Y/n' if default else 'y/N'}] ")
        except TimeoutError:
            answer = None
        if answer is None:
            self.say("")
        return default if answer is None else answer

    async def _answer(self, prompt: str) -> bool | None:
        """None for Enter, for the end of the input, and for somebody who types something else again and again."""
        for _ in range(_ATTEMPTS):
            print(prompt, end="", file=self._output, flush=True)
            line = await self._line()
            match line and line.strip().lower():
                case "y" | "yes":
                    return True
                case "n" | "no":
                    return False
                case None | "":
                    return None
            self.say("Please answer y or n.")
        return None

    async def _line(self) -> str | None:
        """The next line; None when there is no more, or nothing that can be waited for, such as a file."""
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, arrived.set)
        except PermissionError:
            return None
        try:
            while b"\n" not in self._typed and not self._ended:
                await arrived.wait()
                arrived.clear()
                self._read()
        finally:
            loop.remove_reader(self._descriptor)
        line, newline, rest = bytes(self._typed).partition(b"\n")
        self._typed[:] = rest
        return line.decode(errors="replace") if newline else None

    def _read(self) -> None:
        data = os.read(self._descriptor, _PIECE_BYTES)
        self._typed += data
        self._ended = not data

    def _wipe(self) -> None:
        if self._shown:
            print(f"\r{'':<{self._shown}}\r", end="", file=self._output, flush=True)
            self._shown = 0
