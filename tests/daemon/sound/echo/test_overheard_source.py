"""The source behind it notices nothing; the loopback is told what was written, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.sound.echo.loopback import Loopback
from daemon.sound.echo.overheard_source import OverheardSource
from hardware.base import PcmFormat
from hardware.pcm_bytes import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from daemon.sound.pcm import Samples
    from hardware.base import SampleFormat

FRAMES = 480


class Source:
    def __init__(self, period: bytes) -> None:
        self.on_stirred: Callable[[], None] | None = None
        self.period = period
        self.told: list[object] = []

    def next_period(self, frames: int) -> bytes:
        self.told.append(frames)
        return self.period

    def period_written(self, frames: int, delay_frames: int) -> None:
        self.told.append((frames, delay_frames))

    def dropped(self) -> None:
        self.told.append("dropped")

    def at_rest(self) -> bool:
        return True


class Told(Loopback):
    def __init__(self) -> None:
        super().__init__(24_000)
        self.told: list[tuple[list[int], int, float]] = []
        self.drops: list[float] = []

    def played(self, samples: Samples, delay_frames: int, at_s: float) -> None:
        self.told.append((samples[:3].tolist(), delay_frames, at_s))

    def passed(self, frames: int) -> None:
        self.told.append(([], frames, 0.0))

    def dropped(self, at_s: float) -> None:
        self.drops.append(at_s)


@pytest.mark.parametrize(
    ("sample_format", "channels"),
    [("S16_LE", 1), ("S16_LE", 2), ("S24_3LE", 1), ("S24_LE", 2), ("S32_LE", 2), ("FLOAT_LE", 6)],
)
def test_what_is_written_is_told_when_it_is(sample_format: SampleFormat, channels: int) -> None:
    pcm_format = PcmFormat(rate_hz=24_000, channels=channels, sample_format=sample_format, period_frames=FRAMES)
    source, loopback = Source(bytes_of(np.arange(-3.0, FRAMES - 3), pcm_format)), Told()
    overheard = OverheardSource(source, pcm_format, loopback, lambda: 7.0)
    assert overheard.next_period(FRAMES) == source.period
    assert loopback.told == []
    overheard.period_written(FRAMES, 960)
    overheard.dropped()
    assert loopback.told == [([-3, -2, -1], 960, 7.0)]
    assert loopback.drops == [7.0]
    assert source.told == [FRAMES, (FRAMES, 960), "dropped"]


def test_who_wakes_the_speaker_wakes_it_through_here() -> None:
    source = Source(b"")
    overheard = OverheardSource(source, PcmFormat(rate_hz=24_000, period_frames=FRAMES), Told(), lambda: 0.0)
    overheard.on_stirred = lambda: source.told.append("stirred")
    assert source.on_stirred
    source.on_stirred()
    assert overheard.on_stirred is source.on_stirred
    assert source.told == ["stirred"]
    assert overheard.at_rest()


def test_silence_at_rest_is_counted_and_told_with_what_comes_after_it() -> None:
    pcm_format = PcmFormat(rate_hz=24_000, period_frames=FRAMES)
    source, loopback = Source(bytes(2 * FRAMES)), Told()
    overheard = OverheardSource(source, pcm_format, loopback, lambda: 7.0)
    for _ in range(3):
        overheard.next_period(FRAMES)
        overheard.period_written(FRAMES, 960)
    assert loopback.told == []
    source.period = bytes([1, 0]) * FRAMES
    overheard.next_period(FRAMES)
    overheard.period_written(FRAMES, 960)
    assert loopback.told == [([], 3 * FRAMES, 0.0), ([1, 1, 1], 960, 7.0)]
    assert source.told.count((FRAMES, 960)) == 4
