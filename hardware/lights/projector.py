"""Shows a film on a row of lights, in a thread of its own: a bus or a device that hangs holds nobody up.

Between two frames it sleeps, and after the last one of a film that stands still until there is another.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hardware.errors import HardwareError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardware.base import Film, Pixels

AGAIN_S: Final = 5.0
"""So long after lights went away they are looked for again."""
PATIENCE_S: Final = 2.0
"""What a stop waits for a device that hangs; the thread does not keep the process."""
NOTHING: Final[Film] = ((b"", None),)

_log = logging.getLogger(__name__)


class Projector:
    """`start`, then `show` from any thread, then `stop`. All that touches the lights happens in its thread."""

    def __init__(
        self, pixels: Pixels, *, clock: Callable[[], float] = time.monotonic, patience_s: float = PATIENCE_S
    ) -> None:
        self._pixels = pixels
        self._patience_s = patience_s
        self._clock = clock
        self._film: Film = NOTHING
        self._shown: Film = NOTHING
        self._place = 0
        self._due_s: float | None = 0.0  # None: what is shown stands still
        self._again_s = 0.0
        self._written = b""
        self._open = self._lost = False
        self._ending = False
        self._stirred = threading.Lock()  # released by who has news: to wait for it costs half of what an Event does
        self._stirred.acquire()
        self._thread = threading.Thread(target=self._run, name="lights", daemon=True)

    def start(self) -> None:
        """The lights are opened, and dark, soon; those that cannot be are told, and looked for again and again."""
        self._thread.start()

    def show(self, film: Film) -> None:
        """From its first frame on, in place of what is shown; the same film again goes on."""
        if film is not self._film:
            self._film = film
            self._stir()

    def stop(self) -> None:
        """Dark, as far as that can be done. Blocks while the last frame is written."""
        self._ending = True
        self._stir()
        self._thread.join(self._patience_s)
        if self._thread.is_alive():
            _log.error("%s do not answer, and may stay lit", self._pixels.name)

    def _stir(self) -> None:
        with suppress(RuntimeError):  # it is stirred already, and has not seen it yet
            self._stirred.release()

    # The lights' thread

    def _run(self) -> None:
        try:
            while not self._ending:
                wait_s = self.step(self._clock())
                self._stirred.acquire(timeout=-1 if wait_s is None else wait_s)
        finally:
            self._pixels.close()

    def step(self, now_s: float) -> float | None:
        """Show what is due; how many seconds until the next frame is, None if none is."""
        if not self._open and (wait_s := self._opened(now_s)) is not None:
            return wait_s
        if self._film is not self._shown:
            self._shown, self._place, self._due_s = self._film, 0, now_s
        elif self._due_s is None:
            return None
        elif now_s < self._due_s:
            return self._due_s - now_s
        else:
            self._place += 1
        frame, seconds = self._shown[self._place % len(self._shown)]
        if not self._wrote(frame):
            return AGAIN_S
        if seconds is None:
            self._due_s = None
            return None
        self._due_s = max(self._due_s + seconds, now_s)  # after a halt it goes on, and makes up for nothing
        return self._due_s - now_s

    def _opened(self, now_s: float) -> float | None:
        """None if they are open now, else how long to wait."""
        if self._lost and now_s < self._again_s:
            return self._again_s - now_s
        try:
            self._pixels.open()
        except HardwareError as error:
            return self._lose(error, now_s)
        if self._lost:
            _log.info("%s are there again", self._pixels.name)
        self._open, self._lost = True, False
        self._shown, self._written = NOTHING, b""
        return None

    def _wrote(self, frame: bytes) -> bool:
        if frame == self._written or not frame:
            return True
        try:
            self._pixels.write(frame)
        except HardwareError as error:
            self._lose(error, self._clock())
            return False
        self._written = frame
        return True

    def _lose(self, error: HardwareError, now_s: float) -> float:
        """A light that fails is no reason to fall silent."""
        if not self._lost:
            _log.error("%s", error)
        if self._open:
            self._pixels.close()
        self._open, self._lost, self._again_s = False, True, now_s + AGAIN_S
        return AGAIN_S
