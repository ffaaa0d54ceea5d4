"""From periods to what is heard in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import SoundReturned, SoundVanished, UtteranceStarted, WakeWordDetected
from daemon.hearing.ears import Ears
from daemon.hearing.short_utterances import ShortUtterance
from daemon.sound.capture import CaptureConverter
from daemon.sound.preroll import AudioRing
from hardware.base import PcmFormat
from hardware.fake import Pace, WavMicrophone

if TYPE_CHECKING:
    from daemon.conversation.events import Event
    from daemon.hearing.listener import Heard
    from daemon.sound.pcm import Samples

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)


class ScriptedListener:
    """Hears a wake word in the chunk that holds the sample of value 1, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[int, Samples]] = []
        self.watches: list[tuple[int, int, int]] = []
        self.watching = self.short = False
        self.says: list[Heard] = []

    def hear(self, samples: Samples, at: int) -> list[Heard]:
        self.given.append((at, samples))
        if self.says and at + len(samples) >= 28_000:
            return [self.says.pop()]
        found = np.flatnonzero(samples == 1) if not self.short else []
        return [WakeWordDetected("word", at + int(found[0]))] if len(found) else []

    def watch(self, from_sample: int, captured: Samples, at: int) -> list[Heard]:
        self.watching = True
        self.watches.append((from_sample, at, len(captured)))
        return [UtteranceStarted(from_sample)]

    def stop_watching(self) -> None:
        self.watching = False

    def listen_for_short(self, *, wanted: bool) -> None:
        self.short = wanted


class Bench:
    """Ears on a bench: a recording in, events out."""

    def __init__(self, audio: Samples, format_: PcmFormat = FORMAT) -> None:
        self.listener = ScriptedListener()
        self.ring = AudioRing(16_000 * 60)
        self.events: list[Event] = []
        self.captured = 0
        self.microphone = WavMicrophone(audio, format_, pace=Pace.CONSUMER)
        self.ears = Ears(
            self.microphone,
            CaptureConverter(format_),
            self.ring,
            self.listener,  # type: ignore[arg-type]
            on_captured=self._captured,
            on_heard=self._heard,
        )

    def _captured(self, samples: Samples) -> None:
        self.captured += len(samples)

    def _heard(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, WakeWordDetected):
            self.ears.watch(event.at)


def marked(samples: int, mark: int) -> Samples:
    audio = np.zeros(samples, np.int16)
    audio[mark] = 1
    return audio


async def test_every_sample_is_heard_once_in_order_and_kept_in_the_ring() -> None:
    bench = Bench(marked(32_000, 20_000))
    await bench.ears.run()
    position = 0
    for at, samples in bench.listener.given:
        assert at == position
        position += len(samples)
    assert position == bench.captured == bench.ring.end == 32_000
    assert np.flatnonzero(bench.ring.read(0, 32_000)).tolist() == [20_000]


async def test_what_is_heard_is_told_and_the_watch_it_leads_to_reaches_back() -> None:
    bench = Bench(marked(32_000, 20_000))
    await bench.ears.run()
    assert bench.events == [WakeWordDetected("word", 20_000), UtteranceStarted(20_000)]
    ((from_sample, at, given),) = bench.listener.watches
    assert from_sample - at == 8_000, "half a second to warm up"
    assert at + given <= 32_000


async def test_hearing_is_reported_once_the_first_audio_was_judged() -> None:
    bench = Bench(marked(1_280, 5))
    assert not bench.ears.hearing.is_set()
    await bench.ears.run()
    assert bench.ears.hearing.is_set()


def recording(*seconds: int) -> Samples:
    """So many seconds of zeros, of sound, of zeros, …"""
    pieces = [np.tile(np.array([0, 2 * (index % 2)], np.int16), s * 8_000) for index, s in enumerate(seconds)]
    return np.concatenate(pieces)


async def test_a_microphone_that_delivers_zeros_alone_is_told_once_and_opened_anew_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = Bench(recording(120))
    await bench.ears.run()
    assert [event for event in bench.events if isinstance(event, SoundVanished | SoundReturned)] == [SoundVanished()]
    assert bench.microphone.counters.reopened == 1
    assert caplog.text.count("the microphone delivers no sound, only zeros") == 1


async def test_sound_that_returns_is_told_once_and_a_mute_key_does_not_fill_the_journal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    bench = Bench(recording(6, 6, 6, 6, 6, 6))
    await bench.ears.run()
    events = [event for event in bench.events if isinstance(event, SoundVanished | SoundReturned)]
    assert events == [SoundVanished(), SoundReturned()] * 3
    told = [record.getMessage().partition(",")[0] for record in caplog.records]
    assert [line for line in told if "delivers" in line] == [
        "the microphone delivers no sound",
        "the microphone delivers sound again",
    ]
    assert bench.microphone.counters.reopened == 1


async def test_zeros_are_news_again_after_ten_good_minutes(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(recording(6, 601, 6), PcmFormat(rate_hz=16_000, period_frames=3_200))  # few periods, for so long
    await bench.ears.run()
    assert caplog.text.count("the microphone delivers no sound, only zeros") == 2
    assert bench.microphone.counters.reopened == 2


async def test_our_own_mute_is_no_fault() -> None:
    bench = Bench(recording(30))
    bench.ears.mute(muted=True)
    await bench.ears.run()
    assert bench.events == []
    assert bench.microphone.counters.reopened == 0


async def test_muting_ends_what_was_told_of_zeros() -> None:
    bench = Bench(recording(6))
    await bench.ears.run()
    bench.ears.mute(muted=True)
    bench.ears.mute(muted=False)
    assert bench.events == [SoundVanished(), SoundReturned()]


async def test_a_microphone_that_fails_ends_the_ears() -> None:
    class Broken(WavMicrophone):
        async def periods(self):  # type: ignore[no-untyped-def, override]
            yield b"\0" * 640
            raise OSError("no such device")

    bench = Bench(marked(320, 0))
    bench.ears._microphone = Broken(marked(320, 0), FORMAT)
    with pytest.raises(ExceptionGroup) as failure:
        await bench.ears.run()
    assert failure.group_contains(OSError, match="no such device")


async def test_what_is_said_shortly_is_given_with_the_room_before_it_while_that_is_wanted() -> None:
    said = ShortUtterance(20_000, 24_000, 28_000)
    audio = np.arange(1, 32_001).astype(np.int16)
    for wanted in (True, False):
        bench = Bench(audio)
        given: list[tuple[ShortUtterance, Samples]] = []
        bench.ears._on_short = lambda utterance, samples, given=given: given.append((utterance, samples))  # type: ignore[misc]
        bench.listener.says = [said]
        bench.ears.listen_for_short(wanted=True)
        bench.ears.listen_for_short(wanted=wanted)
        await bench.ears.run()
        assert [(utterance, len(samples), samples[0]) for utterance, samples in given] == [
            (said, 16_000, 12_001)
        ] * wanted
        assert bench.listener.short is wanted
        assert said not in bench.events
