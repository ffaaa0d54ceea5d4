"""What blocks, in a thread of its own that nothing waits for in the end: a read that hangs must not keep a stop."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def in_a_thread(work: Callable[[], Result], name: str) -> asyncio.Future[Result]:
    """The result of `work`, or what it raised. Needs a running loop."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: Exception | None) -> None:
        if future.done():
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # it belongs to whoever asked
            failure = error
        try:
            loop.call_soon_threadsafe(settle, result, failure)
        except RuntimeError:  # the loop has closed meanwhile
            return

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
