"""A sound card that is none, for clients that want one: a recording in real time, and a speaker as slow.

Has no import but of the standard library's: it runs in the environments of others.
"""

import threading
import time
from typing import Final

from tests.benchmarks.peers.client_log import note

GAP_S: Final = 0.3
"""After so long without sound the next is a new one."""
HELD_S: Final = 0.08
"""What a card holds before it makes its writer wait."""


class Microphone:
    """16-bit samples in one channel."""

    def __init__(self, sound: bytes, rate_hz: int) -> None:
        self._sound, self._rate_hz, self._at, self._begun_s = sound, rate_hz, 0, 0.0

    def read(self, frames: int) -> bytes:
        """The next frames, when they were heard; silence after the recording. Blocks."""
        if not self._at:
            self._begun_s = time.monotonic()
            note("microphone", self._begun_s)
        self._at += frames
        time.sleep(max(0.0, self._begun_s + self._at / self._rate_hz - time.monotonic()))
        return self._sound[2 * (self._at - frames) : 2 * self._at].ljust(2 * frames, b"\0")


class Speaker:
    """Notes when sound begins, and when the last that was written has left it."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz, self._played_to_s, self._sounding = rate_hz, 0.0, False
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def write(self, sound: bytes) -> None:
        """Blocks while the card holds enough."""
        now_s = time.monotonic()
        with self._lock:
            if any(sound):
                if not self._sounding:
                    note("sound", now_s)
                self._sounding = True
                self._played_to_s = max(self._played_to_s, now_s) + len(sound) / 2 / self._rate_hz
            ahead_s = max(self._played_to_s - now_s, len(sound) / 2 / self._rate_hz if not any(sound) else 0.0)
        time.sleep(max(0.0, ahead_s - HELD_S))

    def _watch(self) -> None:
        while True:
            time.sleep(0.02)
            with self._lock:
                if self._sounding and time.monotonic() - self._played_to_s > GAP_S:
                    self._sounding = False
                    note("silence", self._played_to_s)
