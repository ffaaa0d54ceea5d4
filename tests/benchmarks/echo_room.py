"""A room in which a reply is played while somebody speaks: real voices, a small speaker, reverberation, two clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.sound.echo.canceller import EchoCanceller
from daemon.sound.echo.loopback import Loopback
from daemon.sound.echo.speexdsp import SpeexCanceller, open_library
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, rounded
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from daemon.sound.echo.canceller import EchoCounters

    Sound = NDArray[np.float64]

PERIOD: Final = 320
HELD: Final = 960
"""What the speaker's card holds, in samples."""
LATE_S: Final = 0.002
"""How late the microphone is read, mostly: the distribution is that of the value of a normal one."""
REVERBERATION_S: Final = 0.35
BEFORE_S: Final = 8.0
"""Something is played for so long before the first word."""
VOICE_RMS: Final = 0.05
HISS_DB: Final = -35.0


@dataclass(frozen=True)
class Said:
    """Words and where each begins and ends, of full scale 1."""

    sound: Sound
    places: list[tuple[int, int]]


def words(recordings: Path, models: Path, count: int) -> Said:
    """Recordings of "alexa" that are heard in quiet, of one loudness, four seconds apart."""
    files = sorted((recordings / "picovoice_wwb/audio/alexa").glob("*.flac"))
    order = np.random.default_rng(3).permutation(len(files))
    parts, places, at = [np.zeros(round(BEFORE_S * CAPTURE_RATE_HZ))], [], round(BEFORE_S * CAPTURE_RATE_HZ)
    for number in order:
        clip = read_audio(files[number]).astype(np.float64)
        clip *= VOICE_RMS / _loudness(clip)
        if len(places) == count or not _is_heard(clip, models):
            continue
        part = np.zeros(max(4 * CAPTURE_RATE_HZ, len(clip) + 2 * CAPTURE_RATE_HZ))
        part[CAPTURE_RATE_HZ : CAPTURE_RATE_HZ + len(clip)] = clip
        places.append((at + CAPTURE_RATE_HZ, at + CAPTURE_RATE_HZ + len(clip)))
        parts.append(part)
        at += len(part)
    return Said(np.concatenate(parts), places)


def reply(recordings: Path, samples: int) -> Sound:
    """Real speech without pauses worth the name."""
    files = sorted(path for path in (recordings / "picovoice_s2i").rglob("*") if path.suffix in {".wav", ".flac"})
    parts: list[Sound] = []
    for path in [path for path in files if "noise" not in str(path).lower()] * 20:
        if sum(map(len, parts)) >= samples:
            break
        clip = read_audio(path).astype(np.float64)
        blocks = clip[: len(clip) // 160 * 160].reshape(-1, 160)
        power = np.square(blocks).mean(axis=1)
        spoken = blocks[power > power.max() / 3_000].ravel()
        parts.append(spoken * 0.1 / np.sqrt(np.square(spoken).mean()))
    return np.concatenate(parts)[:samples]


def echo(played: Sound, *, way_ms: float = 5, drift_ppm: float = 0) -> Sound:
    """What the microphone hears of it: a speaker that compresses, a clock of its own, a room."""
    places = np.arange(len(played)) * (1 + drift_ppm / 1e6)
    sound = np.interp(places, np.arange(len(played)), np.tanh(2 * played) / 2)
    response = np.random.default_rng(1).standard_normal(round(REVERBERATION_S * CAPTURE_RATE_HZ))
    response *= 10 ** (-3 * np.arange(len(response)) / len(response))
    response[:40] = 0
    response[40] = 1.5 * np.abs(response).max()
    size = 1 << (len(sound) + len(response)).bit_length()
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)
    way = round(way_ms * CAPTURE_RATE_HZ / 1000)
    return np.concatenate((np.zeros(way), heard))[: len(played)]


def mixed(voice: Sound, heard: Sound, above_db: float) -> Samples:
    """Both together, the echo so far above the voice, in a room that hisses a little."""
    loud = heard * VOICE_RMS * 10 ** (above_db / 20) / np.sqrt(np.square(heard).mean())
    hiss = np.random.default_rng(9).standard_normal(len(voice)) * VOICE_RMS * 10 ** (HISS_DB / 20)
    both = voice + loud + hiss
    return rounded((both * min(1.0, 0.9 / np.abs(both).max()) * 32_767).astype(np.float32))


def cleaned(microphone: Samples, played: Samples, *, drift_ppm: float = 0) -> tuple[Samples, EchoCounters]:
    """As two cards would have it: the speaker's holds `HELD`, the microphone is read a little late."""
    loopback, library = Loopback(CAPTURE_RATE_HZ), open_library()
    canceller = EchoCanceller(lambda: SpeexCanceller(library), loopback)
    random, rate_hz = np.random.default_rng(0), CAPTURE_RATE_HZ * (1 + drift_ppm / 1e6)
    out, written = [], 0
    for begin in range(0, len(microphone) - PERIOD + 1, PERIOD):
        now_s = (begin + PERIOD) / CAPTURE_RATE_HZ
        while written < now_s * rate_hz + HELD and written + PERIOD <= len(played):
            written += PERIOD
            at_s = max(0.0, (written - HELD) / rate_hz)
            held = round(written - at_s * rate_hz)
            loopback.played(played[written - PERIOD : written], held, at_s + abs(random.normal()) * LATE_S / 4)
        loopback.captured(begin + PERIOD, now_s + abs(random.normal()) * LATE_S)
        out.append(canceller.clean(microphone[begin : begin + PERIOD]))
    return np.concatenate(out), canceller.counters


def heard_words(sound: Samples, places: list[tuple[int, int]], models: Path) -> int:
    """How many of the words that were said there wake it."""
    engine, found = WakeEngine(["alexa"], models, gated=False), set()
    for begin in range(0, len(sound), 1_280):
        for _ in engine.process(sound[begin : begin + 1_280], begin):
            at = engine.decided_at
            found |= {first for first, last in places if first <= at <= last + CAPTURE_RATE_HZ}
    return len(found)


def _loudness(clip: Sound) -> float:
    power = np.square(clip[: len(clip) // 160 * 160].reshape(-1, 160)).mean(axis=1)
    return float(np.sqrt(power[power > power.max() / 1_000].mean()))


def _is_heard(clip: Sound, models: Path) -> bool:
    hiss = np.random.default_rng(0).standard_normal(2 * CAPTURE_RATE_HZ) * 3
    sound = np.concatenate((hiss, clip * 32_767, hiss[:CAPTURE_RATE_HZ]))
    return bool(WakeEngine(["alexa"], models, gated=False).process(rounded(sound.astype(np.float32)), 0))
