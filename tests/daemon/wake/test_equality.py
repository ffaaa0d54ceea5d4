"""The engine's scores against those of the unmodified package, which is the only judge of what a wake word is."""

from pathlib import Path

import numpy as np
import pytest

from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from tests.daemon.wake.signals import (
    SETTLING_HOPS,
    WAKE_WORDS,
    room_noise,
    scores,
    spoken_in_a_quiet_room,
    stock_scores,
)

TOLERANCE = 1e-4
"""Of scores from 0 to 1: numpy's FFT adds in another order than the package's matrix product. 1.4e-5 on one processor,
2.9e-5 on another, whose vector instructions round differently."""

REST = 0.05
"""The most that the package may say about a hop that the gate did not let through; a wake word takes more than 0.5."""

RECORDINGS = (
    ("picovoice_wwb/audio/alexa/*", 12),
    ("picovoice_wwb/audio/jarvis/*", 8),
    ("*/**/*hey_jarvis*.wav", 1),
    ("*/**/hey_jarvis/*.wav", 1),
    ("*/**/*hey_mycroft*.wav", 1),
    ("*/**/hey_rhasspy*.wav", 1),
    ("precise_community/heychatterbox/**/*.wav", 4),
    ("picovoice_s2i/data/speech/clean/*.wav", 9),
)


def recorded(recordings: Path) -> Samples:
    """Every twelfth "alexa", all that say "hey …", and a sample of those that only sound like it; in a quiet room."""
    chosen = {path: None for pattern, step in RECORDINGS for path in sorted(recordings.glob(pattern))[::step]}
    return spoken_in_a_quiet_room(*(read_audio(path) for path in chosen), before_s=1.5, after_s=1)


def compare(samples: Samples, models: Path) -> None:
    stock = stock_scores(models, WAKE_WORDS, samples)[SETTLING_HOPS:]
    ungated = scores(WakeEngine(WAKE_WORDS, models, gated=False), samples)[SETTLING_HOPS:]
    gated = scores(WakeEngine(WAKE_WORDS, models), samples)[SETTLING_HOPS:]
    closed = (gated == 0).all(axis=1)
    assert np.abs(ungated - stock).max() < TOLERANCE
    assert not ((ungated > 0.5) != (stock > 0.5)).any()
    np.testing.assert_array_equal(gated[~closed], ungated[~closed])
    assert closed.any()
    assert stock[closed].max() < REST
    assert (stock.max(axis=0) > 0.9).sum() >= 2, "the wake words were heard at all"


def test_synthesised_speech(speech: Samples, models: Path) -> None:
    silent = room_noise(4)
    compare(np.concatenate([silent, speech, silent, speech[::2], silent]), models)


@pytest.mark.recordings
def test_recordings(recordings: Path, models: Path) -> None:
    compare(recorded(recordings), models)


@pytest.mark.parametrize("snr_db", [20, 10, 5, 0])
def test_the_gate_loses_nothing_in_noise(snr_db: float, speech: Samples, models: Path) -> None:
    loud = speech[np.abs(speech.astype(np.int32)) > 200].astype(float)
    noise = room_noise(len(speech) / 16_000, rms=np.sqrt(np.mean(loud**2)) * 10 ** (-snr_db / 20), seed=5)
    noisy = np.clip(speech[: len(noise)].astype(np.int32) + noise, -32_768, 32_767).astype(np.int16)
    with_rest = np.concatenate([room_noise(5, rms=float(noise.std()), seed=6), noisy])
    ungated = scores(WakeEngine(WAKE_WORDS, models, gated=False), with_rest)
    gated = scores(WakeEngine(WAKE_WORDS, models), with_rest)
    np.testing.assert_array_equal((gated > 0.5).any(axis=1), (ungated > 0.5).any(axis=1))
