"""When to open the next session: at once if all is well, ever later while it fails, not at all if that is too often.

A service that ends each session politely (goAway) as soon as it is open is in as much trouble as one that breaks it.

"Full jitter" of the AWS Architecture Blog ("Exponential Backoff And Jitter", 2015): a wait drawn evenly between nothing
and a bound that doubles with each failure, so that the devices of a street do not come back in step after an outage.
"""

import logging
from collections import deque
from collections.abc import Callable
from typing import Final

BASE_S: Final = 0.5
LONGEST_S: Final = 8.0
BUDGET: Final = 8
"""Sessions that may be opened within …"""
WINDOW_S: Final = 60.0
"""… this time while none of them answers; a service in trouble is not helped by more, and refuses by quota."""
CEILING: Final = 40
"""Sessions that may be opened within that time whatever comes of them: no household asks so often."""

log = logging.getLogger(__name__)


class Redial:
    """Counts what became of the sessions so far."""

    def __init__(self, now: Callable[[], float], random: Callable[[], float]) -> None:
        """`now` is a clock that only goes forward, in seconds; `random` draws from [0, 1)."""
        self._now = now
        self._random = random
        self._failures = 0
        self._renewals = 0
        self._dialled: deque[float] = deque(maxlen=CEILING)
        self._unanswered = 0  # of them, the newest

    def wait_s(self) -> float | None:
        """Seconds to wait before a session that is opened now; None if there have been too many."""
        now = self._now()
        in_vain = self._failures + self._renewals and self._unanswered >= BUDGET and self._within(now, BUDGET)
        if in_vain or self._within(now, CEILING):
            opened = BUDGET if in_vain else CEILING
            log.debug(
                "no session is opened: the last %d were, within %d s; %d failed", opened, WINDOW_S, self._failures
            )
            return None
        self._dialled.append(now)
        self._unanswered += 1
        doublings = self._failures + max(0, self._renewals - 1)  # one renewal is as it should be
        wait_s = self._random() * min(LONGEST_S, BASE_S * 2**doublings) if doublings else 0.0
        if doublings:
            log.debug(
                "a session is opened in %.1f s: %d failed, %d ended early", wait_s, self._failures, self._renewals
            )
        return wait_s

    def _within(self, now: float, count: int) -> bool:
        """Whether the last `count` sessions were all opened within the window."""
        return len(self._dialled) >= count and now - self._dialled[-count] < WINDOW_S

    def failed(self) -> None:
        """The session was lost."""
        self._failures += 1

    def found(self) -> None:
        """The service can be reached again, and was sought with waits of its own: the next session opens at once."""
        self._failures = 0

    def renewed(self) -> None:
        """The service, or the token, ends the session, and another may have to take over."""
        self._renewals += 1

    def answered(self) -> None:
        """The service did what it is there for."""
        self._failures = self._renewals = self._unanswered = 0
