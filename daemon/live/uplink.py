"""What of the user's speech goes up: activity windows over the ring of captured audio.

The conversation names windows by sample positions; nothing outside them is ever handed out. A session pulls from here,
so a window that opened long before its session did is sent first, sample for sample, in a burst. Windows are only
positions: the audio stays in the ring, and a session that replaces a lost one starts the unanswered windows again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from daemon.errors import PipitError
from daemon.sound.pcm import Samples, samples_of_ms, silence

log = logging.getLogger(__name__)

PIECE_SAMPLES: Final = samples_of_ms(40)
"""Google recommends pieces of 20–40 ms. Each costs the same, however long, and they are most of what the loop does
while the user speaks; the last is as short as it has to be, so the end of what was said is sent no later."""
WINDOW_LIMIT: Final = 8


class AudioGone(PipitError):
    """The ring no longer holds what should be sent: better no session than a sentence with a hole in it."""


class Ring(Protocol):
    """The captured audio that is still held: samples `start` to `end`, absolute positions."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    def read(self, start: int, end: int, /) -> Samples: ...


@dataclass(frozen=True, slots=True)
class ActivityStart:
    turn: int


@dataclass(frozen=True, slots=True)
class ActivityEnd:
    turn: int


Outgoing = ActivityStart | bytes | ActivityEnd
"""What is to be sent next; bytes are S16_LE, 16 kHz, mono."""


class _Stage(Enum):
    WAITING = auto()
    OPEN = auto()  # its start was handed out
    CLOSED = auto()  # its end, too


@dataclass(eq=False)
class _Window:
    turn: int
    from_sample: int
    position: int  # the next sample to hand out
    begins: int  # … of another session: what it goes on from is said again with it
    at_sample: int | None = None  # where it ends, once that is known
    went_on: bool = False  # the next begins where it ended
    stage: _Stage = _Stage.WAITING


class Uplink:
    """The queue of activity windows between conversation and session; the loop's thread only.

    It holds at most `WINDOW_LIMIT` windows and drops the oldest beyond that: a user who presses eight times while
    nothing answers is not waiting for the first.
    """

    def __init__(self, ring: Ring, may_send: Callable[[], bool] = lambda: True) -> None:
        """`may_send` is a second bar besides the windows: while it is false, sound waits, and none is handed out."""
        self._ring = ring
        self._may_send = may_send
        self._windows: deque[_Window] = deque()
        self._ended: _Window | None = None
        self._unclosed: int | None = None
        self._changed = asyncio.Event()

    # The conversation's side

    def start(self, turn: int, from_sample: int, *, goes_on: bool = False) -> None:
        """Open the window of `turn` at `from_sample`, which may lie in the past as far as the ring reaches.

        A window that was never ended is abandoned by that. If it `goes_on` from the one that was ended last, another
        session is told both as one: the user had only paused.
        """
        for window in [w for w in self._windows if w.at_sample is None]:
            self._drop(window)
        if len(self._windows) == WINDOW_LIMIT:
            log.warning("turn %d is given up: %d newer ones wait", self._windows[0].turn, WINDOW_LIMIT)
            self._drop(self._windows[0])
        self._windows.append(_Window(turn, from_sample, from_sample, self._beginning(from_sample, goes_on=goes_on)))
        self._changed.set()

    def _beginning(self, from_sample: int, *, goes_on: bool) -> int:
        if not goes_on or not self._ended:
            return from_sample
        self._ended.went_on = True
        return self._ended.begins

    def end(self, turn: int, at_sample: int) -> None:
        """Nothing from `at_sample` on belongs to `turn`; if that lies in the future, the window waits for it."""
        for window in self._windows:
            if window.turn == turn and window.at_sample is None:
                window.at_sample, self._ended = at_sample, window
                self._changed.set()

    def abandon(self) -> None:
        """Hand out nothing more of any window, begun or not."""
        for window in tuple(self._windows):
            self._drop(window)

    def captured(self) -> None:
        """The ring has grown."""
        if self._windows:
            self._changed.set()

    def said(self, turn: int) -> Samples:
        """What was captured of the window of `turn` and is still held; nothing if the service acted upon it."""
        for window in self._windows:
            if window.turn == turn:
                end = self._ring.end if window.at_sample is None else min(window.at_sample, self._ring.end)
                begins = max(window.begins, self._ring.start)
                return self._ring.read(begins, max(begins, end))
        return silence(0)

    # The session's side

    def rewind(self) -> None:
        """A new session is open and knows nothing: every unanswered window starts anew."""
        self._unclosed = None
        self._windows = deque(window for window in self._windows if not window.went_on)
        for window in self._windows:
            window.position, window.stage = window.begins, _Stage.WAITING
        self._changed.set()

    def answered(self, turn: int) -> None:
        """The service acted upon `turn`: it and those before it are not sent again."""
        self._windows = deque(w for w in self._windows if w.turn > turn or w.stage is not _Stage.CLOSED)

    async def next_message(self) -> Outgoing:
        """What to send next, as soon as there is something; for one session at a time. Raises AudioGone."""
        while (message := self._next()) is None:
            self._changed.clear()
            await self._changed.wait()
        return message

    def _next(self) -> Outgoing | None:
        window = next((w for w in self._windows if w.stage is not _Stage.CLOSED), None)
        if window is None:
            return None
        if window.stage is _Stage.OPEN:
            return self._more_of(window)
        if self._unclosed is not None:  # an abandoned window: the service still believes the user is speaking
            turn, self._unclosed = self._unclosed, None
            return ActivityEnd(turn)
        window.stage = _Stage.OPEN
        return ActivityStart(window.turn)

    def _more_of(self, window: _Window) -> bytes | ActivityEnd | None:
        """The next piece of an open window, its end, or None until more is captured or may be sent."""
        limit = self._ring.end if window.at_sample is None else min(self._ring.end, window.at_sample)
        available = limit - window.position
        whole = window.at_sample is not None and self._ring.end >= window.at_sample
        if available >= PIECE_SAMPLES or (whole and available > 0):
            return self._piece(window, min(available, PIECE_SAMPLES)) if self._may_send() else None
        if not whole:
            return None
        window.stage = _Stage.CLOSED
        return ActivityEnd(window.turn)

    def _piece(self, window: _Window, samples: int) -> bytes:
        if window.position < self._ring.start:
            self._drop(window)
            missing = self._ring.start - window.position
            raise AudioGone(
                f"{missing} samples of turn {window.turn} were overwritten before they could be sent",
                fix="check the network: the session took longer to open than Pipit can remember",
            )
        piece = self._ring.read(window.position, window.position + samples)
        window.position += samples
        return piece.astype("<i2", copy=False).tobytes()

    def _drop(self, window: _Window) -> None:
        self._windows.remove(window)
        if window.stage is _Stage.OPEN:
            self._unclosed = window.turn
