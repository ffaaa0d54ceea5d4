"""The queue inside the playout: pieces of replies and earcons in, the speaker's samples out."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from daemon.sound.pcm import REPLY_RATE_HZ, Samples, silence
from daemon.sound.resample import Resampler
from daemon.sound.sound_kind import SoundKind

LONGEST_QUEUE_SAMPLES: Final = 300 * REPLY_RATE_HZ
"""A model may send minutes of speech in seconds; five of them take 15 MB."""


REGATHER_MS: Final = 200
"""What a reply gathers after a gap: of a line that stutters the next hole is covered; a fast one has it in no time."""


@dataclass(eq=False)
class Reply:
    """What is known of the reply to one turn, or of a message from elsewhere, which answers none.

    Frames are the speaker's.
    """

    turn: int  # or the number of the message
    open: bool = False  # audio has come, and more may
    flowing: bool = False  # it is not, or no longer, held back to gather audio
    starved: bool = False
    drain_due: bool = False  # it was finished, and that it has been heard is still to be reported
    waited_frames: int = 0  # for how long it was held back
    heard_frames: int = 0
    gaps: int = 0  # how often it starved
    rate_hz: int = 0
    resampler: Resampler | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of mono sound. Without a reply it is one of the device's own, already at the speaker's rate."""

    samples: Samples
    rate_hz: int
    reply: Reply | None = None
    last: bool = False  # empty: it marks the end of the reply
    kind: SoundKind = SoundKind.VOICE


@dataclass(frozen=True, slots=True, eq=False)
class Pulled:
    """What comes next, at the speaker's rate, and whose it is."""

    owner: Reply | None
    kind: SoundKind
    samples: Samples


class PlayoutQueue:
    """First in, first out; resamples a period's worth at a time, when it is asked for. Not thread-safe.

    Bounded: refuses a piece with which it would hold more than five minutes' worth of reply samples.
    """

    def __init__(self, rate_hz: int, prebuffer_ms: float = 0) -> None:
        self._rate_hz = rate_hz
        self._prebuffer_ms = prebuffer_ms
        self._pieces: deque[Piece] = deque()
        self.samples = 0
        """So many wait, each piece at its own rate."""
        self._ready = silence(0)
        self._ready_of: Reply | None = None
        self._ready_kind = SoundKind.VOICE

    def add(self, piece: Piece) -> bool:
        """Whether there was room for it."""
        if self.samples + len(piece.samples) > LONGEST_QUEUE_SAMPLES:
            return False
        self._pieces.append(piece)
        self.samples += len(piece.samples)
        return True

    def clear(self) -> None:
        """Drop everything."""
        self._pieces.clear()
        self.samples = 0
        self._ready = silence(0)

    @property
    def empty(self) -> bool:
        return not self._pieces and not len(self._ready)

    def holds(self, reply: Reply) -> bool:
        """Whether anything of `reply` is still to be played, or its end to be reached."""
        ready = self._ready_of is reply and len(self._ready) > 0
        return ready or any(piece.reply is reply for piece in self._pieces)

    def pull(self, frames: int) -> Pulled | None:
        """What comes next, at most `frames` long; None if there is nothing.

        Asked once a period until it has given enough, it also counts for how long a reply is held back.
        """
        while not len(self._ready):
            if not self._pieces or self._holds_back(self._pieces[0], frames):
                return None
            self._advance(self._pieces[0], frames)
        now, self._ready = self._ready[:frames], self._ready[frames:]
        return Pulled(self._ready_of, self._ready_kind, now)

    def _holds_back(self, piece: Piece, frames: int) -> bool:
        reply = piece.reply
        if reply is None or reply.flowing or not reply.open:
            return False
        gathered_ms = sum(len(p.samples) * 1000 / p.rate_hz for p in self._pieces if p.reply is reply)
        waited_ms = reply.waited_frames * 1000 / self._rate_hz
        needed_ms = max(self._prebuffer_ms, REGATHER_MS if reply.gaps else 0)
        reply.flowing = max(gathered_ms, waited_ms) >= needed_ms
        reply.waited_frames += frames
        return not reply.flowing

    def _advance(self, piece: Piece, frames: int) -> None:
        """Make about `frames` frames of the first piece ready."""
        count = -(-frames * piece.rate_hz // self._rate_hz)  # rounded up
        part, rest = piece.samples[:count], piece.samples[count:]
        self.samples -= len(part)
        if len(rest):
            self._pieces[0] = replace(piece, samples=rest)
        else:
            self._pieces.popleft()
        self._ready_of, self._ready_kind = piece.reply, piece.kind
        self._ready = self._resample(piece.reply, part, piece) if piece.reply else part

    def _resample(self, reply: Reply, part: Samples, piece: Piece) -> Samples:
        """`part` at the speaker's rate; a reply that ends, or goes on at another rate, gives up what was held back."""
        held_back = silence(0)
        if reply.resampler and (piece.last or piece.rate_hz != reply.rate_hz):
            held_back, reply.resampler = reply.resampler.flush(), None
        if piece.last:
            return held_back
        if reply.resampler is None:
            reply.resampler, reply.rate_hz = Resampler(piece.rate_hz, self._rate_hz), piece.rate_hz
        return np.concatenate((held_back, reply.resampler.process(part)))
