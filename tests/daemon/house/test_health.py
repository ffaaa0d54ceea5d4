"""How the sound cards do, in one line; told seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daemon.conversation.events import (
    MicrophoneLost,
    MicrophoneRestored,
    PlayoutResumed,
    PlayoutStarved,
    SoundReturned,
    SoundVanished,
    SpeakerLost,
    SpeakerRestored,
)
from daemon.hearing.return_loss import FIXES as RETURN_LOSS_FIXES
from daemon.hearing.return_loss import NOT_MEASURED
from daemon.house.health import CLIPS, FIXES, REPORT_S, Health
from daemon.sound.echo.echo_path import EchoPath
from daemon.sound.playout import Playout
from hardware.base import CaptureCounters, PcmFormat
from hardware.fake import RecordingSpeaker

if TYPE_CHECKING:
    import pytest

    from daemon.sound.pcm import Samples
    from hardware.base import PlayoutSource

FORMAT = PcmFormat(rate_hz=24_000, period_frames=480)
SOUND = np.full(320, 3_277, np.int16)  # a tenth of full scale
SILENCE = np.zeros(320, np.int16)


class Bench:
    def __init__(self) -> None:
        self.now = 0.0
        self.counters = CaptureCounters()
        self.health = Health(self.counters, lambda: self.now)

    def capture(self, *periods: Samples) -> list[bool]:
        """Whether each was a reason to tell; an eighth of a second passes with each."""
        told = []
        for samples in periods:
            self.now += 0.125
            told.append(self.health.captured(samples))
        return told


def test_what_is_wrong_is_named_as_long_as_it_is() -> None:
    health = Bench().health
    lines = []
    for event in (
        *(MicrophoneLost(), SoundVanished(), SpeakerLost()),
        *(MicrophoneRestored(), SoundReturned(), SpeakerRestored()),
    ):
        health.happened(event)
        lines.append(health.line)
    microphone, zeros, speaker = (
        "the microphone is gone",
        "the microphone delivers nothing but zeros",
        "the speaker is gone",
    )
    assert lines == [
        microphone,
        f"{microphone}; {zeros}",
        f"{microphone}; {zeros}; {speaker}",
        f"{zeros}; {speaker}",
        speaker,
        "",
    ]


def test_nothing_is_told_of_cards_that_do_well(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    bench = Bench()
    assert not any(bench.capture(*[SOUND] * 6_000))
    assert bench.health.line == ""
    assert caplog.records == []


def test_figures_are_told_once_a_minute_at_most(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    bench, told = Bench(), 0
    for _ in range(6_000):
        bench.counters.xruns += 1
        told += sum(bench.capture(SOUND))
    assert told == 6_000 * 0.125 // REPORT_S
    assert len(caplog.records) == told


def test_the_figures_are_those_of_both_cards_and_of_what_is_heard() -> None:
    bench = Bench()
    counters = []

    def make(source: PlayoutSource) -> RecordingSpeaker:
        speaker = RecordingSpeaker(FORMAT, source)
        counters.append(speaker.counters)
        return speaker

    bench.health.of_speaker(make)(Playout(FORMAT, volume=1.0, notify=lambda _: None))
    counters[0].xruns, counters[0].reopened = 3, 1
    bench.counters.dropped_periods = 2
    assert bench.capture(*[SILENCE] * 240, *[SOUND] * 240)[-1]
    assert bench.health.line == (
        "microphone: 480 periods, 240 of zeros, 0 xruns, 2 dropped, reopened 0 times, level -23 dBFS; "
        "speaker: 3 xruns, reopened 1 times, replies waited 0 times"
    )


def test_the_figures_count_by_twenty_milliseconds_however_much_comes_at_once() -> None:
    bench = Bench()
    bench.counters.dropped_periods = 2
    half = np.concatenate([SILENCE, SOUND] * 50)
    assert bench.capture(*[half] * 480)[-1]
    assert bench.health.line.startswith("microphone: 48000 periods, 24000 of zeros,")


def test_a_microphone_that_clips_is_named_until_it_no_longer_does() -> None:
    bench, loud = Bench(), np.where(np.arange(320) % 40 < 3, 32_767, SOUND).astype(np.int16)
    bench.capture(*[SOUND] * 440, *[loud] * 40)  # a plate was dropped
    assert bench.health.line == ""
    assert bench.capture(*[SOUND] * 380, *[-loud - 1] * 100)[-1]
    assert bench.health.line.startswith(f"{CLIPS}; microphone: 960 periods")
    bench.capture(*[SOUND] * 470, *[loud] * 10)
    assert bench.health.line.startswith(CLIPS)
    bench.capture(*[SOUND] * 480)
    assert CLIPS not in bench.health.line


def test_gaps_in_replies_are_counted() -> None:
    bench = Bench()
    for event in (PlayoutStarved(1), PlayoutResumed(1), PlayoutStarved(1)):  # which may just end
        bench.health.happened(event)
    assert bench.capture(*[SOUND] * 480)[-1]
    assert bench.health.line.endswith("speaker: 0 xruns, reopened 0 times, replies waited 1 times")


def test_a_sensor_that_fails_is_named_until_it_is_well_again() -> None:
    health = Bench().health
    health.sensor("garden", '"garden" is not there')
    health.sensor("air", '"air" is not there')
    assert health.line == '"garden" is not there; "air" is not there'
    health.sensor("garden", "")
    health.sensor("garden", "")
    assert health.line == '"air" is not there'


def test_a_canceller_that_was_wanted_and_is_not_there_is_named() -> None:
    health = Bench().health
    health.of_echo(EchoPath(FORMAT, lambda: 0.0, without_library=True))
    assert health.line == "the echo of the speaker stays in what is heard: libspeexdsp is not installed"


def test_what_went_wrong_with_the_echo_is_told_with_the_rest() -> None:
    bench = Bench()
    path = EchoPath(FORMAT, lambda: bench.now)
    bench.health.of_echo(path)
    bench.capture(*[SOUND] * 1_000)
    assert bench.health.line == ""
    for number, ahead in enumerate([0] * 30 + [4_800] * 10):
        path.loopback.played(np.full(480, 1_000, np.int16), 0, number * 0.02)
        path.loopback.captured(number * 320 - ahead, number * 0.02)
    bench.capture(*[SOUND] * 1_000)
    assert bench.health.line.endswith("found elsewhere 0 times, 1 jumps, drift 0 ppm")


def test_clocks_that_are_far_apart_are_a_reason_to_tell() -> None:
    bench = Bench()
    path = EchoPath(FORMAT, lambda: bench.now)
    bench.health.of_echo(path)
    for number in range(4_000):
        path.loopback.played(np.full(480, 1_000, np.int16), 0, number * 0.02)
        path.loopback.captured(number * 320 * (1 - 1e-4), number * 0.02)
    assert [told for told in bench.capture(*[SOUND] * 1_000) if told] == [True]
    assert bench.health.line.endswith("drift 100 ppm")


def test_words_that_were_our_own_are_told_with_the_rest() -> None:
    bench = Bench()
    own = (0, 0)
    bench.health.of_own_words(lambda: own)
    bench.capture(*[SOUND] * 1_000)
    assert bench.health.line == ""
    own = (2, 1)
    bench.capture(*[SOUND] * 1_000)
    assert bench.health.line.endswith("; in what was played 2 wake words and 1 stop words")


def test_a_voice_that_interrupts_nothing_is_named_from_the_start() -> None:
    health = Bench().health
    health.only_by_word(NOT_MEASURED)
    assert health.line == NOT_MEASURED
    assert set(RETURN_LOSS_FIXES) <= set(FIXES)
