"""Lines from standard input."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daemon.chat.keyboard import typed_lines
from tests.daemon.terminal import PATIENCE_S, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator


async def test_lines_come_as_they_are_typed_until_the_end_of_input() -> None:
    reading, writing = os.pipe()
    try:
        lines = typed_lines(reading)
        async with asyncio.timeout(PATIENCE_S):
            os.write(writing, b"hello\n")
            assert await anext(lines) == "hello\n"
            os.write(writing, "grüezi\n".encode())
            assert await anext(lines) == "grüezi\n"
            os.write(writing, b"\xff\n")
            assert await anext(lines) == "\ufffd\n", "what is no UTF-8 is shown as such"
            os.close(writing)
            with pytest.raises(StopAsyncIteration):
                await anext(lines)
    finally:
        os.close(reading)


SCRIPT = """
import asyncio
from daemon.chat.keyboard import typed_lines
from tests.daemon.terminal import PATIENCE_S, Terminal

async def main():
    print("waiting", flush=True)
    async for line in typed_lines():
        pass

asyncio.run(main())
"""


def test_an_interrupt_does_not_wait_for_enter() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)  # standard input is still open
        errors = process.stderr.read()
    assert b"KeyboardInterrupt" in errors
    assert b"Fatal" not in errors


EDITED = """
from daemon.chat.ending import run_attended
from daemon.chat.keyboard import edited_lines, terminal_restored

async def main(_):
    async for line in edited_lines():
        print("got", line.strip(), flush=True)

with terminal_restored():
    status = run_attended(main)
raise SystemExit(status)
"""
"""With the loop's own handler for signals: Python's is not called while the thread that reads gets them."""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    here = Terminal([sys.executable, "-c", EDITED])
    yield here
    here.close()


def test_a_line_can_be_edited_and_fetched_back(terminal: Terminal) -> None:
    terminal.until("you    ")
    terminal.type(b"hallo\x1b[D\x1b[D\x1b[D\x7fe\r")  # three to the left, and the letter before put right
    terminal.until("got hello")
    terminal.until("you    ")
    terminal.type(b"\x1b[A\r")
    terminal.until("got hello")


def test_the_end_of_input_ends_it_and_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.until("you    ")
    terminal.type(b"\x04")
    assert terminal.process.wait(PATIENCE_S) == 0
    assert termios.tcgetattr(terminal.theirs) == terminal.before


def test_an_interrupt_in_mid_line_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.until("you    ")
    terminal.type(b"half a li")
    terminal.until("half a li")
    terminal.type(b"\x03")
    assert terminal.process.wait(PATIENCE_S) == 130
    assert termios.tcgetattr(terminal.theirs) == terminal.before


async def test_a_terminal_that_has_hung_up_is_at_its_end() -> None:
    """`/proc/self/mem` gives an error at its first byte, as a terminal does whose line is gone."""
    descriptor = os.open("/proc/self/mem", os.O_RDONLY)
    assert [line async for line in typed_lines(descriptor, prompt=False)] == []
    os.close(descriptor)
