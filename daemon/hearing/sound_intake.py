"""Where the microphone's sound arrives: in its own thread, which decides who has to hear of it now.

Samples wait here for the loop, and beside that for the wake worker. While nobody is expected to speak, the loop is told
every two seconds, and the worker is given what came when a hop of it may hold a voice; so nothing that was said before
the gate opened is missing from either. Whatever was taken here first, is first everywhere.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from daemon.hearing.flatline import Flatline
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, samples_of_ms, silence

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from daemon.hearing.listener import HopGate
    from daemon.sound.capture import Converter

HOP_SAMPLES: Final = samples_of_ms(80)
"""One hop of the wake word models: at rest nothing can be decided between two."""

RESTING_SAMPLES: Final = samples_of_ms(2_000)
"""At rest loop and worker hear so often of what came: for the watchdog and the figures, and to keep no more."""

WATCHED_SAMPLES: Final = samples_of_ms(40)
"""While an utterance is looked for, the loop is told when there is a piece to send. The worker has each period at once,
and what it hears brings the loop up to date before anything is made of it."""

LARGEST_SAMPLES: Final = samples_of_ms(20_000)
"""A loop that has stood still for so long is about to be ended; of what waits for it the oldest becomes silence."""

UNREAD_STEP_SAMPLES: Final = samples_of_ms(20)
"""How exactly a position is known of what is still in the card: as if it had been read by periods."""


class Worker(Protocol):
    def hear(self, samples: Samples, at: int) -> None: ...


class Intake:
    """Implements `hardware.base.Taker`; everything but `take` and `wanted_frames` is for the loop's thread.

    One lock, held for no longer than samples take to be copied, keeps the threads apart.
    """

    def __init__(
        self,
        converter: Converter,
        rate_hz: int,
        gate: HopGate | None,
        worker: Worker,
        now_s: Callable[[], float],
    ) -> None:
        """`rate_hz` is the card's. Without a gate the worker is given every hop. `now_s` is for any thread."""
        self._converter = converter
        self._rate_hz = rate_hz
        self._gate = gate
        self._worker = worker
        self._now_s = now_s
        self._lock = threading.RLock()
        self._attentive = True
        self._watching = False
        self._every_hop = False
        self._muted = False
        self._flatline = Flatline()
        self._flat_changes: list[bool] = []  # bounded: five seconds of zeros lie between two
        self._end = 0  # how many samples have arrived
        self._arrived_s = now_s()
        self._leaves_unread = False  # the driver sleeps while the card fills
        self._hop: list[Samples] = []  # the beginning of the next
        self._hop_samples = 0
        self._for_loop: list[Samples] = []  # bounded by LARGEST_SAMPLES
        self._for_loop_from = self._forgotten = 0
        self._for_worker: list[Samples] = []  # bounded by RESTING_SAMPLES
        self._for_worker_from = 0
        self._loud = False  # something in there is to be looked at

    # The microphone's thread

    def wanted_frames(self) -> int:
        """As `Taker.wanted_frames`: at rest, up to the end of the hop."""
        self._leaves_unread = not self._attentive
        if self._attentive:
            return 1
        return math.ceil((HOP_SAMPLES - self._hop_samples) * self._rate_hz / CAPTURE_RATE_HZ)

    def take(self, sound: bytes) -> bool:
        """As `Taker.take`."""
        samples = self._converter.convert(sound)
        with self._lock:
            self._arrived_s, self._leaves_unread = self._now_s(), False
            self._keep(samples)
            hop_complete = self._judge(samples)
            waiting = self._end - self._for_worker_from
            if self._watching or (hop_complete and (self._loud or self._every_hop or waiting >= RESTING_SAMPLES)):
                self._hand_over()
            turned = not self._muted and self._flatline.hear(samples)
            if turned:
                self._flat_changes.append(self._flatline.flat)
            return turned or self._end - self._for_loop_from >= self._loop_wants()

    def _loop_wants(self) -> int:
        """So many samples wait before the loop is told."""
        if self._watching:
            return WATCHED_SAMPLES
        return 0 if self._attentive else RESTING_SAMPLES

    def _keep(self, samples: Samples) -> None:
        self._end += len(samples)
        self._for_loop.append(samples)
        self._for_worker.append(samples)
        if self._end - self._for_loop_from - self._forgotten > LARGEST_SAMPLES:
            self._for_loop = [np.concatenate(self._for_loop)[-LARGEST_SAMPLES // 2 :]]
            self._forgotten = self._end - self._for_loop_from - len(self._for_loop[0])

    def _judge(self, samples: Samples) -> bool:
        """Ask about each hop that is complete by now; whether there was one."""
        self._hop.append(samples)
        self._hop_samples += len(samples)
        if self._hop_samples < HOP_SAMPLES:
            return False
        together, begin = np.concatenate(self._hop), self._end - self._hop_samples
        whole = len(together) - len(together) % HOP_SAMPLES
        for start in range(0, whole, HOP_SAMPLES):
            hop = together[start : start + HOP_SAMPLES]
            self._loud |= self._gate is None or self._gate.arrived(hop, begin + start + HOP_SAMPLES)
        self._hop, self._hop_samples = [together[whole:]], len(together) - whole
        return True

    def _hand_over(self) -> None:
        if self._for_worker:
            self._worker.hear(np.concatenate(self._for_worker), self._for_worker_from)
        self._for_worker, self._for_worker_from, self._loud = [], self._end, False

    # The loop's thread

    def held(self) -> AbstractContextManager[object]:
        """While this is entered nothing arrives."""
        return self._lock

    @property
    def position(self) -> int:
        """Up to where the microphone has heard by now; at rest a part of that has not been read from the card."""
        with self._lock:
            if self._attentive or not self._leaves_unread:
                return self._end
            passed = int((self._now_s() - self._arrived_s) * CAPTURE_RATE_HZ)
            return self._end + min(passed, HOP_SAMPLES - 1) // UNREAD_STEP_SAMPLES * UNREAD_STEP_SAMPLES

    def attend(self, *, attentive: bool, watching: bool) -> None:
        """`attentive`: tell the loop of each period; `watching`: give each to the worker, and what it has not had."""
        with self._lock:
            self._attentive, self._watching = attentive or watching, watching
            if watching:
                self._hand_over()

    def give_every_hop(self, *, wanted: bool) -> None:
        """Give the worker each hop as it is complete, whatever the gate says."""
        with self._lock:
            self._every_hop = wanted

    def collect(self) -> tuple[Samples, list[bool]]:
        """What came since it was asked last, and whether it turned flat meanwhile, or no longer is, in order."""
        with self._lock:
            kept = [silence(self._forgotten), *self._for_loop]
            self._for_loop, self._for_loop_from, self._forgotten = [], self._end, 0
            changes, self._flat_changes = self._flat_changes, []
        return np.concatenate(kept), changes

    def mute(self, muted: bool) -> bool:
        """Our own zeros are no fault; whether the microphone was flat until now."""
        with self._lock:
            self._muted = muted
            self._flat_changes = []
            return self._flatline.forget()

    def finish(self) -> None:
        """The microphone has ended: what there is goes to the worker."""
        with self._lock:
            self._hand_over()
