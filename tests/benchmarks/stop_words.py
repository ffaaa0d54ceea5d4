"""Who says "stop", what resembles it, and how what a microphone heard is read as the appliance reads it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.hearing.short_utterances import BEFORE_SAMPLES, ShortUtterances
from daemon.hearing.stop_word import StopWord
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.sound.ring_tone import RingTone
from daemon.sound.wav import read_audio
from daemon.speech.synthesis import Espeak, Flite
from tests.benchmarks.echo_room import VOICE_RMS, Said

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.brain.recognition.recogniser import Recogniser
    from daemon.hearing.short_utterances import ShortUtterance
    from tests.benchmarks.echo_room import Sound

STOPS: Final = ("stop", "stop it", "please stop")
RESEMBLING: Final = (
    "step",
    "shop",
    "top",
    "start",
    "drop",
    "stock",
    "spot",
    "stuff",
    "hop",
    "stopped",
    "stoop",
    "store",
)
SENTENCES: Final = (
    "start it",
    "shop at it",
    "please step",
    "do not stop",
    "stop the music",
    "the bus stop",
    "i stopped",
)
ESPEAK: Final = (
    *("en-us", "en-gb", "en-us+f2", "en-us+f3", "en-gb+f4", "en-us+m3", "en-us+m5", "en-gb-scotland"),
    *("en-029", "en-us+m7", "en-gb+f1", "en-gb-x-rp+m2", "en-us+f5", "en-gb-x-gbclan", "en-us+m1"),
)
FLITE: Final = ("slt", "awb", "rms", "kal16")


def by_all_voices(text: str) -> list[Sound]:
    """Spoken by nineteen synthetic voices."""
    speakers = [*map(Espeak, ESPEAK), *map(Flite, FLITE)]
    return [_trimmed(asyncio.run(speaker.speak(text, CAPTURE_RATE_HZ))) for speaker in speakers]


def recorded_stop(recordings: Path) -> Sound:
    """The one recording of a person that is at hand."""
    return _trimmed(read_audio(recordings / "mycroft-core/test/unittests/client/data/stop.wav"))


def said_apart(clips: list[Sound], before_s: float = 8.0) -> Said:
    """Of one loudness, three seconds apart."""
    parts, places, at = [np.zeros(round(before_s * CAPTURE_RATE_HZ))], [], round(before_s * CAPTURE_RATE_HZ)
    for clip in clips:
        part = np.zeros(3 * CAPTURE_RATE_HZ + len(clip))
        power = np.square(clip[: len(clip) // 160 * 160].reshape(-1, 160)).mean(axis=1)
        loudness = np.sqrt(power[power > power.max() / 1_000].mean())
        part[CAPTURE_RATE_HZ : CAPTURE_RATE_HZ + len(clip)] = clip * VOICE_RMS / loudness
        places.append((at + CAPTURE_RATE_HZ, at + CAPTURE_RATE_HZ + len(clip)))
        parts.append(part)
        at += len(part)
    return Said(np.concatenate(parts), places)


def ringing(samples: int) -> Sound:
    tone = RingTone(CAPTURE_RATE_HZ)
    sound: Sound = np.concatenate([tone.next(320) for _ in range(samples // 320 + 1)])[:samples] / 32_768
    return sound


@dataclass
class Reading:
    """The recogniser without its process; `read` counts what it was asked."""

    recogniser: Recogniser
    read: int = 0
    loaded: bool = True

    async def load_for_a_while(self) -> None: ...

    async def words(self, samples: Samples) -> str:
        self.read += 1
        return self.recogniser.transcribe(samples).text


@dataclass
class Played:
    """What was played, to the sample."""

    sound: Samples

    def sounds_at(self, captured: float) -> bool:
        return captured >= 0

    def read(self, captured: float, count: int, early: int) -> tuple[Samples, int]:
        begin = max(0, int(captured) + early)
        return self.sound[begin : begin + count], 0


def heard_stops(
    sound: Samples, models: Path, reading: Reading, played: Samples | None = None
) -> tuple[list[ShortUtterance], int]:
    """The utterances that were taken for the stop word, and how many were refused as our own."""
    activity, cutter, found = VoiceActivity(models), ShortUtterances(), []
    word = StopWord(reading, Played(played) if played is not None else None, over_replies=True)
    for number, probability in enumerate(activity.process(sound)):
        if said := cutter.hop(probability, number * WINDOW_SAMPLES):
            ends: list[int] = []
            work = word.reads(said, sound[max(0, said.begin - BEFORE_SAMPLES) : said.heard_to], ends.append)
            assert work, "each is read before the next"
            asyncio.run(work)
            found += [said] * bool(ends)
    return found, word.refused


def _trimmed(clip: Samples) -> Sound:
    values = clip / 32_768
    loud = np.flatnonzero(np.abs(values) > 0.006)
    cut: Sound = values[max(0, loud[0] - 320) : loud[-1] + 320]
    return cut
