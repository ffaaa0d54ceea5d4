"""How an attended command ends: Ctrl-C stops what is being said, and then the command; all is closed in order.

The handlers are the loop's, which wake it: the kernel may give the signal to the thread that waits for a line, and then
Python's own handler is not called before the loop has something else to do.
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Final

from daemon.signals import heed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

BY_SIGNAL: Final = 128
"""What a shell adds to the number of the signal that ended a command."""


class Attention:
    """Whom Ctrl-C interrupts; `interrupt` returns whether there was something to be interrupted."""

    def __init__(self) -> None:
        self.interrupt: Callable[[], bool] = lambda: False


def run_attended(work: Callable[[Attention], Coroutine[object, object, None]]) -> int:
    """Run to its end; the exit status: 0, or that of the signal that ended it."""
    ended_by: list[int] = []

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio.run runs a task
        attention = Attention()

        def stop(number: int) -> None:
            if number == signal.SIGINT and not ended_by and attention.interrupt():
                return
            ended_by.append(number)
            if len(ended_by) == 1:  # another one must not disturb the closing
                task.cancel()

        heed(stop)
        await work(attention)

    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        return BY_SIGNAL + ended_by[0] if ended_by else os.EX_OK
    return os.EX_OK
