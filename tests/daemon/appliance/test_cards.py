"""Sound cards that go away and come back are told once, and as news again only after a time without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.appliance.cards import Cards
from daemon.conversation.events import MicrophoneLost, MicrophoneRestored, SpeakerLost, SpeakerRestored
from daemon.sound.pcm import silence
from hardware.base import PcmFormat
from hardware.fake import Pace, RecordingSpeaker, WavMicrophone
from hardware.sound.relapse import WELL_S
from tests.daemon.offline.live_client import ManualClock

if TYPE_CHECKING:
    from daemon.conversation.events import Event

FORMAT = PcmFormat(rate_hz=16_000, channels=1, period_frames=320)


class Silent:
    def next_period(self, frames: int) -> bytes:
        return bytes(2 * frames)

    def period_written(self, frames: int, delay_frames: int) -> None:
        pass

    def dropped(self) -> None:
        pass


class Bench:
    def __init__(self) -> None:
        self.told: list[Event] = []
        self.clock = ManualClock()
        self.cards = Cards(self.told.append, self.clock)
        self.microphone = WavMicrophone(silence(0), FORMAT, pace=Pace.CONSUMER)
        self.speaker = RecordingSpeaker(FORMAT, Silent(), pace=Pace.CONSUMER)
        self.cards.watch(self.microphone, self.speaker)

    def happens(self, to: WavMicrophone | RecordingSpeaker, *, lost: bool) -> None:
        told = to.on_lost if lost else to.on_restored
        assert told
        told()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_microphone_that_comes_and_goes_is_news_once(bench: Bench) -> None:
    for _ in range(2):
        bench.happens(bench.microphone, lost=True)
        bench.happens(bench.microphone, lost=False)
    once, again = MicrophoneLost(again=False), MicrophoneLost(again=True)
    assert bench.told == [once, MicrophoneRestored(), again, MicrophoneRestored()]


def test_a_microphone_that_was_well_for_long_is_news_again(bench: Bench) -> None:
    bench.happens(bench.microphone, lost=True)
    bench.happens(bench.microphone, lost=False)
    bench.clock.now_s += WELL_S
    bench.happens(bench.microphone, lost=True)
    assert bench.told[-1] == MicrophoneLost(again=False)


def test_a_speaker_that_comes_back_says_so_once(bench: Bench) -> None:
    for _ in range(2):
        bench.happens(bench.speaker, lost=True)
        bench.happens(bench.speaker, lost=False)
    assert bench.told == [SpeakerLost(), SpeakerRestored(again=False), SpeakerLost(), SpeakerRestored(again=True)]


def test_a_speaker_that_stood_still_and_then_is_gone_was_lost_once(bench: Bench) -> None:
    bench.happens(bench.speaker, lost=True)
    assert bench.cards.speaker_away
    bench.happens(bench.speaker, lost=True)
    assert bench.told == [SpeakerLost()]


def test_a_speaker_that_was_never_away_does_not_come_back(bench: Bench) -> None:
    bench.happens(bench.speaker, lost=False)
    assert bench.told == []
    assert not bench.cards.speaker_away
