"""From the microphone to what is heard in it: its sound into the ring, and through the wake worker.

Capture never waits for inference, nor for the loop: the `Intake` takes what comes in the microphone's thread, and hands
it to the worker there. The loop puts it into the ring, by which all else knows the time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from daemon.conversation.events import SoundReturned, SoundVanished
from daemon.hearing.listener import WARM_UP_SAMPLES
from daemon.hearing.short_utterances import BEFORE_SAMPLES, ShortUtterance
from daemon.hearing.sound_intake import Intake
from daemon.hearing.speaking_over import SpokenOver
from daemon.hearing.wake_worker import Hearing, WakeWorker
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from hardware.sound.relapse import Relapse

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.conversation.events import Event
    from daemon.hearing.listener import Heard, HopGate
    from daemon.sound.capture import Converter
    from daemon.sound.preroll import AudioRing
    from hardware.base import Microphone

log = logging.getLogger(__name__)


class Ears:
    """`run` until cancelled; everything in the loop's thread."""

    def __init__(
        self,
        microphone: Microphone,
        converter: Converter,
        ring: AudioRing,
        listener: Hearing,
        *,
        gate: HopGate | None = None,
        on_captured: Callable[[Samples], None],
        on_heard: Callable[[Event], None],
        on_short: Callable[[ShortUtterance, Samples], None] | None = None,
        on_spoken_over: Callable[[bool], None] | None = None,
    ) -> None:
        """`on_captured` gets what enters the ring, `on_heard` what the listener makes of it.

        And when the microphone begins to deliver nothing but zeros, and when that ends. The `gate` says of each hop
        whether the listener has to look at it; without one it is given every hop. `on_short` gets what was said
        shortly, while that is listened for, and `on_spoken_over` whether somebody speaks over what is played.
        """
        self._microphone = microphone
        self._ring = ring
        self._on_captured = on_captured
        self._on_heard = on_heard
        self._on_short, self._on_spoken_over = on_short, on_spoken_over
        self._silences = Relapse(lambda: ring.end / CAPTURE_RATE_HZ)
        self._worker = WakeWorker(listener, on_heard=self._heard, on_failed=self._failed)
        self._intake = Intake(converter, microphone.format.rate_hz, gate, self._worker, time.monotonic)
        self._running = False
        self._resting = False
        self._watching = False
        self._short = False
        self.hearing = asyncio.Event()
        """Set when the first audio has been through the wake engine."""

    @property
    def position(self) -> int:
        """Up to where the microphone has heard by now, whether it is in the ring already or not."""
        return max(self._ring.end, self._intake.position)

    @property
    def skipped_samples(self) -> int:
        """What the wake worker was too slow for."""
        return self._worker.skipped_samples

    def rest(self, resting: bool) -> None:
        """Nobody is expected to speak, so hops are all that matters, and the loop is told of a wake word alone."""
        if resting is not self._resting:
            self._resting = resting
            self._attend()

    def watch(self, from_sample: int) -> None:
        """Look for an utterance from `from_sample` on, which may lie in the past or in the future."""
        self._watching = True
        with self._intake.held():
            self._attend()
            self.catch_up()
            begin = min(max(self._ring.start, from_sample - WARM_UP_SAMPLES), self._ring.end)
            self._worker.watch(from_sample, self._ring.read(begin, self._ring.end), begin)

    def stop_watching(self) -> None:
        if self._watching:
            self._watching = False
            self._worker.stop_watching()
            self._attend()

    def listen_for_short(self, *, wanted: bool) -> None:
        """Tell of short utterances while nobody is expected to speak, or no more."""
        if wanted is not self._short:
            self._short = wanted
            self._intake.give_every_hop(wanted=wanted)
            self._worker.listen_for_short(wanted=wanted)

    def mute(self, muted: bool) -> None:
        """The microphone is muted by us, or no longer: its zeros are no fault."""
        if self._intake.mute(muted):
            self._on_heard(SoundReturned())

    def catch_up(self) -> None:
        """Put into the ring all that has been taken from the microphone."""
        samples, flat_changes = self._intake.collect()
        if len(samples):
            self._ring.append(samples)
            self._on_captured(samples)
        for flat in flat_changes:
            (self._note_silence if flat else self._note_sound)()

    async def run(self) -> None:
        """Hear until the microphone ends, which only a recording does; what it said last is heard out."""
        self._failure = asyncio.get_running_loop().create_future()
        self._worker.begin()
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                failing = group.create_task(self._fail())
                await self._capture()
                failing.cancel()
        finally:
            self._running = False
            self._worker.end()

    async def _capture(self) -> None:
        async for _ in self._microphone.given_to(self._intake):
            self.catch_up()
        self._intake.finish()
        self.catch_up()
        await self._worker.all_heard()

    async def _fail(self) -> None:
        await self._failure

    def _attend(self) -> None:
        self._intake.attend(attentive=not self._resting, watching=self._watching)
        self._microphone.look_again()

    def _note_silence(self) -> None:
        """A card that fell silent may speak again if it is opened anew; more cannot be done, and a key may be why."""
        if self._silences.failed():
            log.warning("the microphone delivers no sound, only zeros: a mute key? a wrong channel under [microphone]?")
            self._microphone.reopen()
        self._on_heard(SoundVanished())

    def _note_sound(self) -> None:
        self._silences.works()
        if self._silences.times == 1:
            log.info("the microphone delivers sound again")
        self._on_heard(SoundReturned())

    # What the worker tells

    def _heard(self, heard: list[Heard]) -> None:
        """What was heard is in the ring before anybody is told of it."""
        if not self._running:
            return
        self.hearing.set()
        self.catch_up()
        for event in heard:
            if isinstance(event, ShortUtterance):
                self._hear_short(event)
            elif isinstance(event, SpokenOver):
                if self._short and self._on_spoken_over:
                    self._on_spoken_over(event.begins)
            else:
                self._on_heard(event)

    def _hear_short(self, said: ShortUtterance) -> None:
        if self._short and self._on_short:
            begin = max(self._ring.start, said.begin - BEFORE_SAMPLES)
            self._on_short(said, self._ring.read(begin, said.heard_to))

    def _failed(self, error: Exception) -> None:
        if not self._failure.done():
            self._failure.set_exception(error)
