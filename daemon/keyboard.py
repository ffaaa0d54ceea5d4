"""Lines that somebody types, without keeping the program from ending while nobody does."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

PROMPT: Final = "you    "


async def typed_lines(descriptor: int = 0) -> AsyncIterator[str]:
    """The lines of standard input, each read when it is asked for; a terminal shows a prompt.

    The thread that waits for a line is a daemon thread with a file object of its own: `asyncio.to_thread` would make
    Ctrl-C wait for Enter, and the interpreter may not end while somebody holds `sys.stdin`.
    """
    loop = asyncio.get_running_loop()
    wanted = threading.Semaphore(0)
    lines: asyncio.Queue[str] = asyncio.Queue(1)

    def read() -> None:
        keyboard = open(descriptor, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            while wanted.acquire():
                loop.call_soon_threadsafe(lines.put_nowait, keyboard.readline())

    threading.Thread(target=read, name="keyboard", daemon=True).start()
    while True:
        if sys.stdin is not None and sys.stdin.isatty():
            print(PROMPT, end="", flush=True)
        wanted.release()
        line = await lines.get()
        if not line:
            return
        yield line
