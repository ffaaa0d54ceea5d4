"""From what the cards hand over to what is heard, with a playout in between."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.sound.capture import CaptureConverter
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.pcm import Samples, silence
from daemon.sound.playout import Playout
from hardware.base import PcmFormat, PlayoutSource, Speaker
from hardware.fake import RecordingSpeaker
from tests.daemon.sound.echo.test_canceller import Subtracting
from tests.daemon.sound.signals import db, noise, rms

SPEAKER = PcmFormat(rate_hz=24_000, period_frames=480)
PERIODS_HELD = 4


class Kitchen:
    """A card that holds four periods, and a microphone that hears it at once, at half its amplitude."""

    def __init__(self, microphone: PcmFormat, *, cancelling: bool = True) -> None:
        self.now_s = 0.0
        self.path = EchoPath(SPEAKER, lambda: self.now_s, Subtracting if cancelling else None)
        self.playout = Playout(SPEAKER, volume=1.0, notify=lambda _: None)
        self.sources: list[PlayoutSource] = []
        self.path.overhear(self._speaker)(self.playout)
        self.converter = self.path.clean(CaptureConverter(microphone), microphone)
        self.microphone = microphone
        self.card = [bytes(SPEAKER.period_bytes)] * PERIODS_HELD

    def _speaker(self, source: PlayoutSource) -> Speaker:
        self.sources.append(source)
        return RecordingSpeaker(SPEAKER, source)

    def period(self) -> Samples:
        """20 ms of life."""
        (source,) = self.sources
        self.now_s += 0.02
        heard = np.frombuffer(self.card.pop(0), "<i2")
        self.card.append(source.next_period(480))
        source.period_written(480, PERIODS_HELD * 480)
        places = np.linspace(0, 480, self.microphone.period_frames, endpoint=False)
        echo = np.interp(places, np.arange(480), heard) / 2
        return self.converter.convert(echo.astype("<i2").tobytes())


def slow_noise(samples: int) -> Samples:
    """Of low pitch, so that any way from one rate to another will do."""
    return np.repeat(noise(samples // 60), 60)


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_what_the_speaker_plays_is_taken_out_of_what_the_microphone_hears(rate_hz: int) -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=rate_hz, period_frames=rate_hz // 50))
    kitchen.playout.play_sound(slow_noise(48_000))
    out = np.concatenate([kitchen.period() for _ in range(100)])
    assert db(rms(out[16_000:30_000]) / rms(slow_noise(48_000)) * 2) < -10
    assert kitchen.path.faults == (0, 0, 0, 0, 0)
    assert kitchen.path.figures.partition(": ")[2] >= "10 dB taken out"


def test_without_a_canceller_it_is_left_in_and_still_known() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320), cancelling=False)
    kitchen.playout.play_sound(slow_noise(48_000))
    out = np.concatenate([kitchen.period() for _ in range(50)])
    reference, lacking = kitchen.path.loopback.read(12_000, 1_000, early=0)
    assert rms(out[12_000:13_000]) > 1_000
    assert lacking == 0
    assert np.corrcoef(reference, out[12_000:13_000])[0, 1] > 0.95


def test_at_rest_samples_pass_as_they_are() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320))
    assert all(np.array_equal(kitchen.period(), silence(320)) for _ in range(20))


def test_after_a_minute_of_rest_the_next_reply_is_found_where_it_is() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320))
    kitchen.playout.play_sound(slow_noise(24_000))
    for _ in range(50 * 60):
        kitchen.period()
    assert kitchen.path.loopback.rests
    kitchen.playout.play_sound(slow_noise(48_000))
    out = np.concatenate([kitchen.period() for _ in range(100)])
    assert db(rms(out[16_000:30_000]) / rms(slow_noise(48_000)) * 2) < -10
    assert kitchen.path.faults == (0, 0, 0, 0, 0)


def test_the_figures_name_what_went_wrong() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320))
    assert kitchen.path.figures == (
        "echo: 0 dB taken out, 0 frames without all of what was played, 0 of zeros, 0 clipped, "
        "found elsewhere 0 times, 0 jumps, drift 0 ppm"
    )


def test_a_card_that_lies_about_its_delay_is_told_with_by_how_much() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320))
    kitchen.path.loopback.move(1_920)
    assert ", found elsewhere 0 times and now 120 ms later than the cards say, 0 jumps" in kitchen.path.figures


def test_zeros_while_something_plays_are_counted_and_no_fault() -> None:
    kitchen = Kitchen(PcmFormat(rate_hz=16_000, period_frames=320))
    kitchen.playout.play_sound(slow_noise(24_000))
    for _ in range(20):
        kitchen.period()
        kitchen.card[0] = bytes(len(kitchen.card[0]))
    assert int(kitchen.path.figures.partition(" of zeros")[0].rpartition(" ")[2]) > 5
    assert kitchen.path.faults == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(("ppm", "told"), [(20, 0), (100, 1)])
def test_clocks_that_are_far_apart_are_told_once_and_stay_told(ppm: int, told: int) -> None:
    path = EchoPath(PcmFormat(rate_hz=16_000, period_frames=320), lambda: 0.0)
    for number in range(4_000):
        now_s = number * 0.02
        path.loopback.played(np.full(320, 1_000, np.int16), 0, now_s)
        path.loopback.captured(number * 320 * (1 - ppm / 1e6), now_s)
    assert path.loopback.drift_ppm == pytest.approx(ppm, abs=10)
    assert path.faults == (0, 0, 0, 0, told)
    path.loopback.dropped(80.0)
    assert path.faults == (0, 0, 0, 0, told)
