"""How often something may happen: so many times in any minute."""

from collections import deque
from collections.abc import Callable
from typing import Final

WINDOW_S: Final = 60.0


class RateLimit:
    """A sliding window, kept as the times of what was let through in the last minute."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        """`now` is a clock that only goes forward, in seconds."""
        self._now = now
        self._limit = per_minute
        self._passed: deque[float] = deque()

    def wait_s(self) -> float:
        """Seconds until the next may pass; 0 if it may now."""
        now = self._now()
        while self._passed and now - self._passed[0] >= WINDOW_S:
            self._passed.popleft()
        return self._passed[0] + WINDOW_S - now if len(self._passed) >= self._limit else 0.0

    def count(self) -> None:
        """One passes."""
        self._passed.append(self._now())
