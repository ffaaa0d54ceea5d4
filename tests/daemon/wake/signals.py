"""Rooms to hear wake words in, and ways to hear them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from daemon.conversation.events import WakeWordDetected
from daemon.sound.pcm import Samples
from daemon.wake.engine import WakeEngine
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import EMBEDDING, MELSPECTROGRAM, model_path
from daemon.wake.package import import_model_module
from tests.networks import remembering

WAKE_WORDS = ("hey_jarvis", "alexa", "hey_mycroft", "hey_rhasspy")
SETTLING_HOPS = 25
"""2 s, after which the stock package's features do not contain its random priming any more, nor Pipit's its own."""


def room_noise(seconds: float, rms: float = 8, seed: int = 1) -> Samples:
    """White noise; at the default a very quiet room, -72 dBFS."""
    return np.random.default_rng(seed).normal(0, rms, int(seconds * 16_000)).astype(np.int16)


def spoken_in_a_quiet_room(*clips: Samples, before_s: float = 2.5, after_s: float = 1.5) -> Samples:
    """The clips, each with quiet noise before and after it."""
    parts = [(room_noise(before_s, seed=n), clip, room_noise(after_s, seed=-n % 99)) for n, clip in enumerate(clips)]
    return np.concatenate([piece for part in parts for piece in part])


def wake_engine(wake_words: Sequence[str], models: Path, **how: Any) -> WakeEngine:
    """An engine whose features come from a network that remembers what it was asked in other tests."""
    return WakeEngine(wake_words, models, open_model=remembering, **how)


def hops(samples: Samples) -> Iterable[Samples]:
    return samples[: len(samples) - len(samples) % HOP_SAMPLES].reshape(-1, HOP_SAMPLES)


def hear(engine: WakeEngine, samples: Samples, chunk: int = HOP_SAMPLES, at: int = 0) -> list[WakeWordDetected]:
    """All that `engine` detects in `samples`, given in chunks."""
    pieces = range(0, len(samples), chunk)
    return [event for start in pieces for event in engine.process(samples[start : start + chunk], at + start)]


def scores(engine: WakeEngine, samples: Samples) -> np.ndarray:
    """The engine's scores hop by hop, shape (hops, wake words)."""
    rows = []
    for hop in hops(samples):
        engine.process(hop, 0)
        rows.append([*engine.last_scores.values()])
    return np.array(rows)


def stock_model(models: Path, names: Iterable[str]) -> Any:
    """The unmodified package, with its own features."""
    return import_model_module().Model(
        wakeword_models=[str(model_path(name, models)) for name in names],
        inference_framework="onnx",
        melspec_model_path=str(models / MELSPECTROGRAM.file_name),
        embedding_model_path=str(models / EMBEDDING.file_name),
    )


def stock_scores(models: Path, names: Iterable[str], samples: Samples) -> np.ndarray:
    """What the unmodified package says about the same samples, shape (hops, wake words)."""
    model = stock_model(models, names)
    return np.array([[*model.predict(hop).values()] for hop in hops(samples)], float)
