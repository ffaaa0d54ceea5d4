"""The wake worker: a listener in a thread of its own, which is told what to do and tells what it hears.

Whoever asks does not wait. What is asked is done in the order in which it was asked, whatever thread asked it; so a
watch begins exactly where the sound that was given before it ends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from daemon.hearing.job_thread import JobThread
from daemon.hearing.sound_intake import HOP_SAMPLES, RESTING_SAMPLES
from daemon.sound.pcm import Samples, ms_of_samples, samples_of_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.hearing.listener import Heard

BACKLOG_SAMPLES: Final = samples_of_ms(3_000) + RESTING_SAMPLES
"""Opening the gate costs a small Pi 0.2 s (reference measurement); three seconds beside what came at rest is not."""

log = logging.getLogger(__name__)


class Hearing(Protocol):
    """What `daemon.hearing.listener.Listener` does: its methods are called in the worker's thread, in order."""

    @property
    def watching(self) -> bool: ...
    def hear(self, samples: Samples, at: int) -> list[Heard]: ...
    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]: ...
    def stop_watching(self) -> None: ...
    def listen_for_short(self, *, wanted: bool) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Sound:
    samples: Samples
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    from_sample: int
    captured: Samples
    at: int


class _Stop:
    """Watch no more."""


@dataclass(frozen=True, slots=True)
class _Short:
    wanted: bool


_Order = _Sound | _Watch | _Stop | _Short


class WakeWorker:
    """Runs between `begin` and `end`; what is asked before waits for that, what is asked after is not done.

    Bounded: of more than `BACKLOG_SAMPLES` that wait the oldest are skipped, in whole hops, and counted.
    """

    def __init__(
        self,
        listener: Hearing,
        *,
        on_heard: Callable[[list[Heard]], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        """Both are called in the loop's thread; `on_heard` with nothing once the first sound was heard."""
        self.skipped_samples = 0
        self._listener = listener
        self._on_heard = on_heard
        self._on_failed = on_failed
        self._lock = threading.Lock()  # of all below
        self._orders: deque[_Order] = deque()
        self._waiting_samples = 0
        self._busy = True  # there is no need to wake it
        self._ended = False
        self._skips = 0
        self._has_heard = False

    def begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._executor = JobThread("wake")
        with self._lock:
            self._busy = False
            self._wake()

    def end(self) -> None:
        """Finish what is being done, and nothing else."""
        with self._lock:
            self._ended = True
            self._orders.clear()
        self._executor.shutdown()

    async def all_heard(self) -> None:
        """Until there is nothing left to do, also by what came of it."""
        while True:
            await self._loop.run_in_executor(self._executor, _nothing)
            if not self._busy:
                return

    # Any thread

    def hear(self, samples: Samples, at: int) -> None:
        """The first of `samples` has position `at`."""
        with self._lock:
            self._waiting_samples += len(samples)
            self._add(_Sound(samples, at))
            if self._waiting_samples > 2 * BACKLOG_SAMPLES:  # it hangs, or nearly so
                self._trim()

    def watch(self, from_sample: int, captured: Samples, at: int) -> None:
        """As `Listener.watch`."""
        with self._lock:
            self._add(_Watch(from_sample, captured, at))

    def stop_watching(self) -> None:
        with self._lock:
            self._add(_Stop())

    def listen_for_short(self, *, wanted: bool) -> None:
        """As `Listener.listen_for_short`."""
        with self._lock:
            self._add(_Short(wanted))

    def _add(self, order: _Order) -> None:
        if not self._ended:
            self._orders.append(order)
            self._wake()

    def _wake(self) -> None:
        if self._busy or not self._orders:
            return
        self._busy = True
        if threading.get_ident() == self._loop_thread:
            self._loop.run_in_executor(self._executor, self._work)  # which a loop in simulated time takes note of
        else:
            self._executor.do(self._work)

    def _trim(self) -> None:
        """Of the sound that was given last keep no more than would be heard, and as one order."""
        sounds: list[_Sound] = []
        while self._orders and isinstance(sound := self._orders[-1], _Sound):
            sounds.insert(0, sound)
            self._orders.pop()
        joined = self._joined(sounds)
        self._orders.append(joined)
        self._waiting_samples += len(joined.samples)

    # The worker's thread

    def _work(self) -> None:
        """Do all that there is to do."""
        try:
            while order := self._next():
                self._do(order)
        except Exception as error:  # noqa: BLE001  whatever it is: nobody else would hear of it
            self._loop.call_soon_threadsafe(self._on_failed, error)

    def _next(self) -> _Order | None:
        """The next order; all the sound up to the next order of another kind is one."""
        with self._lock:
            sounds: list[_Sound] = []
            while self._orders and isinstance(sound := self._orders[0], _Sound):
                sounds.append(sound)
                self._orders.popleft()
            if sounds:
                return self._joined(sounds)
            self._busy = bool(self._orders)
            return self._orders.popleft() if self._orders else None

    def _joined(self, sounds: list[_Sound]) -> _Sound:
        samples, at = np.concatenate([sound.samples for sound in sounds]), sounds[0].at
        self._waiting_samples -= len(samples)
        too_many = len(samples) - BACKLOG_SAMPLES
        if too_many > 0:
            skipped = -(-too_many // HOP_SAMPLES) * HOP_SAMPLES
            self._skip(skipped)
            samples, at = samples[skipped:], at + skipped
        return _Sound(samples, at)

    def _skip(self, samples: int) -> None:
        """Tell the journal of the first, second, fourth, eighth …: a machine that is too slow must not fill it."""
        self.skipped_samples += samples
        self._skips += 1
        if self._skips.bit_count() == 1:
            ms = ms_of_samples(samples)
            log.warning("the wake worker is behind: %.0f ms skipped (%d times so far)", ms, self._skips)

    def _do(self, order: _Order) -> None:
        heard: list[Heard] = []
        match order:
            case _Sound(samples, at):
                heard = self._listener.hear(samples, at)
            case _Watch(from_sample, captured, at):
                heard = self._listener.watch(from_sample, captured, at)
            case _Short(wanted):
                self._listener.listen_for_short(wanted=wanted)
            case _Stop() if self._listener.watching:
                self._listener.stop_watching()
        first = isinstance(order, _Sound) and not self._has_heard
        self._has_heard |= first
        if heard or first:
            self._loop.call_soon_threadsafe(self._on_heard, heard)


def _nothing() -> None:
    pass
