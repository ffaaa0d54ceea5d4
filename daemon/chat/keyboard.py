"""Lines that somebody types, without keeping the program from ending while nobody does."""

import asyncio
import importlib
import sys
import termios
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

PROMPT: Final = "you    "


async def typed_lines(descriptor: int = 0, *, prompt: bool = True) -> AsyncIterator[str]:
    """The lines of standard input, each read when it is asked for; a terminal shows a prompt, if that is wanted.

    The thread that waits for a line is a daemon thread with a file object of its own: `asyncio.to_thread` would make
    Ctrl-C wait for Enter, and the interpreter may not end while somebody holds `sys.stdin`.
    """
    keyboard = open(descriptor, encoding="utf-8", errors="replace", closefd=False)  # noqa: ASYNC230, SIM115
    async for line in _read_by(keyboard.readline, prompt=prompt and keyboard.isatty()):
        yield line


async def edited_lines() -> AsyncIterator[str]:
    """The same for a terminal at both standard streams, with a line that can be edited, and those before it by ↑.

    What was typed is kept in memory only.
    """
    with suppress(ImportError):  # a Python without it edits as the terminal does: with Backspace alone
        importlib.import_module("readline")
    async for line in _read_by(_edited, prompt=False):
        yield line


def _edited() -> str:
    try:
        return f"{input(PROMPT)}\n"
    except EOFError:
        print()  # Ctrl-D leaves the prompt standing
        return ""


def _or_end(read: Callable[[], str]) -> str:
    """What cannot be read any more, such as a terminal that has hung up, is at its end."""
    try:
        return read()
    except OSError:
        return ""


async def _read_by(read: Callable[[], str], *, prompt: bool) -> AsyncIterator[str]:
    """What `read` returns, line by line, each asked for when it is wanted; it ends with an empty string."""
    loop = asyncio.get_running_loop()
    wanted = threading.Semaphore(0)
    lines: asyncio.Queue[str] = asyncio.Queue(1)

    def serve() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            while wanted.acquire():
                loop.call_soon_threadsafe(lines.put_nowait, _or_end(read))

    threading.Thread(target=serve, name="keyboard", daemon=True).start()
    while True:
        if prompt:
            print(PROMPT, end="", flush=True, file=sys.stdout if sys.stdout.isatty() else sys.stderr)
        wanted.release()
        line = await lines.get()
        if not line:
            if prompt:
                print(file=sys.stdout if sys.stdout.isatty() else sys.stderr)
            return
        yield line


@contextmanager
def terminal_restored(descriptor: int = 0) -> Iterator[None]:
    """Leave the terminal as it was, also if a line is being edited at the end; nothing where there is none."""
    try:
        before = termios.tcgetattr(descriptor)
    except (termios.error, OSError):
        yield
        return
    try:
        yield
    finally:
        with suppress(termios.error, OSError):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
