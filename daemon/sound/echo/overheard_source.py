"""What the speaker's thread really wrote, told to the loopback on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.sound.pcm import rounded
from hardware.pcm_bytes import FULL_SCALE, channel_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.echo.loopback import Loopback
    from daemon.sound.pcm import Samples
    from hardware.base import PcmFormat, PlayoutSource


class OverheardSource:
    """A `PlayoutSource` like the one that it is given. Everything on the speaker's thread but `on_stirred`."""

    def __init__(
        self, source: PlayoutSource, pcm_format: PcmFormat, loopback: Loopback, now_s: Callable[[], float]
    ) -> None:
        """`now_s` is the clock of the loopback, for any thread."""
        self._source = source
        self._format = pcm_format
        self._loopback = loopback
        self._now_s = now_s
        self._period = self._zeros = b""
        self._passed = 0  # frames of silence that were written while the loopback rested

    @property
    def on_stirred(self) -> Callable[[], None] | None:
        return self._source.on_stirred

    @on_stirred.setter
    def on_stirred(self, stirred: Callable[[], None] | None) -> None:
        self._source.on_stirred = stirred

    def at_rest(self) -> bool:
        return self._source.at_rest()

    def at_ease(self) -> bool:
        return self._source.at_ease()

    def next_period(self, frames: int) -> bytes:
        self._period = self._source.next_period(frames)
        return self._period

    def period_written(self, frames: int, delay_frames: int) -> None:
        """The clock is read first: what the card holds is known of this moment."""
        if self._loopback.rests and self._is_silent():
            self._passed += frames
        else:
            now_s = self._now_s()
            self._tell_passed()
            self._loopback.played(self._mono(), delay_frames, now_s)
        self._source.period_written(frames, delay_frames)

    def dropped(self) -> None:
        self._tell_passed()
        self._loopback.dropped(self._now_s())
        self._source.dropped()

    def _is_silent(self) -> bool:
        if len(self._zeros) != len(self._period):
            self._zeros = bytes(len(self._period))
        return self._period == self._zeros

    def _tell_passed(self) -> None:
        if self._passed:
            self._loopback.passed(self._passed)
            self._passed = 0

    def _mono(self) -> Samples:
        """Every channel is the same."""
        values = channel_values(self._period, self._format, 0)
        if values.dtype == np.int16:
            return values.astype(np.int16, copy=False)
        scale = np.float32(FULL_SCALE["S16_LE"] / FULL_SCALE[self._format.sample_format])
        return rounded(values.astype(np.float32) * scale)
