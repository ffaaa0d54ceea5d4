"""A driver's own thread, and how it speaks with the event loop."""

import asyncio
import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

STOP_DEADLINE_S: Final = 2.0
"""How long the end of the block waits for the thread. A `read()` on a card whose clock has stopped returns only after
the kernel's own ten seconds; the thread is a daemon thread, so that it does not hold the process up."""

_log = logging.getLogger(__name__)


class DriverThread:
    """Runs `body` from the beginning to the end of an `async with` block.

    If `body` raises, the block ends: the task that entered it is cancelled and the block raises an exception group
    with what `body` raised, as `asyncio.TaskGroup` does. `body` looks at `stopping` often and returns when it is set.
    """

    def __init__(self, name: str, body: Callable[[], None]) -> None:
        self._name = name
        self._body = body
        self._stopping = threading.Event()
        self._nudged = threading.Event()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._watching = self._tasks.create_task(self._watch(), name=f"{self._name} thread's failure")
        threading.Thread(target=self._run, name=self._name, daemon=True).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self.nudge()
        await asyncio.wait([self._ended], timeout=STOP_DEADLINE_S)
        if not self._ended.done():
            _log.warning("the %s thread did not end within %g s", self._name, STOP_DEADLINE_S)
            self._watching.cancel()
        await self._tasks.__aexit__(None, None, None)

    def nudge(self) -> None:
        """End the thread's `pause`, from any thread."""
        self._nudged.set()

    # The driver's thread

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, until the next nudge at most."""
        self._nudged.wait(seconds)
        self._nudged.clear()

    def post(self, callback: Callable[[], object]) -> None:
        """Call back in the loop's thread, soon; not at all once the block has ended."""
        if not self.stopping:
            self._loop.call_soon_threadsafe(callback)

    def _run(self) -> None:
        failure: BaseException | None = None
        try:
            self._body()
        except BaseException as error:  # noqa: BLE001  the top of the thread: nobody else would hear of it
            failure = error
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._finish, failure)

    # The loop's thread

    def _finish(self, failure: BaseException | None) -> None:
        if failure is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(failure)

    async def _watch(self) -> None:
        await asyncio.shield(self._ended)
