"""The timers a conversation starts and stops, on the event loop's clock."""

import asyncio
from collections.abc import Callable


class Timers:
    """Named timers; starting one that runs starts it anew. The loop's thread only."""

    def __init__(self, on_expired: Callable[[str], None]) -> None:
        self._on_expired = on_expired
        self._running: dict[str, asyncio.TimerHandle] = {}

    def start(self, name: str, seconds: float) -> None:
        self.stop(name)
        self._running[name] = asyncio.get_running_loop().call_later(seconds, self._expire, name)

    def stop(self, name: str) -> None:
        if handle := self._running.pop(name, None):
            handle.cancel()

    def stop_all(self) -> None:
        for name in tuple(self._running):
            self.stop(name)

    def _expire(self, name: str) -> None:
        del self._running[name]
        self._on_expired(name)
