"""A speaker on a sound card, whichever library opens it."""

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import cached_property
from types import TracebackType
from typing import Final, Self

from hardware.base import PcmFormat, PlaybackCounters, PlayoutSource
from hardware.errors import HardwareError
from hardware.sound.card import DISCONNECTED, Card, PlaybackPcm
from hardware.sound.card_stream import CardStream, call
from hardware.sound.strides import Strides

STUCK_S: Final = 5.0
"""A card that plays takes a period every few hundredths of a second; the kernel gives one up that stands after ten."""

REST_AFTER_S: Final = 1.0
"""So much silence, ten times what the card holds: between two sentences nothing is gained."""

LOOK_S: Final = 2.0
"""How often a card is looked at that pauses, whether it is still there: nothing that is written would tell."""

_log = logging.getLogger(__name__)


def never() -> bool:
    return False


class CardSpeaker(CardStream[PlaybackPcm]):
    """Plays what its source says. Implements `hardware.base.Speaker`.

    Where the card starts and stops without a sound of its own, the stream is stopped a second after its
    source came to rest, until the source stirs; what comes next is written whole, from its first sample on. Any other
    is given sound in long strides while its source is at ease.

    An underrun costs nothing but time: what was not taken is written again. The source is told of a period when the
    card has taken all of it, and never of one that went down with the card. At the end, what the card still holds is
    dropped.
    """

    def __init__(
        self,
        card: Card[PlaybackPcm],
        format: PcmFormat,  # noqa: A002  the name in the Protocol
        source: PlayoutSource,
        stuck_s: float = STUCK_S,
        *,
        clock: Callable[[], float],
        pauses: Callable[[], bool] = never,
    ) -> None:
        """A write that lasts for longer than `stuck_s` is told as a loss: the thread is in it, and can do nothing.

        `clock` (seconds) tells when a card that holds enough has to be given more. `pauses` is asked once, on the
        speaker's thread, when there is silence for the first time; it may read files.
        """
        super().__init__("speaker", card, self._play)
        self.format = format
        self.counters = PlaybackCounters()
        self._source = source
        self._drop_asked = threading.Event()
        self._strides = Strides(format, clock)
        self._left = b""  # of what was asked for last, not yet taken by the card
        self._asked_frames = 0  # of the source, at a time
        self._taken_frames = 0  # since the card was opened
        self._reopened = False
        self._stuck_s = stuck_s
        self._steps = self._steps_seen = 0
        self._stuck = False
        self._ask_whether_it_pauses = pauses
        self._paused = False
        self._silent_frames = 0  # written since the source was not at rest

    async def __aenter__(self) -> Self:
        """Raises HardwareError when the card cannot be opened."""
        await super().__aenter__()
        self._source.on_stirred = self._stirred
        self._look_again()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._looking.cancel()
        await super().__aexit__(kind, error, trace)

    def drop(self) -> None:
        """As `Speaker.drop`."""
        self._drop_asked.set()
        self._thread.nudge()

    def _stirred(self) -> None:
        """From any thread: a stream that goes on needs no waking, for it asks in time."""
        if self._paused:
            self._thread.nudge()

    def _look_again(self) -> None:
        self._looking = asyncio.get_running_loop().call_later(self._stuck_s, self._look)

    def _look(self) -> None:
        """Tell of a card that stands, and of one that goes on."""
        before, self._steps_seen = self._steps_seen, self._steps
        stuck = before == self._steps_seen and not self._card.lost
        if stuck and not self._stuck:
            _log.warning("the speaker has stood still for %g s", self._stuck_s)
            call(self.on_lost)
        elif self._stuck and not stuck and not self._card.lost:
            call(self.on_restored)
        self._stuck = stuck
        self._look_again()

    # The speaker's thread

    def _play(self) -> None:
        try:
            while not self._thread.stopping:
                self._step()
                self._steps += 1
        finally:
            self._card.close()

    def _step(self) -> None:
        if self._drop_asked.is_set():
            self._drop_asked.clear()
            if self._card.pcm and not self._attempt(self._card.pcm.drop):
                return
            self._forget()
        elif self._card.pcm is None:
            self._taken_frames = 0
            self._reopen()
        elif nap_s := self._strides.left_s():
            self._thread.pause(nap_s)
        else:
            pcm = self._card.pcm
            self._attempt(lambda: self._go_on(pcm))

    def _go_on(self, pcm: PlaybackPcm) -> None:
        """Write, or pause if there is only silence to write. Raises one of the card's failures."""
        if self._left or not self._source.at_rest():
            self._silent_frames = 0
        silent = self._silent_frames >= REST_AFTER_S * self.format.rate_hz and not self._card.lost
        if silent and self._pauses:
            self._pause(pcm)
        else:
            self._write_next(pcm)

    @cached_property
    def _pauses(self) -> bool:
        return self._ask_whether_it_pauses()

    def _pause(self, pcm: PlaybackPcm) -> None:
        """Stop the stream, and wait for the source to stir; the next write starts it again."""
        if not self._paused:
            pcm.drop()
            self._source.dropped()
            self._paused = True
        if self._source.at_rest():  # what stirred just before wakes nobody
            self._thread.pause(LOOK_S)
        if pcm.state() == DISCONNECTED:
            raise HardwareError("it was unplugged", fix="plug it in; it is opened again by itself")

    def _attempt(self, action: Callable[[], object]) -> bool:
        """Do something to the card; whether it was there."""
        try:
            action()
        except self._card.failures as error:
            self._forget()
            self._reopened = True
            self._lose(error)
            return False
        return True

    def _forget(self) -> None:
        """What the card held, and what it did not take, is never heard."""
        self._left = b""
        self._strides.forget()
        self._silent_frames = 0
        self._paused = False
        self._source.dropped()

    def _write_next(self, pcm: PlaybackPcm) -> None:
        """Have the card take a period, a stride, or more of one. Raises one of the card's failures."""
        if not self._left:
            self._ask()
        self._paused = False
        self._write(pcm)
        if not self._left:
            self._silent_frames += self._asked_frames
            self._note_taken()
            held_frames = self._delay_frames(pcm)
            self._strides.wrote(held_frames)
            self._source.period_written(self._asked_frames, held_frames)

    def _ask(self) -> None:
        if not self._taken_frames:
            self._strides.opened(self._card.buffer_frames, self._card.period_frames)
        self._asked_frames = self._strides.frames(patient=self._source.at_ease())
        self._left = self._source.next_period(self._asked_frames)
        asked = self._asked_frames * self.format.frame_bytes
        if len(self._left) != asked:
            raise ValueError(f"a period of {len(self._left)} bytes where {asked} were asked for")

    def _write(self, pcm: PlaybackPcm) -> None:
        frames = pcm.write(self._left)
        if frames < 0:  # -EPIPE: alsaaudio raises on anything else
            self.counters.xruns += 1
            self._note_xrun(self.counters.xruns)
        self._left = self._left[max(0, frames) * self.format.frame_bytes :]
        if self._left:
            self._card.stumble("it does not take the sound that it is given")

    def _note_taken(self) -> None:
        """A card that was lost is back when it plays; what its buffer holds it may only have stored."""
        self._taken_frames += self._asked_frames
        if self._reopened:
            self._reopened = False
            self.counters.reopened += 1
        if not self._card.lost or self._taken_frames > self._card.buffer_frames:
            self._found()

    def _delay_frames(self, pcm: PlaybackPcm) -> int:
        """What the card holds; alsaaudio has no `delay()`, but a full card has no room. 0 after an underrun."""
        room = pcm.avail()
        if room < 0:
            self._card.stumble("it plays nothing of what it is given")
        return max(0, self._card.buffer_frames - room) if room >= 0 else 0
