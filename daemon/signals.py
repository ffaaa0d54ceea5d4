"""What signals mean to a command that runs for long: outputs may be on, so none may just end it.

Those that end a program let everything be closed in order, once: a second one does not disturb that. Those that mean
nothing here are passed over. What tells of a fault of the program (SIGSEGV, SIGABRT from the watchdog) stays as it is.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""SIGHUP comes when a terminal goes away. Left to itself it kills, and that is a clean end to systemd."""

_STRAY_NAMES: Final = ("USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "STKFLT", "XCPU")

log = logging.getLogger(__name__)


def stray() -> tuple[int, ...]:
    """Signals that end a program that does not heed them, and have no meaning for ours; on this system."""
    named = (getattr(signal, f"SIG{name}", None) for name in _STRAY_NAMES)
    real_time = range(signal.SIGRTMIN, signal.SIGRTMAX + 1) if hasattr(signal, "SIGRTMIN") else ()
    return (*(number for number in named if number is not None), *real_time)


def starts() -> None:
    """From here on, and before there is a loop, what means nothing does not end the program."""
    for number in stray():
        signal.signal(number, lambda *_: None)  # not SIG_IGN, which its children would inherit


def ended() -> None:
    """All is closed and the exit status known: what else would end the program now changes nothing any more."""
    for number in (*ENDING, *stray()):
        signal.signal(number, signal.SIG_IGN)


def heed(ending: Callable[[int], None]) -> None:
    """In the running loop: call `ending` with each signal that ends a program; pass over those that mean nothing.

    A SIGHUP that is ignored stays so: that is what nohup(1) asks for.
    """
    loop = asyncio.get_running_loop()
    for number in ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, ending, number)
    for meaningless in stray():
        loop.add_signal_handler(meaningless, _pass_over, meaningless)


def run_until_told(work: Coroutine[object, object, None], on_stop: Callable[[], None] = lambda: None) -> None:
    """Run until it ends, or until a signal asks for that, which lets everything be closed in order after `on_stop`."""

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio.run runs a task
        told: list[int] = []

        def stop(number: int) -> None:
            told.append(number)
            if len(told) == 1:
                on_stop()
                task.cancel()

        heed(stop)
        await work

    try:
        asyncio.run(main())
    except asyncio.CancelledError:
        return


def _pass_over(number: int) -> None:
    log.info("signal %d means nothing here; SIGTERM stops it", number)
