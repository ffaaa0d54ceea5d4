"""From the microphone to what is heard in it: periods into the ring, the ring's audio through the wake worker.

Capture never waits for inference. The ring is the queue between them: if the worker falls behind by more than
`BACKLOG_SAMPLES`, it skips the oldest audio and counts it.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from daemon.conversation.events import SoundReturned, SoundVanished
from daemon.hearing.flatline import Flatline
from daemon.hearing.listener import WARM_UP_SAMPLES
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, ms_of_samples, samples_of_ms
from hardware.sound.relapse import Relapse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from daemon.conversation.events import Event
    from daemon.hearing.listener import Heard
    from daemon.sound.capture import CaptureConverter
    from daemon.sound.preroll import AudioRing
    from hardware.base import Microphone

BACKLOG_SAMPLES: Final = samples_of_ms(3_000)
"""Opening the gate costs a small Pi 0.2 s (reference measurement); three seconds behind is a fault, not a burst."""

RESTING_CHUNK_SAMPLES: Final = samples_of_ms(80)
"""One hop of the wake word models: with nobody speaking the worker is woken no oftener than it has something to do."""

log = logging.getLogger(__name__)


class Hearing(Protocol):
    """What `daemon.hearing.listener.Listener` does: its methods are called in the worker's thread, in order."""

    @property
    def watching(self) -> bool: ...
    def hear(self, samples: Samples, at: int) -> list[Heard]: ...
    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]: ...
    def stop_watching(self) -> None: ...


class Ears:
    """The microphone's task and the wake worker's; `run` until cancelled, everything else in the loop's thread."""

    def __init__(
        self,
        microphone: Microphone,
        converter: CaptureConverter,
        ring: AudioRing,
        listener: Hearing,
        *,
        on_captured: Callable[[Samples], None],
        on_heard: Callable[[Event], None],
    ) -> None:
        """`on_captured` gets each period as it enters the ring, `on_heard` what the listener makes of it.

        And when the microphone begins to deliver nothing but zeros, and when that ends.
        """
        self._microphone = microphone
        self._converter = converter
        self._ring = ring
        self._listener = listener
        self._on_captured = on_captured
        self._on_heard = on_heard
        self._flatline = Flatline()
        self._silences = Relapse(lambda: ring.end / CAPTURE_RATE_HZ)
        self._muted = False
        self._arrived = asyncio.Event()
        self._watch_from: int | None = None
        self._watching = False
        self._ended = False
        self._position = 0  # what is before it has been heard
        self.hearing = asyncio.Event()
        """Set when the first audio has been through the wake engine."""
        self.skipped_samples = 0
        self._skips = 0

    def watch(self, from_sample: int) -> None:
        """Look for an utterance from `from_sample` on, which may lie in the past or in the future."""
        self._watch_from = from_sample
        self._watching = True
        self._arrived.set()

    def stop_watching(self) -> None:
        self._watch_from = None
        self._watching = False

    def mute(self, muted: bool) -> None:
        """The microphone is muted by us, or no longer: its zeros are no fault."""
        self._muted = muted
        if self._flatline.forget():
            self._on_heard(SoundReturned())

    async def run(self) -> None:
        """Hear until the microphone ends, which only a recording does; what it said last is heard out."""
        with ThreadPoolExecutor(1, thread_name_prefix="wake") as worker:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(worker))
                await self._capture()
                self._ended = True
                self._arrived.set()

    async def _capture(self) -> None:
        async for period in self._microphone.periods():
            samples = self._converter.convert(period)
            self._ring.append(samples)
            self._on_captured(samples)
            self._arrived.set()
            if not self._muted and self._flatline.hear(samples):
                (self._note_silence if self._flatline.flat else self._note_sound)()

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

    async def _listen(self, worker: ThreadPoolExecutor) -> None:
        while not (self._ended and self._position == self._ring.end and self._watch_from is None):
            await self._arrived.wait()
            self._arrived.clear()
            await self._hear(partial(asyncio.get_running_loop().run_in_executor, worker))

    async def _hear(self, on_the_worker: Callable[..., Awaitable[Any]]) -> None:
        """Have the worker do what is due, in order."""
        if self._watch_from is not None:
            self._tell(await on_the_worker(self._listener.watch, *self._take_watch()))
        if not self._watching and self._listener.watching:
            await on_the_worker(self._listener.stop_watching)
        waiting = self._ring.end - self._position
        if waiting >= RESTING_CHUNK_SAMPLES or (waiting and (self._watching or self._ended)):
            self._tell(await on_the_worker(self._listener.hear, *self._next_chunk()))
            self.hearing.set()

    def _take_watch(self) -> tuple[int, Samples, int]:
        from_sample, self._watch_from = self._watch_from or 0, None
        begin = min(max(self._ring.start, from_sample - WARM_UP_SAMPLES), self._position)
        return from_sample, self._ring.read(begin, self._position), begin

    def _next_chunk(self) -> tuple[Samples, int]:
        begin, end = self._position, self._ring.end
        if end - begin > BACKLOG_SAMPLES:
            begin = end - BACKLOG_SAMPLES
            self._skip(begin - self._position)
        self._position = end
        return self._ring.read(begin, end), begin

    def _skip(self, samples: int) -> None:
        """Tell the journal of the first, second, fourth, eighth …: a machine that is too slow must not fill it."""
        self.skipped_samples += samples
        self._skips += 1
        if self._skips.bit_count() == 1:
            ms = ms_of_samples(samples)
            log.warning("the wake worker is behind: %.0f ms skipped (%d times so far)", ms, self._skips)

    def _tell(self, heard: list[Heard]) -> None:
        for event in heard:
            self._on_heard(event)
