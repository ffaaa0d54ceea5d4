"""Two cards that cost nothing, for what an echo path around them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.pcm import Samples, from_bytes, samples_of_ms
from hardware.base import PcmFormat
from hardware.fake import RecordingSpeaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.capture import Converter
    from daemon.sound.echo.canceller import FrameCanceller
    from hardware.base import PlayoutSource

SPEAKER: Final = PcmFormat(rate_hz=24_000, period_frames=480)
MICROPHONE: Final = PcmFormat(rate_hz=16_000, period_frames=320)
HELD_FRAMES: Final = 1_920


class _Saying:
    """A source that says what it is told."""

    def __init__(self) -> None:
        self.on_stirred: Callable[[], None] | None = None
        self.period = b""

    def next_period(self, frames: int) -> bytes:  # noqa: ARG002
        return self.period

    def period_written(self, frames: int, delay_frames: int) -> None: ...
    def dropped(self) -> None: ...

    def at_rest(self) -> bool:
        return False


class _Passing:
    """A converter that has nothing to convert."""

    def convert(self, period: bytes) -> Samples:
        return from_bytes(period)


class Cards:
    """With the path that takes out the echo by what `make_frames` makes, or without any."""

    def __init__(self, make_frames: Callable[[], FrameCanceller] | None) -> None:
        self.now_s = 0.0
        self._saying = _Saying()
        self._source: PlayoutSource = self._saying
        self._converter: Converter = _Passing()
        if make_frames:
            path = EchoPath(SPEAKER, lambda: self.now_s, make_frames)
            path.overhear(self._made)(self._source)
            self._converter = path.clean(self._converter, MICROPHONE)

    def _made(self, source: PlayoutSource) -> RecordingSpeaker:
        self._source = source
        return RecordingSpeaker(SPEAKER, source)

    def run(self, sound: Samples) -> None:
        """Play it, and hear it when the card has played what it held before."""
        heard = np.roll(sound, samples_of_ms(HELD_FRAMES * 1_000 // SPEAKER.rate_hz)).tobytes()
        played = np.repeat(sound, 2)[: len(sound) * 3 // 2].tobytes()
        out, back = SPEAKER.period_bytes, MICROPHONE.period_bytes
        for period in range(len(sound) // MICROPHONE.period_frames):
            self.now_s += 0.02
            self._saying.period = played[period * out : period * out + out]
            self._source.next_period(SPEAKER.period_frames)
            self._source.period_written(SPEAKER.period_frames, HELD_FRAMES)
            self._converter.convert(heard[period * back : period * back + back])
