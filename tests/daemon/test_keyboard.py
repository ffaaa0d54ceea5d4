"""Lines from standard input."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.keyboard import typed_lines

PATIENCE_S = 10


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
from daemon.keyboard import typed_lines

async def main():
    print("waiting", flush=True)
    async for line in typed_lines():
        pass

asyncio.run(main())
"""


def test_an_interrupt_does_not_wait_for_enter() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[2],
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
