"""The engine's scores against those of the unmodified package, which is the only judge of what a wake word is.

Some recordings are tried here; `tests/benchmarks/test_wake_equality.py` tries more.
"""

from pathlib import Path

import numpy as np
import pytest

from daemon.sound.pcm import Samples
from tests.daemon.wake.likeness import REST, TOLERANCE, likeness, recorded
from tests.daemon.wake.signals import WAKE_WORDS, room_noise, scores, wake_engine
from tests.repetition import THOROUGH


def compare(samples: Samples, models: Path) -> None:
    seen = likeness(samples, models)
    assert seen.largest_difference < TOLERANCE
    assert seen.otherwise_decided == 0
    assert seen.changed_by_the_gate == 0
    assert seen.closed.any()
    assert seen.missed < REST
    assert seen.heard >= 2


def test_synthesised_speech(speech: Samples, models: Path) -> None:
    compare(np.concatenate([room_noise(4), speech, speech[::2], room_noise(1)]), models)


@pytest.mark.recordings
def test_recordings(recordings: Path, models: Path) -> None:
    compare(recorded(recordings, every=3 if THOROUGH else 48), models)


@pytest.mark.parametrize("snr_db", [20, 10, 5, 0] if THOROUGH else [0])
def test_the_gate_loses_nothing_in_noise(snr_db: float, speech: Samples, models: Path) -> None:
    loud = speech[np.abs(speech.astype(np.int32)) > 200].astype(float)
    noise = room_noise(len(speech) / 16_000, rms=np.sqrt(np.mean(loud**2)) * 10 ** (-snr_db / 20), seed=5)
    noisy = np.clip(speech[: len(noise)].astype(np.int32) + noise, -32_768, 32_767).astype(np.int16)
    with_rest = np.concatenate([room_noise(5, rms=float(noise.std()), seed=6), noisy])
    ungated = scores(wake_engine(WAKE_WORDS, models, gated=False), with_rest)
    gated = scores(wake_engine(WAKE_WORDS, models), with_rest)
    np.testing.assert_array_equal((gated > 0.5).any(axis=1), (ungated > 0.5).any(axis=1))
