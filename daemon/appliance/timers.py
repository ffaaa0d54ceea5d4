"""The timers a conversation starts and stops, on the event loop's clock."""

import asyncio
from collections.abc import Callable

from daemon.conversation.clocks import Timer


class Timers:
    """Starting one that runs starts it anew. The loop's thread only."""

    def __init__(self, on_expired: Callable[[Timer], None]) -> None:
        self._on_expired = on_expired
        self._running: dict[Timer, asyncio.TimerHandle] = {}

    def start(self, timer: Timer, seconds: float) -> None:
        self.stop(timer)
        self._running[timer] = asyncio.get_running_loop().call_later(seconds, self._expire, timer)

    def stop(self, timer: Timer) -> None:
        if handle := self._running.pop(timer, None):
            handle.cancel()

    def stop_all(self) -> None:
        for timer in tuple(self._running):
            self.stop(timer)

    def _expire(self, timer: Timer) -> None:
        del self._running[timer]
        self._on_expired(timer)
