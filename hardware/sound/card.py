"""The sound card behind a stream: opened, lost, opened again. Knows what a PCM can do, not the library it is from."""

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Protocol, TypeVar

from hardware.base import PcmFormat
from hardware.errors import HardwareError
from hardware.sound.refusal import Attempt, check_negotiated
from hardware.sound.relapse import WELL_S, Relapse

RETRY_S: Final = (0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts to open a lost card again; the last one repeats, until the card was well for some time."""

STUMBLES: Final = 8
"""So many reads or writes in a row that move no sound, and the card is lost; a busy machine has one now and then."""

STUMBLE_WEIGHT: Final = 2
"""A good period makes up for half a stumble: a card of which every other period fails is lost too, if later."""

DISCONNECTED: Final = 8
"""What ALSA calls the state of a PCM whose card was unplugged."""

_log = logging.getLogger(__name__)


class Pcm(Protocol):
    """What both directions need of `alsaaudio.PCM`, in 0.11's ways; any method may raise its ALSAAudioError."""

    def info(self) -> dict[str, Any]: ...

    def drop(self) -> int:
        """Stop, and throw away what the card holds; the next `write` or `read` starts it again."""
        ...

    def close(self) -> None: ...


class CapturePcm(Pcm, Protocol):
    def read(self) -> tuple[int, bytes]:
        """Blocks for a period; (frames, their bytes), or (-EPIPE, b"") after an overrun: it has recovered."""
        ...

    def avail(self) -> int:
        """Frames that could be read now, or a negative error number."""
        ...


class PlaybackPcm(Pcm, Protocol):
    def write(self, data: bytes) -> int:
        """Blocks while the card is full; frames written, or -EPIPE after an underrun: then nothing was written."""
        ...

    def avail(self) -> int:
        """Frames that could be written now, or a negative error number."""
        ...

    def state(self) -> int:
        """By `snd_pcm_state_t`; see DISCONNECTED."""
        ...


P = TypeVar("P", bound=Pcm)
OpenPcm = Callable[[str, PcmFormat], P]
"""Opens a device by name in a format; may raise ALSAAudioError."""


class Card(Generic[P]):
    """The sound card behind a stream: opened, lost, opened again. Used by one thread at a time."""

    def __init__(
        self,
        attempt: Attempt,
        open_pcm: OpenPcm[P],
        retry_s: Sequence[float],
        *,
        failure: type[Exception],
        explain: Callable[[Attempt, Exception], HardwareError],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`failure` is what a PCM raises, `explain` turns it into the error for one that cannot be opened.

        `clock` (seconds) tells for how long a card has been well.
        """
        self._attempt = attempt
        self._open_pcm = open_pcm
        self._retry_s = retry_s
        self._failure = failure
        self._explain = explain
        self._relapse = Relapse(clock)
        self._failures = 0
        self._unsteady = 0
        self.pcm: P | None = None
        self.buffer_frames = self.period_frames = 0
        self.lost = False

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What using the card may raise when it is gone."""
        return (self._failure, HardwareError)

    def open(self) -> None:
        """Raises HardwareError with the way out."""
        attempt = self._attempt
        try:
            pcm = self._open_pcm(attempt.device, attempt.format)
        except self._failure as error:
            raise self._explain(attempt, error) from error
        try:
            info = pcm.info()
            check_negotiated(attempt, info)
        except BaseException as error:
            with contextlib.suppress(self._failure):
                pcm.close()
            if isinstance(error, self._failure):  # it went away meanwhile
                raise self._explain(attempt, error) from error
            raise
        self.buffer_frames, self.period_frames = info["buffer_size"], info["period_size"]
        self.pcm = pcm
        self._unsteady = 0
        if not self.lost:
            _log.info("%s %r is open, %d frames of buffer", attempt.part.name, attempt.device, self.buffer_frames)

    def close(self) -> None:
        """Does nothing to a closed card."""
        pcm, self.pcm = self.pcm, None
        if pcm:
            with contextlib.suppress(self._failure):
                pcm.drop()  # closing would first play what is left, for as long as a stopped card likes
            with contextlib.suppress(self._failure):
                pcm.close()

    def lose(self, error: Exception) -> bool:
        """Close the card that failed with `error`; True if it was not lost already."""
        self.close()
        newly, self.lost = not self.lost, True
        if newly:
            self._note_loss(error)
        return newly

    def _note_loss(self, error: Exception) -> None:
        """In the journal, unless the card comes and goes: that is said once."""
        name, device = self._attempt.part.name, self._attempt.device
        if self._relapse.failed():
            self._failures = 0
            _log.warning("%s %r is gone: %s", name, device, error)
        elif self._relapse.times == 2:  # the first time that it is no news
            minutes = WELL_S / 60
            _log.warning("%s %r comes and goes; no more of that until it stays for %g minutes", name, device, minutes)

    def stumble(self, what: str) -> None:
        """Note a read or a write that moved no sound; raises HardwareError if there were too many: the card is lost."""
        self._unsteady += STUMBLE_WEIGHT
        if self._unsteady >= STUMBLES * STUMBLE_WEIGHT:
            raise HardwareError(f"{what}, again and again", fix="unplug it and plug it in again, or try another card")

    def found(self) -> bool:
        """Note that the card works; True if it had been lost."""
        self._unsteady = max(0, self._unsteady - 1)
        self._relapse.works()
        self.lost, back = False, self.lost
        if back and self._relapse.times == 1:
            _log.info("%s %r is back", self._attempt.part.name, self._attempt.device)
        return back

    def next_pause_s(self) -> float:
        """How long to wait before the next attempt to open a lost card; longer each time until it was well for long."""
        self._failures += 1
        return self._retry_s[min(self._failures, len(self._retry_s)) - 1]
