"""The sound card behind a stream: opened, lost, opened again. Knows what a PCM can do, not the library it is from."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, Protocol, TypeVar

from hardware.base import PcmFormat
from hardware.errors import HardwareError
from hardware.refusal import Attempt, check_negotiated

RETRY_S: Final = (0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts to open a lost card again; the last one repeats."""

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


class PlaybackPcm(Pcm, Protocol):
    def write(self, data: bytes) -> int:
        """Blocks while the card is full; frames written, or -EPIPE after an underrun: then nothing was written."""
        ...

    def avail(self) -> int:
        """Frames that could be written now, or a negative error number."""
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
    ) -> None:
        """`failure` is what a PCM raises, `explain` turns it into the error for one that cannot be opened."""
        self._attempt = attempt
        self._open_pcm = open_pcm
        self._retry_s = retry_s
        self._failure = failure
        self._explain = explain
        self._failures = 0
        self.pcm: P | None = None
        self.buffer_frames = 0
        self.lost = False

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
        except BaseException:
            pcm.close()
            raise
        self.buffer_frames = info["buffer_size"]
        self.pcm = pcm
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
        if not self.lost:
            _log.warning("%s %r is gone: %s", self._attempt.part.name, self._attempt.device, error)
        self.lost, newly = True, not self.lost
        return newly

    def found(self) -> bool:
        """Note that the card works; True if it had been lost."""
        self._failures = 0
        self.lost, back = False, self.lost
        return back

    def next_pause_s(self) -> float:
        """How long to wait before the next attempt to open a lost card; longer each time until it is found."""
        self._failures += 1
        return self._retry_s[min(self._failures, len(self._retry_s)) - 1]
