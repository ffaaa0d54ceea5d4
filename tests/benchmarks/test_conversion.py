"""How clean sound comes out at another rate, against sox at its best and ALSA's own conversion; and what formats cost.

Tones at no simple part of a rate, whose rounding would gather in few places; 1 dB under full scale, 16 bits each.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.sound.capture import CaptureConverter
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, from_bytes
from daemon.sound.resample import Resampler
from hardware.base import PcmFormat
from tests.daemon.sound.signals import db, rms, sinad_db, sine

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.sound.pcm import Samples
    from hardware.base import SampleFormat
    from tests.benchmarks.figures import Figures

PEAK: Final = 29_204
SECONDS: Final = 3
HEARD_HZ: Final = (443.7, 997.3, 3_001.9, 5_003.3)
EDGE_HZ: Final = 5_987.1
"""Up to here the microphone's quick conversion hears all of it; at 7 kHz it is 13 dB down, which is its limit."""
ABOVE_HZ: Final = (8_103.7, 8_507.3, 9_013.1, 10_007.9, 12_011.3, 15_013.7, 19_997.3)
SAID_HZ: Final = (443.7, 997.3, 3_001.9, 7_001.3, 10_007.9)
NEAR_SOX_DB: Final = 3.0
ALIAS_DB: Final = -80.0
BETTER_THAN_ALSA_DB: Final = 20.0

ALSA: Final = """
pcm.null {{ type null }}
pcm.out {{ type file; slave.pcm null; file "{folder}/out.raw"; format raw }}
pcm.lines {{ type rate; slave {{ pcm out; rate {to_hz} }}; converter "linear" }}
"""
"""What "plughw" does where no better converter is installed, as on Raspberry Pi OS Lite."""

needs_sox = pytest.mark.skipif(shutil.which("sox") is None, reason="sox is not installed")
needs_aplay = pytest.mark.skipif(shutil.which("aplay") is None, reason="aplay is not installed")


def tone(pitch_hz: float, rate_hz: int) -> Samples:
    return sine(pitch_hz, rate_hz, SECONDS, PEAK)


def captured(samples: Samples, rate_hz: int) -> Samples:
    frames = rate_hz // 50
    converter = CaptureConverter(PcmFormat(rate_hz=rate_hz, period_frames=frames))
    return np.concatenate(
        [converter.convert(samples[at : at + frames].tobytes()) for at in range(0, len(samples), frames)]
    )


def played(samples: Samples, rate_hz: int) -> Samples:
    resampler = Resampler(REPLY_RATE_HZ, rate_hz)
    return np.concatenate([resampler.process(samples[at : at + 480]) for at in range(0, len(samples), 480)])


def by_sox(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    raw = ("-t", "raw", "-e", "signed", "-b", "16", "-c", "1")
    command = ["sox", "-D", *raw, "-r", str(from_hz), "-", *raw, "-r", str(to_hz), "-", "rate", "-v"]
    return from_bytes(subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True).stdout)


def by_alsa(samples: Samples, from_hz: int, to_hz: int, folder: Path) -> Samples:
    """Played into a file: in either direction it is the same converter, and here the file is whole."""
    (folder / "asound.conf").write_text(ALSA.format(folder=folder, to_hz=to_hz))
    command = ["aplay", "-q", "-D", "lines", "-f", "S16_LE", "-c", "1", "-r", str(from_hz), "-t", "raw", "-"]
    environ = {"ALSA_CONFIG_PATH": str(folder / "asound.conf")}
    subprocess.run(command, input=samples.tobytes(), check=True, env=environ, timeout=60)
    return from_bytes((folder / "out.raw").read_bytes())[: len(samples) * to_hz // from_hz]


def middle(samples: Samples) -> Samples:
    return samples[len(samples) // 6 : -len(samples) // 6]


def level_db(samples: Samples) -> float:
    """Of the tone that went in."""
    return max(-120.0, db(max(rms(middle(samples)), 1e-9) / (PEAK / 2**0.5)))


@needs_sox
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_what_is_captured_is_as_clean_as_by_sox(rate_hz: int, figures: Figures) -> None:
    for pitch_hz in HEARD_HZ:
        sound = tone(pitch_hz, rate_hz)
        best = sinad_db(middle(by_sox(sound, rate_hz, CAPTURE_RATE_HZ)), pitch_hz, CAPTURE_RATE_HZ)
        ours = sinad_db(middle(captured(sound, rate_hz)), pitch_hz, CAPTURE_RATE_HZ)
        figures.at_least(
            best - NEAR_SOX_DB, "dB", f"SINAD of {pitch_hz:g} Hz, {rate_hz} to 16000 (sox {best:.1f})", ours
        )
    edge_db = level_db(captured(tone(EDGE_HZ, rate_hz), rate_hz))
    figures.at_least(-0.5, "dB", f"response at {EDGE_HZ:g} Hz, {rate_hz} to 16000", edge_db)
    alias_db = max(level_db(captured(tone(pitch_hz, rate_hz), rate_hz)) for pitch_hz in ABOVE_HZ)
    figures.at_most(ALIAS_DB, "dB", f"alias of the worst tone above 8 kHz, {rate_hz} to 16000", alias_db)


@needs_sox
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_what_is_played_is_as_clean_as_by_sox(rate_hz: int, figures: Figures) -> None:
    """What mirrors at half of the old rate is a part of what is not the tone."""
    for pitch_hz in SAID_HZ:
        sound = tone(pitch_hz, REPLY_RATE_HZ)
        best = sinad_db(middle(by_sox(sound, REPLY_RATE_HZ, rate_hz)), pitch_hz, rate_hz)
        ours = sinad_db(middle(played(sound, rate_hz)), pitch_hz, rate_hz)
        figures.at_least(
            best - NEAR_SOX_DB, "dB", f"SINAD of {pitch_hz:g} Hz, 24000 to {rate_hz} (sox {best:.1f})", ours
        )


@needs_aplay
def test_alsas_own_conversion_is_what_is_avoided(figures: Figures, tmp_path: Path) -> None:
    pitch_hz, rate_hz = HEARD_HZ[2], 48_000
    for from_hz, to_hz, ours in ((rate_hz, CAPTURE_RATE_HZ, captured), (REPLY_RATE_HZ, rate_hz, played)):
        sound = tone(pitch_hz, from_hz)
        lines = sinad_db(middle(by_alsa(sound, from_hz, to_hz, tmp_path)), pitch_hz, to_hz)
        clean = sinad_db(middle(ours(sound, rate_hz)), pitch_hz, to_hz)
        what = f"SINAD of {pitch_hz:g} Hz, {from_hz} to {to_hz} (ALSA {lines:.1f})"
        figures.at_least(lines + BETTER_THAN_ALSA_DB, "dB", what, clean)
    above = tone(ABOVE_HZ[2], rate_hz)
    alias_db = level_db(by_alsa(above, rate_hz, CAPTURE_RATE_HZ, tmp_path))
    what = f"alias of {ABOVE_HZ[2]:g} Hz, {rate_hz} to 16000 (ALSA {alias_db:.1f})"
    figures.at_most(alias_db - BETTER_THAN_ALSA_DB, "dB", what, level_db(captured(above, rate_hz)))


def test_what_the_formats_cost(figures: Figures) -> None:
    plain = _cpu_ms_per_s("S16_LE", 16_000, 1)
    wide = _cpu_ms_per_s("S32_LE", 48_000, 2)
    figures.at_most(0.2 * wide, "ms of CPU a second", "S16_LE, 16 kHz, mono, which is not converted", plain)
    for sample_format in ("S24_3LE", "S24_LE", "FLOAT_LE"):
        ours = _cpu_ms_per_s(sample_format, 48_000, 2)
        figures.at_most(1.5 * wide, "ms of CPU a second", f"{sample_format}, 48 kHz, stereo (S32_LE {wide:.2f})", ours)


def _cpu_ms_per_s(sample_format: SampleFormat, rate_hz: int, channels: int) -> float:
    """The median of some rounds, at rest: 80 ms at once."""
    pcm_format = PcmFormat(rate_hz=rate_hz, channels=channels, sample_format=sample_format, period_frames=rate_hz // 50)
    converter = CaptureConverter(pcm_format)
    piece = np.random.default_rng(1).integers(0, 120, 4 * pcm_format.period_bytes, np.uint8).tobytes()
    rounds = []
    for _ in range(7):
        begin = time.process_time()
        for _ in range(125):
            converter.convert(piece)
        rounds.append((time.process_time() - begin) * 1000 / 10)
    return float(np.median(rounds))
