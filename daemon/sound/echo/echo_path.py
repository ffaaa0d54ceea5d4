"""Between the microphone and the speaker of one appliance: what is done about the echo, and how that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.sound.echo.canceller import EchoCanceller, EchoCounters
from daemon.sound.echo.loopback import Loopback
from daemon.sound.echo.overheard_source import OverheardSource
from daemon.sound.pcm import CAPTURE_RATE_HZ, ms_of_samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.capture import Converter
    from daemon.sound.echo.canceller import FrameCanceller
    from daemon.sound.pcm import Samples
    from hardware.base import PcmFormat, PlayoutSource, Speaker


FAR_APART_PPM: Final = 50.0
"""Two crystals are within it; more is a clock that is worth being told of."""


class EchoPath:
    """Knows what is played while the microphone hears it, and takes that out if it has a canceller."""

    def __init__(
        self,
        speaker_format: PcmFormat,
        now_s: Callable[[], float],
        make_frames: Callable[[], FrameCanceller] | None = None,
        *,
        by_board: bool = False,
        without_library: bool = False,
    ) -> None:
        """`make_frames` is called when something is played for the first time; without it nothing is taken out.

        `now_s` is one clock in seconds, for any thread. `by_board`: what the microphone delivers has no echo in it.
        `without_library`: it was wanted, and cannot be.
        """
        self.loopback = Loopback(speaker_format.rate_hz)
        self.taken_out = by_board or make_frames is not None
        """Whether what comes of the microphone is without the echo, by whom ever."""
        self.without_library = without_library
        self._format = speaker_format
        self._now_s = now_s
        self._far_apart = False  # once found: what wanders around the bound is told once
        self._canceller = EchoCanceller(make_frames, self.loopback) if make_frames else None

    def overhear(self, make: Callable[[PlayoutSource], Speaker]) -> Callable[[PlayoutSource], Speaker]:
        """The same maker; what the speaker that it makes plays is known here."""
        return lambda source: make(OverheardSource(source, self._format, self.loopback, self._now_s))

    def clean(self, converter: Converter, microphone_format: PcmFormat) -> Converter:
        """What `converter` makes of the microphone's sound, without the echo."""
        return _Cleaned(converter, microphone_format, self.loopback, self._canceller, self._now_s)

    @property
    def faults(self) -> tuple[int, ...]:
        """Counts of what is worth being told, in the order of `figures`; all zero while nothing went wrong.

        The last is whether the clocks were ever found far apart. Zeros are no fault: whoever mutes has them.
        """
        counters, jumps = self.counters, self.loopback.jumps
        self._far_apart |= abs(self.loopback.drift_ppm) >= FAR_APART_PPM
        return (counters.lacking_frames, counters.clipped_frames, counters.moved, jumps, int(self._far_apart))

    @property
    def counters(self) -> EchoCounters:
        """All zero where nothing is taken out."""
        return self._canceller.counters if self._canceller else EchoCounters()

    @property
    def figures(self) -> str:
        """For the journal and the status."""
        counters, lag_ms = self.counters, ms_of_samples(self.loopback.lag_samples)
        taken = f"{counters.taken_db:.0f} dB taken out, " if self._canceller else ""
        later = f" and now {lag_ms:.0f} ms later than the cards say" if lag_ms else ""
        return (
            f"echo: {taken}{counters.lacking_frames} frames without all of what was played, "
            f"{counters.zero_frames} of zeros, {counters.clipped_frames} clipped, "
            f"found elsewhere {counters.moved} times{later}, {self.loopback.jumps} jumps, "
            f"drift {self.loopback.drift_ppm:.0f} ppm"
        )


class _Cleaned:
    """In the microphone's thread."""

    def __init__(
        self,
        converter: Converter,
        microphone_format: PcmFormat,
        loopback: Loopback,
        canceller: EchoCanceller | None,
        now_s: Callable[[], float],
    ) -> None:
        self._converter = converter
        self._frame_bytes = microphone_format.frame_bytes
        self._scale = CAPTURE_RATE_HZ / microphone_format.rate_hz
        self._loopback = loopback
        self._canceller = canceller
        self._now_s = now_s
        self._frames = 0  # counted as they come from the card: a resampler keeps some back, now more, now fewer

    def convert(self, period: bytes) -> Samples:
        """As `CaptureConverter.convert`."""
        self._frames += len(period) // self._frame_bytes
        if self._loopback.rests and not (self._canceller and self._canceller.active):
            return self._pass_by(self._converter.convert(period))
        self._loopback.captured(self._frames * self._scale, self._now_s())
        samples = self._converter.convert(period)
        return self._canceller.clean(samples) if self._canceller else samples

    def _pass_by(self, samples: Samples) -> Samples:
        if self._canceller:
            self._canceller.pass_by(len(samples))
        return samples
