"""What systemd is told: READY, STATUS, WATCHDOG. The only file that imports systemd.

The watchdog is fed by audio, not by a timer: a ping is sent only if the event loop runs *and* the microphone has
delivered since the last one. A hung sound card is restarted just like a hung process. One that is known to be gone is
not: its driver is trying to get it back, the light and a sound say so, and a restart would only do the same again
(docs/decisions/0003-a-lost-microphone-is-not-a-hang.md).
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Final

from systemd.daemon import notify as systemd_notify  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

PINGS_PER_INTERVAL: Final = 3
"""sd_watchdog_enabled(3) asks for one ping in half the interval; a third leaves room for one that is late."""
SHORTEST_S: Final = 0.02
"""Between two pings: what systemd is told more often than a period of sound arrives says nothing new."""
LONGEST_DIGITS: Final = 20
"""Of 64 bits, in which systemd counts."""

log = logging.getLogger(__name__)


def _nothing() -> None:
    pass


class Supervisor:
    """Speaks to the service manager; says nothing, harmlessly, where there is none."""

    def __init__(
        self,
        *,
        notify: Callable[[str], object] = systemd_notify,
        environ: Mapping[str, str] = os.environ,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._manager = notify
        self._deaf = False
        self._sleep = sleep
        self._interval_s = _watchdog_interval_s(environ)
        self._fed = False
        self.microphone_lost = False
        """While set, the running loop alone feeds the watchdog."""

    def ready(self, status: str) -> None:
        """Pipit can hear: the first period arrived and the wake engine has judged it."""
        log.info("ready: %s", status)
        self._notify(f"READY=1\nSTATUS={status}")

    def status(self, text: str) -> None:
        """One line for people who run `systemctl status`."""
        self._notify(f"STATUS={text}")

    def stopping(self) -> None:
        self._notify("STOPPING=1")

    def feed(self) -> None:
        """A period of audio arrived."""
        self._fed = True

    def _notify(self, state: str) -> None:
        """A service manager that cannot be told anything is told of in the log, once, and harms nothing."""
        try:
            self._manager(state)
        except (OSError, ValueError) as error:
            if not self._deaf:
                log.warning("the service manager cannot be told how it goes, see NOTIFY_SOCKET: %s", error)
            self._deaf = True
        else:
            self._deaf = False

    async def run(self, look: Callable[[], object] = _nothing) -> None:
        """Ping for ever, if the service manager asked for it and as long as audio arrives.

        `look` is called before each ping: it feeds what has arrived and was not told yet.
        """
        while self._interval_s:
            await self._sleep(max(SHORTEST_S, self._interval_s / PINGS_PER_INTERVAL))
            look()
            if self._fed or self.microphone_lost:
                self._fed = False
                self._notify("WATCHDOG=1")


def _watchdog_interval_s(environ: Mapping[str, str]) -> float:
    """`WATCHDOG_USEC`, unless it is meant for another process; 0 if there is no watchdog (sd_watchdog_enabled(3))."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    microseconds = environ.get("WATCHDOG_USEC") or "0"
    if not (microseconds.isascii() and microseconds.isdecimal() and len(microseconds) <= LONGEST_DIGITS):
        log.warning("WATCHDOG_USEC is no number of microseconds: no watchdog is fed")
        return 0.0
    return int(microseconds) / 1e6
