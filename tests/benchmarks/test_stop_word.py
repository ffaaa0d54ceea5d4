"""The stop word without a wake word: how many are heard over a ring and over a reply, and what else is taken for it."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.brain.recognition.recogniser import Recogniser
from daemon.hearing.voice_activity import VoiceActivity
from daemon.sound.echo.speexdsp import NoEchoLibrary, open_library
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, ms_of_samples, rounded
from daemon.sound.wav import read_audio
from daemon.speech.synthesis import Flite
from tests.benchmarks.echo_room import Said, cleaned, echo, mixed, reply
from tests.benchmarks.stop_words import (
    FLITE,
    RESEMBLING,
    SENTENCES,
    STOPS,
    Reading,
    by_all_voices,
    heard_stops,
    recorded_stop,
    ringing,
    said_apart,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.figures import Figures

LEAST: Final = {
    *(("quiet", 0, False, 44), ("ring", 0, False, 18), ("ring", 0, True, 24), ("ring", 10, True, 9)),
    *(("reply", 0, True, 38), ("reply", 10, True, 27), ("reply", 20, True, 4)),
}
"""Over what, by how many dB its echo is above the voice, whether that is taken out, and words of 58 that are heard."""
OWN: Final = (
    "to end it, say stop",
    "stop",
    "it will go on until somebody says please stop. stop.",
    "at the next stop, please stop",
    "the timer is over. say stop, or be quiet",
)
OWN_MINUTES: Final = 30 if "PIPIT_LONG_BENCHMARKS" in os.environ else 2


@pytest.fixture(scope="module", autouse=True)
def _library() -> None:
    try:
        open_library()
    except NoEchoLibrary as error:
        pytest.skip(error.message)


@pytest.fixture(scope="module")
def reading(models: Path) -> Reading:
    return Reading(Recogniser(models))


@pytest.fixture(scope="module")
def said(recordings: Path) -> Said:
    return said_apart([clip for text in STOPS for clip in by_all_voices(text)] + [recorded_stop(recordings)])


@pytest.mark.parametrize(("over", "above_db", "taken_out", "least"), sorted(LEAST))
def test_stop_over_what_is_played(
    over: str,
    above_db: int,
    least: int,
    said: Said,
    recordings: Path,
    models: Path,
    reading: Reading,
    figures: Figures,
    *,
    taken_out: bool,
) -> None:
    length = len(said.sound)
    playing = {"ring": ringing, "reply": lambda count: reply(recordings, count), "quiet": np.zeros}[over](length)
    loud = playing if over == "quiet" else echo(playing)
    microphone = mixed(said.sound, loud, above_db) if over != "quiet" else _in_a_room(said.sound)
    played = rounded((playing * 0.9 * 32_767).astype(np.float32))
    out = cleaned(microphone, played)[0] if taken_out else microphone
    found, refused = heard_stops(out, models, reading, played)
    hit = {begin for begin, end in said.places for one in found if begin - 8_000 <= one.begin <= end}
    lates = [
        ms_of_samples(one.heard_to - end)
        for begin, end in said.places
        for one in found
        if begin - 8_000 <= one.begin <= end
    ]
    what = f"of {len(said.places)} over {over}, {above_db} dB above, taken out: {taken_out}"
    figures.at_least(least, "words", f"stop {what}", len(hit))
    figures.at_most(0, "stops", f"elsewhere {what}", len(found) - len(lates))
    print(f"{what}: cut {np.median(lates):.0f} ms after the word (median), {refused} refused")


def test_what_is_taken_for_it(recordings: Path, models: Path, reading: Reading, figures: Figures) -> None:
    alike = said_apart([clip for text in (*RESEMBLING, *SENTENCES) for clip in by_all_voices(text)])
    found, _ = heard_stops(_in_a_room(alike.sound), models, reading)
    figures.at_most(0.02 * len(alike.places), "stops", f"of {len(alike.places)} that resemble it", len(found))
    files = sorted(
        path for path in recordings.rglob("*") if path.suffix in {".wav", ".flac"} and path.name != "stop.wav"
    )
    people = np.concatenate([_mono(read_audio(path)) for path in files])
    found, _ = heard_stops(people, models, reading)
    minutes = len(people) / CAPTURE_RATE_HZ / 60
    figures.at_most(0, "stops", f"in {minutes:.0f} min of speech and noises of people", len(found))


def test_its_own_replies_stop_nothing(models: Path, reading: Reading, figures: Figures) -> None:
    clips = [asyncio.run(Flite(voice).speak(text, CAPTURE_RATE_HZ)) for text in OWN for voice in FLITE]
    pause = np.zeros(CAPTURE_RATE_HZ // 2, np.int16)
    once = np.concatenate([part for clip in clips for part in (clip, pause)])
    played = np.resize(once, OWN_MINUTES * 60 * CAPTURE_RATE_HZ)
    loud = echo(played / 32_768.0)
    microphone = mixed(np.zeros(len(loud)), loud, 10)
    out, _ = cleaned(microphone, played)
    found, refused = heard_stops(out, models, reading, played)
    what = f"in {OWN_MINUTES} min of own replies that say it, {refused} refused"
    figures.at_most(0, "stops", what, len(found))


def test_what_it_costs_while_it_is_listened_for(models: Path, reading: Reading, said: Said, figures: Figures) -> None:
    sound = _in_a_room(said.sound[: 30 * CAPTURE_RATE_HZ])
    activity = VoiceActivity(models)
    activity.process(sound[:CAPTURE_RATE_HZ])
    begin = time.process_time()
    activity.process(sound)
    figures.at_most(12, "ms of CPU a second", "voice activity", (time.process_time() - begin) * 1e3 / 30)
    begin, before = time.process_time(), reading.read
    asyncio.run(reading.words(sound[-2 * CAPTURE_RATE_HZ :]))
    figures.at_most(
        150, "ms of CPU", "an utterance read", (time.process_time() - begin) * 1e3 / (reading.read - before)
    )


def _in_a_room(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Samples:
    return mixed(sound, np.ones(len(sound)), -100)


def _mono(samples: Samples) -> Samples:
    return np.concatenate((samples, np.zeros(CAPTURE_RATE_HZ, np.int16)))
