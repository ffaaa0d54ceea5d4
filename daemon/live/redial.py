"""When to open the next session: at once if all is well, ever later while it fails, not at all if that is too often.

"Full jitter" of the AWS Architecture Blog ("Exponential Backoff And Jitter", 2015): a wait drawn evenly between nothing
and a bound that doubles with each failure, so that the devices of a street do not come back in step after an outage.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

BASE_S: Final = 0.5
LONGEST_S: Final = 8.0
BUDGET: Final = 8
"""Sessions that may be opened within …"""
WINDOW_S: Final = 60.0
"""… this time while none of them lasts; a service in trouble is not helped by more, and refuses by quota."""


class Redial:
    """Counts what became of the sessions so far."""

    def __init__(self, now: Callable[[], float], random: Callable[[], float]) -> None:
        """`now` is a clock that only goes forward, in seconds; `random` draws from [0, 1)."""
        self._now = now
        self._random = random
        self._failures = 0
        self._dialled: deque[float] = deque(maxlen=BUDGET)

    def wait_s(self) -> float | None:
        """Seconds to wait before a session that is opened now; None if there have been too many."""
        now = self._now()
        if len(self._dialled) == BUDGET and now - self._dialled[0] < WINDOW_S and self._failures:
            return None
        self._dialled.append(now)
        return self._random() * min(LONGEST_S, BASE_S * 2**self._failures) if self._failures else 0.0

    def failed(self) -> None:
        """The session was lost."""
        self._failures += 1

    def answered(self) -> None:
        """The service did what it is there for."""
        self._failures = 0
