"""`python -m daemon.doctor.bench.bench_process SETTINGS SECONDS`: a daemon's memory, start, rest, and models.

A process of its own, so that nothing else is in its memory. It talks to nobody: its real drivers have cards that keep
time, of which one hears a quiet room, and no key is looked up. Prints one JSON object of figures (`Figures`).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np

from daemon.doctor.bench.keeping_time import keeping_time
from daemon.doctor.bench.paced_cards import PacedCapture, PacedPlayback
from daemon.doctor.bench.thread_costs import ThreadCosts, ThreadMeter
from daemon.hearing.making import microphone_format, wake_engine_of
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.house.allocator import give_back
from daemon.house.equipment import Drivers
from daemon.house.household import household
from daemon.house.settings import Settings
from daemon.live.session import preload
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.speech.making import speaker_format
from daemon.speech.speaker_pausing import may_pause
from daemon.wake.melspectrogram import HOP_SAMPLES
from hardware.fake import as_pcm
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_RMS: Final = 8.0
"""A very quiet room, -72 dBFS, in which the gate closes."""
LOUD_RMS: Final = 1_000.0
SYLLABLE_S: Final = 0.25
"""Of sound, and as long of quiet: noise with the rhythm of speech keeps the gate open, and costs what speech does."""
SETTLE_S: Final = 7.0
"""The engine ignores its first 2 s, and the gate closes 2 s after the last sound and knows the room after 3."""
ROOM_S: Final = 40.0
"""Of the quiet room, which is heard over and over."""
LOADING_S: Final = 60.0
REFERENCE_ROUNDS: Final = 5


class Figures(TypedDict):
    """CPU times in ms, of single hops the median and the 99th of 100, paced. Sizes are resident megabytes.

    At rest CPU is in ms a second, and wake-ups are a second's, by thread.
    """

    start_s: float
    resident_mb: float
    resident_with_session_mb: float
    session_load_s: float
    rest_cpu_ms: float
    rest_wakes: dict[str, float]
    reference_ms: float
    speech_hop_ms: float
    speech_hop_p99_ms: float
    quiet_hop_ms: float
    gate_opens_ms: float
    silero_window_ms: float


def main() -> None:
    settings, seconds = Settings.model_validate_json(sys.argv[1]), float(sys.argv[2])
    print(json.dumps(asyncio.run(_alive(settings, seconds)) | _cost(settings, seconds)))


# Memory, start and rest


async def _alive(settings: Settings, seconds: float) -> dict[str, object]:
    """Of the daemon until it hears, with what a session needs, and from second to second while nobody speaks."""
    async with household(settings, _drivers(settings)) as house, asyncio.TaskGroup() as group:
        running = group.create_task(house.appliance.run())
        async with asyncio.timeout(LOADING_S):
            await house.appliance.hearing.wait()
            start_s = _age_s()
            give_back()
            resident_mb, began = _resident_mb(), time.perf_counter()
            await preload()
            session_load_s = time.perf_counter() - began
        give_back()
        with_session_mb = _resident_mb()
        rest = await _at_rest(seconds)
        running.cancel()
    return {
        "start_s": start_s,
        "resident_mb": resident_mb,
        "resident_with_session_mb": with_session_mb,
        "session_load_s": session_load_s,
        "rest_cpu_ms": sum(rest.cpu_ms.values()),
        "rest_wakes": rest.wakes,
    }


def _drivers(settings: Settings) -> Drivers:
    """The real ones, over cards that keep time."""
    listening = microphone_format(settings.microphone)
    capture = PacedCapture(as_pcm(_noise(ROOM_S, QUIET_RMS, listening.rate_hz), listening))
    return Drivers(
        microphone=lambda _: AlsaMicrophone("paced", listening, open_pcm=capture),
        speaker=lambda speaker: (
            lambda source: AlsaSpeaker(
                *("paced", speaker_format(speaker), source),
                open_pcm=PacedPlayback(),
                pauses=lambda: may_pause(speaker),
            )
        ),
        environ={},
    )


async def _at_rest(seconds: float) -> ThreadCosts:
    """When the gate has closed, and what may have to be said has been spoken."""
    await asyncio.sleep(min(SETTLE_S, 4 * seconds))
    meter = ThreadMeter()
    await asyncio.sleep(seconds)
    return meter.read()


def _age_s() -> float:
    """Since this process was started, importing included (proc_pid_stat(5), field 22)."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def _resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


# CPU


def _cost(settings: Settings, seconds: float) -> dict[str, float]:
    """Of the models, over `seconds` of each kind of sound; the reference loop in between sees the same load."""
    loops, engine = _reference_ms(), wake_engine_of(settings.wake)
    quiet, settled = _noise(seconds + SETTLE_S, QUIET_RMS), int(SETTLE_S * CAPTURE_RATE_HZ)
    engine.process(quiet[:settled], 0)
    quiet_ms = _each(lambda hop: engine.process(hop, 0), quiet[settled:], HOP_SAMPLES)
    loops += _reference_ms()
    opening_ms, *speech_ms = _each(lambda hop: engine.process(hop, 0), _syllables(seconds), HOP_SAMPLES)
    loops += _reference_ms()
    voice_activity, speech = VoiceActivity(settings.wake.models_dir), _syllables(seconds / 2)
    voice_activity.process(speech[:WINDOW_SAMPLES])  # loads the model
    silero_ms = _each(voice_activity.process, speech, WINDOW_SAMPLES)
    return {
        "reference_ms": float(np.median(loops)),
        "quiet_hop_ms": float(np.median(quiet_ms)),
        "gate_opens_ms": opening_ms,
        "speech_hop_ms": float(np.median(speech_ms)),
        "speech_hop_p99_ms": float(np.percentile(speech_ms, 99)),
        "silero_window_ms": float(np.median(silero_ms)),
    }


def _reference_ms() -> list[float]:
    """CPU times of a fixed piece of work, half of it numpy's and half the interpreter's.

    Ratios to it can be compared between machines, and between a machine that throttles and one that does not.
    """
    frames = np.random.default_rng(0).normal(size=(64, 512)).astype(np.float32)
    rounds = []
    for _ in range(REFERENCE_ROUNDS):
        begin = time.thread_time()
        for _ in range(10):
            np.square(np.abs(np.fft.rfft(frames)))
        total = 0
        for number in range(50_000):
            total += number
        rounds.append((time.thread_time() - begin) * 1e3)
    return rounds


def _each(look: Callable[[Samples], object], samples: Samples, size: int) -> list[float]:
    """CPU milliseconds for each piece of `size` samples, as it comes from a microphone."""
    times = []
    for piece in keeping_time(samples, size):
        begin = time.thread_time()
        look(piece)
        times.append((time.thread_time() - begin) * 1e3)
    return times


def _noise(seconds: float, rms: float, rate_hz: int = CAPTURE_RATE_HZ) -> Samples:
    return np.random.default_rng(1).normal(0, rms, int(seconds * rate_hz)).astype(np.int16)


def _syllables(seconds: float) -> Samples:
    length = int(SYLLABLE_S * CAPTURE_RATE_HZ)
    rhythm = np.arange(int(seconds * CAPTURE_RATE_HZ)) // length % 2 == 0
    return np.where(rhythm, _noise(seconds, LOUD_RMS), _noise(seconds, QUIET_RMS)).astype(np.int16)


if __name__ == "__main__":
    main()
