"""What the speaker's thread really wrote, told to the loopback on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
        self._period = b""

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
        now_s = self._now_s()
        self._loopback.played(self._mono(), delay_frames, now_s)
        self._source.period_written(frames, delay_frames)

    def dropped(self) -> None:
        self._loopback.dropped(self._now_s())
        self._source.dropped()

    def _mono(self) -> Samples:
        """Every channel is the same."""
        wide = self._format.sample_format == "S32_LE"
        values = np.frombuffer(self._period, "<i4" if wide else "<i2")[:: self._format.channels]
        return (values >> 16).astype(np.int16) if wide else values
