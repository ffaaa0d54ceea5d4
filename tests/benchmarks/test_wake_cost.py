"""What the wake word engine costs, against the unmodified package in the same run: CPU time, memory, time to start."""

import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from daemon.hearing.voice_activity import VoiceActivity
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from tests.benchmarks.figures import Figures
from tests.benchmarks.paced import costs
from tests.daemon.wake.signals import hops, room_noise, stock_model
from tests.daemon.wake.speech import SENTENCES, spoken

ROUNDS = 5
SPEECH_RATIO, STAGED_RATIO, QUIET_RATIO = 1 / 3, 1 / 4.5, 1 / 12
"""Of the stock package. In a hot loop it would be 1/5, 1/15 and 1/80: caches stay warm there, and nothing wakes up.

The first stage hears one voice that says the wake word every six seconds; among voices that do not, `VOICES_RATIO`."""

VOICES_RATIO = 1 / 8

VOICES = {
    "silero-vad/tests/data/test.wav": 20,
    "whisper/tests/jfk.flac": 9,
    "pyannote/src/pyannote/audio/sample/sample.wav": 14,
    **{f"picovoice_s2i/data/speech/clean/{number}": 5 for number in range(4)},
}
"""Recordings, and how many seconds of each from its first on; a number is that of the file in its folder."""

RESIDENT_MB = 90
"""What the whole daemon may take while it waits for the wake word; this is its largest part."""

MEMORY = """
import sys, time
from pathlib import Path
begin = time.perf_counter()
import numpy as np
from daemon.hearing.endpoint import Endpointer
from daemon.hearing.pace import PACES
from daemon.wake.engine import WakeEngine
from daemon.hearing.listener import Listener
from daemon.hearing.voice_activity import VoiceActivity
models = Path(sys.argv[1])
listener = Listener(WakeEngine(["hey_jarvis"], models), VoiceActivity(models), Endpointer(PACES["normal"]))
ready_s = time.perf_counter() - begin
noise = np.random.default_rng(1).normal(0, 2_000, 160_000).astype(np.int16)

def status(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))

listener.hear(noise, 0)
idle = status("VmRSS")
listener.watch(160_000, noise, 0)
print(idle / 1000, status("VmRSS") / 1000, status("Threads"), ready_s)
"""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """10 s of speech without a pause worth the name."""
    folder = tmp_path_factory.mktemp("speech")
    parts = [spoken(name, text, folder).samples for name, text in SENTENCES.items()]
    return np.resize(np.concatenate(parts), 160_000)


@pytest.fixture
def voices(recordings: Path) -> Samples:
    """63 s of speech by many, as a television's, in which nobody says the wake word."""
    parts = []
    for name, seconds in VOICES.items():
        path = recordings / name
        clip = read_audio(sorted(path.parent.iterdir())[int(path.name)] if path.name.isdigit() else path)
        parts.append(clip[CAPTURE_RATE_HZ : (1 + seconds) * CAPTURE_RATE_HZ])
    return np.concatenate(parts)


def cpu_ms_per_s(look: Callable[[Samples], object], samples: Samples) -> float:
    """CPU time for each second of `samples`, in hops; the best of some rounds, for other work only ever adds."""
    pieces = [*hops(samples)]
    rounds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        for piece in pieces:
            look(piece)
        rounds.append(time.process_time() - begin)
    return min(rounds) * 1e3 / (len(samples) / 16_000)


def test_paced_as_from_a_microphone(models: Path, talk: Samples, tmp_path: Path, figures: Figures) -> None:
    """A process each, all at once: a hop every 80 ms, 14 s of speech and of a quiet room that count."""
    seconds = 20
    speech, quiet = np.resize(talk, seconds * CAPTURE_RATE_HZ), room_noise(seconds)
    names = ["stock", "exact", *(["staged"] if find_spec("pymicro_wakeword") else [])]
    *spoken_ms, quiet_ms = (
        cost.ms_per_s for cost in costs([*((name, speech) for name in names), ("exact", quiet)], models, tmp_path)
    )
    stock_ms = spoken_ms[0]
    for name, ms in [*zip(names, spoken_ms, strict=True), ("quiet", quiet_ms)]:
        print(f"{name}: {ms:.1f} ms of CPU for a second, 1/{stock_ms / ms:.1f} of the stock package's")
    figures.at_most(SPEECH_RATIO * stock_ms, "ms of CPU a second", "wake engine in speech, paced", spoken_ms[1])
    figures.at_most(QUIET_RATIO * stock_ms, "ms of CPU a second", "wake engine in a quiet room, paced", quiet_ms)
    for ms in spoken_ms[2:]:
        figures.at_most(STAGED_RATIO * stock_ms, "ms of CPU a second", "… in speech, with its first stage, paced", ms)


@pytest.mark.skipif(not find_spec("pymicro_wakeword"), reason="there is no first stage without pymicro-wakeword")
def test_paced_among_many_voices(models: Path, voices: Samples, tmp_path: Path, figures: Figures) -> None:
    names = ["stock", "exact", "staged"]
    stock_ms, exact_ms, staged_ms = (
        cost.ms_per_s for cost in costs([(name, voices) for name in names], models, tmp_path)
    )
    for name, ms in zip(names, (stock_ms, exact_ms, staged_ms), strict=True):
        print(f"{name}: {ms:.1f} ms of CPU for a second, 1/{stock_ms / ms:.1f} of the stock package's")
    figures.at_most(SPEECH_RATIO * stock_ms, "ms of CPU a second", "wake engine among many voices, paced", exact_ms)
    figures.at_most(VOICES_RATIO * stock_ms, "ms of CPU a second", "… with its first stage, paced", staged_ms)


def test_end_of_speech_costs_less_than_the_wake_word_by_the_stock_package(
    models: Path, talk: Samples, figures: Figures
) -> None:
    stock, voice_activity = stock_model(models, ["hey_jarvis"]), VoiceActivity(models)
    stock_ms, silero_ms = cpu_ms_per_s(stock.predict, talk), cpu_ms_per_s(voice_activity.process, talk)
    figures.at_most(stock_ms / 2, "ms of CPU a second", "end of speech", silero_ms)


def test_catching_up_when_the_gate_opens_costs_less_than_a_second_of_the_stock_package(
    models: Path, talk: Samples, figures: Figures
) -> None:
    stock_ms = cpu_ms_per_s(stock_model(models, ["hey_jarvis"]).predict, talk)
    engine = WakeEngine(["hey_jarvis"], models)
    quiet, bursts = room_noise(6), []
    for _ in range(ROUNDS):
        for hop in hops(quiet):
            engine.process(hop, 0)
        begin = time.process_time()
        engine.process(talk[8_000 : 8_000 + 1_280], 0)
        bursts.append((time.process_time() - begin) * 1e3)
    figures.at_most(stock_ms, "ms of CPU", "the gate opens, 2 s of back-fill", min(bursts))


def test_memory_of_a_process_that_listens(models: Path, figures: Figures) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, models], capture_output=True, text=True, check=True, timeout=60
    )
    idle_mb, watching_mb, threads, ready_s = (float(value) for value in done.stdout.split())
    print(
        f"\nresident {watching_mb:.0f} MB after the first request; {threads:.0f} threads;"
        f" {ready_s:.2f} s from the first import to ready"
    )
    figures.at_most(RESIDENT_MB, "MB", "engine and listener, waiting for the wake word", idle_mb)
