"""Playout: replies and earcons on their way to the speaker, and how much of them was heard."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol

from daemon.sound.fader import Fader
from daemon.sound.ledger import Ledger
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, from_bytes, silence
from daemon.sound.playout_queue import Piece, PlayoutQueue, Pulled, Reply
from daemon.sound.resample import resample
from daemon.sound.sound_kind import SoundKind
from hardware.base import PcmFormat

DROP_PERIODS: Final = 2
"""A speaker drops what its card holds within one period of being told; the second is for the one being written."""

ENOUGH_SAMPLES: Final = REPLY_RATE_HZ // 4
"""A reply of which so much is there flows on, whatever happens to the rest."""


@dataclass(frozen=True, slots=True)
class Drained:
    """The reply to `turn` was finished, and its last sample has left the speaker. Samples are 24 kHz."""

    turn: int
    heard_samples: int


@dataclass(frozen=True, slots=True)
class Starved:
    """There is nothing left to play of the reply to `turn`, which is not finished: silence is played meanwhile."""

    turn: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The reply to `turn` goes on after it starved."""

    turn: int


@dataclass(frozen=True, slots=True)
class Told:
    """The last sample of this message has left the speaker; one that was flushed is not spoken of."""

    message: int


PlayoutNotice = Drained | Starved | Resumed | Told


class Ring(Protocol):
    """Sound without end; see `daemon.sound.ring_tone`."""

    def next(self, frames: int) -> Samples:
        """So many more samples at the speaker's rate; called on the speaker's thread, must not block."""
        ...


class Playout:
    """What the speaker plays: one queue of replies, earcons and messages, in the order in which they came.

    And something that rings, while there is nothing else: what is queued silences it as long as that lasts.

    The event loop's thread fills it, the speaker's thread empties it, and one lock, never held for longer than it takes
    to resample a period, keeps them apart. `notify` is called on the speaker's thread, in order, without the lock.

    Bounded: audio beyond five minutes is dropped and counted in `dropped_samples`, and so is audio of any turn but the
    expected one.
    """

    def __init__(
        self, pcm_format: PcmFormat, *, volume: float, notify: Callable[[PlayoutNotice], None], prebuffer_ms: float = 0
    ) -> None:
        """With `prebuffer_ms` a reply is held back until it has that much audio, or has waited for that long."""
        self.format = pcm_format
        self.dropped_samples = 0
        self.on_stirred: Callable[[], None] | None = None
        self._notify = notify
        self._lock = Lock()
        self._queue = PlayoutQueue(pcm_format.rate_hz, prebuffer_ms)
        self._ledger: Ledger[Reply] = Ledger()
        self._fader = Fader(pcm_format, volume)
        self._expected: int | None = None
        self._reply = Reply(0)  # the newest
        self._message = Reply(0)  # … message, which are counted
        self._ring: Ring | None = None
        self._ringing = Reply(0)  # the owner of what the card holds of a ring
        self._at_ease = False
        self._alert_frames = 0  # until it may be
        self._dropping = 0  # so many more periods are silent, for the card is about to drop them

    # The event loop's thread

    def expect(self, turn: int | None) -> None:
        """From now on audio of `turn` alone is taken, or of none; what is in the queue stays there."""
        with self._lock:
            self._expected = turn
            if turn is not None and turn != self._reply.turn:
                self._reply = Reply(turn)

    def play(self, turn: int, data: bytes, rate_hz: int = REPLY_RATE_HZ) -> None:
        """Queue S16_LE mono audio of the reply to `turn`; half a sample at its end is ignored.

        More audio opens a finished reply again.
        """
        samples = from_bytes(data[: len(data) // 2 * 2])
        with self._lock:
            if turn == self._expected and self._queue.add(Piece(samples, rate_hz, self._reply)):
                self._reply.open, self._reply.drain_due = True, False
            else:
                self.dropped_samples += len(samples)
        self._stir()

    def finish(self, turn: int) -> None:
        """No more audio will come for `turn`: report `Drained` when what is queued of it has been heard."""
        with self._lock:
            if turn == self._expected:
                self._reply.open, self._reply.drain_due = False, True
                self._queue.add(Piece(silence(0), REPLY_RATE_HZ, self._reply, last=True))
        self._stir()

    def play_sound(self, samples: Samples, rate_hz: int | None = None, kind: SoundKind = SoundKind.EARCON) -> None:
        """Queue an earcon or words of our own, at the speaker's rate unless `rate_hz` says otherwise."""
        ready = resample(samples, rate_hz or self.format.rate_hz, self.format.rate_hz)
        with self._lock:
            if not self._queue.add(Piece(ready, self.format.rate_hz, kind=kind)):
                self.dropped_samples += len(ready)
        self._stir()

    def play_message(self, samples: Samples, rate_hz: int = REPLY_RATE_HZ) -> int:
        """Queue a message, and return its number: `Told` has it when all of it has been heard, or none had room."""
        with self._lock:
            self._message = message = Reply(self._message.turn + 1, drain_due=True)
            if self._queue.add(Piece(samples, rate_hz, message, kind=SoundKind.MESSAGE)):
                self._queue.add(Piece(silence(0), rate_hz, message, last=True, kind=SoundKind.MESSAGE))
            else:
                self.dropped_samples += len(samples)
        self._stir()
        return message.turn

    def ring(self, ring: Ring | None) -> bool:
        """Ring from the next period on, or no more. Returns whether `Speaker.drop` has to be called, as after `flush`.

        That takes nothing that is queued with it, but may take the rest of a sound that was heard in between.
        """
        with self._lock:
            self._ring = ring
            to_drop = not ring and self._ledger.holds(self._ringing)
            if to_drop:
                self._dropping = DROP_PERIODS
        self._stir()
        return to_drop

    def flush(self) -> int:
        """Drop all that is queued, expect no turn, and return how much of the newest reply was heard (24 kHz samples).

        The caller then calls `Speaker.drop`, for what the card holds. Until that has happened, but for two periods at
        most, new sound waits in the queue, so that the drop does not take the beginning of an earcon with it.
        """
        with self._lock:
            self._queue.clear()
            self._expected = None
            self._message.drain_due = False
            self._dropping = DROP_PERIODS
            reply = self._reply
            self._reply = Reply(reply.turn, heard_frames=reply.heard_frames)
            return self._heard(reply)

    def heard_samples(self, turn: int) -> int:
        """How much of the reply to `turn` has left the speaker, in 24 kHz samples; 0 for any but the newest reply."""
        with self._lock:
            return self._heard(self._reply) if turn == self._reply.turn else 0

    def set_volume(self, kind: SoundKind, volume: float) -> None:
        """0 to 1, for what is queued already too, from the next period on. Raises ValueError outside that."""
        self._fader.set_volume(kind, volume)

    def ease(self, at_ease: bool) -> None:
        """Nobody is spoken with: what is to be heard next may be heard a little later."""
        self._at_ease = at_ease

    def alert(self, seconds: float) -> None:
        """So long something may have to be heard as soon as it can, though nobody is spoken with. From any thread."""
        with self._lock:
            self._alert_frames = max(self._alert_frames, round(seconds * self.format.rate_hz))

    def duck(self, *, ducked: bool) -> None:
        """Play everything 12 dB softer from the next period on, or no more; both take their time, and do not click."""
        self._fader.duck(ducked=ducked)

    def _stir(self) -> None:
        if self.on_stirred:
            self.on_stirred()

    # The speaker's thread

    def at_rest(self) -> bool:
        """As `PlayoutSource.at_rest`."""
        with self._lock:
            due = self._reply.open or self._reply.drain_due or self._message.drain_due
            return not (due or self._ring or self._dropping) and self._queue.empty and self._ledger.idle

    def at_ease(self) -> bool:
        """As `PlayoutSource.at_ease`."""
        with self._lock:  # what interrupts a reply drops what the card holds of it
            if self._queue.samples >= ENOUGH_SAMPLES and self._ledger.holds(self._reply):
                return True
        return self._at_ease and self._alert_frames <= 0 and self.at_rest()

    def next_period(self, frames: int) -> bytes:
        """Exactly `frames` frames in the speaker's format; silence if there is nothing to say."""
        notices: list[PlayoutNotice] = []
        with self._lock:
            self._alert_frames -= frames
            parts = self._render(frames, notices)
        for notice in notices:
            self._notify(notice)
        if not parts:
            return self._fader.silence(frames)
        return self._fader.encode([(part.kind, part.samples) for part in parts], frames)

    def period_written(self, frames: int, delay_frames: int) -> None:
        """`frames` more frames were handed to the card, which now holds `delay_frames` not yet heard."""
        with self._lock:
            for owner, count in self._ledger.written(frames, delay_frames):
                owner.heard_frames += count
            drained = self._drained()
        for notice in drained:
            self._notify(notice)

    def dropped(self) -> None:
        """The card's buffer was thrown away: nothing handed over before will be heard. It may have been the rest."""
        with self._lock:
            self._ledger.dropped()
            self._dropping = 0
            drained = self._drained()
        for notice in drained:
            self._notify(notice)

    # Under the lock

    def _drained(self) -> list[PlayoutNotice]:
        """What to report of a finished reply, and of a message, of which nothing is left."""
        notices: list[PlayoutNotice] = []
        if self._is_through(self._reply):
            notices.append(Drained(self._reply.turn, self._heard(self._reply)))
        if self._is_through(self._message):
            notices.append(Told(self._message.turn))
        return notices

    def _is_through(self, reply: Reply) -> bool:
        """Whether it is to be reported that all of it was heard; once."""
        if not reply.drain_due or self._queue.holds(reply) or self._ledger.holds(reply):
            return False
        reply.drain_due = False
        return True

    def _render(self, frames: int, notices: list[PlayoutNotice]) -> list[Pulled]:
        """At most `frames` frames of sound; what lacks is silence."""
        if self._dropping:
            self._dropping -= 1
            self._ledger.rendered(None, frames)
            return []
        parts: list[Pulled] = []
        missing = frames
        while missing and (pulled := self._queue.pull(missing)):
            self._note_flow(pulled.owner, notices)
            self._ledger.rendered(pulled.owner, len(pulled.samples))
            parts.append(pulled)
            missing -= len(pulled.samples)
        if missing:
            self._note_dearth(notices)
        if self._ring and missing == frames:
            parts.append(Pulled(self._ringing, SoundKind.RING, self._ring.next(frames)))
            self._ledger.rendered(self._ringing, frames)
        elif missing:
            self._ledger.rendered(None, missing)
        return parts

    def _note_flow(self, owner: Reply | None, notices: list[PlayoutNotice]) -> None:
        if owner and owner.starved:
            owner.starved = False
            notices.append(Resumed(owner.turn))

    def _note_dearth(self, notices: list[PlayoutNotice]) -> None:
        reply = self._reply
        if reply.open and reply.flowing and not self._queue.holds(reply):
            reply.flowing, reply.starved, reply.waited_frames = False, True, 0
            reply.gaps += 1
            notices.append(Starved(reply.turn))

    def _heard(self, reply: Reply) -> int:
        return round(reply.heard_frames * REPLY_RATE_HZ / self.format.rate_hz)
