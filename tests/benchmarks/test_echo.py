"""Words over a reply: how many are heard with the echo taken out, and what that costs. Real voices in a made room.

What it takes of memory is in `test_footprint`: beside the same daemon without it."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.sound.echo.speexdsp import FRAME_SAMPLES, NoEchoLibrary, SpeexCanceller, open_library
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples, rounded, silence
from daemon.sound.resample import resample
from daemon.sound.wav import read_audio
from daemon.speech.synthesis import Flite
from tests.benchmarks.echo_cards import Cards
from tests.benchmarks.echo_room import Said, cleaned, echo, heard_words, mixed, reply, words
from tests.daemon.sound.signals import noise
from tests.system.kitchen import Kitchen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks.echo_room import Sound
    from tests.benchmarks.figures import Figures

COUNT: Final = 40
LEAST: Final = {0: 40, 10: 34, 20: 14}
"""Words of 40, by how many dB the echo is above the voice: libspeexdsp alone, aligned by hand."""
KEPT: Final = {50: 0.9, 100: 0.8}
"""Of those, with a card that says too little or two clocks, by how many ppm they may be apart."""
ROUNDS: Final = 40
CPU_MS: Final = 8.0
ALONE_RATIO: Final = 1.6
"""Of the library alone, where the machine is slower or busier than that."""
AT_REST: Final = 0.01
"""Of that: there is a call around each period, and a comparison."""
FAR_DB, NEAR_DB = -12.0, -0.5

OWN_WORDS: Final = (
    "hey jarvis is what you have to say to wake me",
    "in the film he calls out hey jarvis and the lights go on",
    "just say hey jarvis, turn on the lamp",
    "no, the other one is called hey jarvis. hey jarvis.",
)
VOICES: Final = ("slt", "awb", "rms", "kal16")
OWN_MINUTES: Final = 30 if "PIPIT_LONG_BENCHMARKS" in os.environ else 2


@pytest.fixture(scope="module", autouse=True)
def _library() -> None:
    try:
        open_library()
    except NoEchoLibrary as error:
        pytest.skip(error.message)


@pytest.fixture(scope="module")
def said(recordings: Path, models: Path) -> Said:
    return words(recordings, models, COUNT)


@pytest.fixture(scope="module")
def playing(recordings: Path, said: Said) -> Sound:
    return reply(recordings, len(said.sound))


def as_played(sound: Sound) -> Samples:
    return rounded((sound * 0.9 * 32_767).astype(np.float32))


@pytest.mark.parametrize("above_db", sorted(LEAST))
def test_words_over_a_reply(above_db: int, said: Said, playing: Sound, models: Path, figures: Figures) -> None:
    microphone = mixed(said.sound, echo(playing), above_db)
    out, _ = cleaned(microphone, as_played(playing))
    without = heard_words(microphone, said.places, models)
    what = f"words heard of {COUNT}, the echo {above_db} dB above (without: {without})"
    figures.at_least(LEAST[above_db], "words", what, heard_words(out, said.places, models))


@pytest.mark.parametrize(("way_ms", "drift_ppm"), [(120, 0), (250, 0), (5, 50), (5, 100)])
def test_words_with_two_clocks_or_a_card_that_says_too_little(
    way_ms: float, drift_ppm: int, said: Said, playing: Sound, models: Path, figures: Figures
) -> None:
    microphone = mixed(said.sound, echo(playing, way_ms=way_ms, drift_ppm=drift_ppm), 10)
    out, _ = cleaned(microphone, as_played(playing), drift_ppm=drift_ppm)
    what = f"words heard of {COUNT}, the echo 10 dB above and {way_ms:g} ms late, clocks {drift_ppm} ppm apart"
    figures.at_least(KEPT[max(50, drift_ppm)] * LEAST[10], "words", what, heard_words(out, said.places, models))


def test_real_recordings_with_what_was_played(recordings: Path, figures: Figures) -> None:
    for kind, bound, least in (("farend_singletalk", FAR_DB, False), ("nearend_singletalk", NEAR_DB, True)):
        (heard,) = sorted((recordings / "dtln-aec/audio_samples").glob(f"*_{kind}_mic.wav"))
        microphone, played = (
            read_audio(heard.with_name(heard.name.replace("_mic", side))) for side in ("_mic", "_lpb")
        )
        length = min(len(microphone), len(played)) // FRAME_SAMPLES * FRAME_SAMPLES
        out, _ = cleaned(microphone[:length], played[:length])
        last = slice(length // 3, min(length, len(out)))
        change_db = 10 * float(np.log10(_power(out[last]) / _power(microphone[last])))
        (figures.at_least if least else figures.at_most)(bound, "dB", f"{kind}, what is left", change_db)


def test_what_it_costs_while_something_plays_and_at_rest(figures: Figures) -> None:
    library, sound = open_library(), noise(2 * CAPTURE_RATE_HZ)
    alone = SpeexCanceller(library)
    frames = [sound[at : at + FRAME_SAMPLES] for at in range(0, len(sound) - FRAME_SAMPLES, FRAME_SAMPLES)]
    pairs = list(zip(frames, frames[1:] + frames[:1], strict=True))
    playing, idle = (Cards(lambda: SpeexCanceller(library)) for _ in range(2))
    bare = Cards(None)
    idle.run(sound)
    idle.run(silence(6 * CAPTURE_RATE_HZ))
    alone_ms, playing_ms, bare_ms, resting_ms = _cpu_ms_per_s(
        len(sound),
        lambda: [alone.process(*pair) for pair in pairs],
        lambda: playing.run(sound),
        lambda: bare.run(silence(len(sound))),
        lambda: idle.run(silence(len(sound))),
    )
    bound_ms = max(CPU_MS, ALONE_RATIO * alone_ms)
    figures.at_most(bound_ms, "ms of CPU a second", "echo, while something plays", playing_ms - bare_ms)
    figures.at_most(AT_REST * playing_ms, "ms of CPU a second", "echo, at rest", resting_ms - bare_ms)
    print(f"libspeexdsp alone: {alone_ms:.1f} ms, the same without an echo path at rest: {bare_ms:.3f} ms")


@pytest.mark.parametrize("cancelling", [False, True], ids=["with its echo", "without"])
def test_its_own_replies_wake_nobody(models: Path, figures: Figures, *, cancelling: bool) -> None:
    replies = [
        resample(asyncio.run(Flite(voice).speak(text, 16_000)), 16_000, REPLY_RATE_HZ)
        for text in OWN_WORDS
        for voice in VOICES
    ]
    kitchen, number, woken = Kitchen(models, gain=0.7, cancelling=cancelling), 0, 0
    kitchen.live(3)
    while kitchen.now_s < OWN_MINUTES * 60:
        reply = replies[number % len(replies)]
        kitchen.playout.play_sound(reply)
        woken += kitchen.live(len(reply) / REPLY_RATE_HZ + 0.37 + number % 7 / 11)
        number += 1
    what = f"wakes in {kitchen.now_s / 60:.0f} min of own replies with the word, {kitchen.own.refused} refused"
    figures.at_most(0, "wakes", f"{what}, cancelling: {cancelling}", woken)


def _cpu_ms_per_s(samples: int, *works: Callable[[], object]) -> list[float]:
    """The least of each in many short rounds, by turns: other work of the machine comes and goes."""
    least = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            begin = time.process_time()
            work()
            least[number] = min(least[number], time.process_time() - begin)
    return [seconds * 1e3 / (samples / CAPTURE_RATE_HZ) for seconds in least]


def _power(sound: Samples) -> float:
    return float(np.square(sound.astype(np.float64)).mean())
