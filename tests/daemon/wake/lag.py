"""How long after the wake word its detection comes, in samples: nothing here depends on how fast the machine is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np

from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import wake_word
from tests.daemon.wake.signals import hops, room_noise, stock_scores, wake_engine
from tests.daemon.wake.speech import spoken

BEFORE = 40_000
ALIGNMENTS = range(0, HOP_SAMPLES, 320)
"""Where in a hop the clip begins."""


def decision(engine: WakeEngine, samples: Samples) -> int | None:
    """Where the hop ended that decided; None if nothing was detected."""
    for number, hop in enumerate(hops(samples)):
        if engine.process(hop, number * HOP_SAMPLES):
            return (number + 1) * HOP_SAMPLES
    return None


def completed_run(scores: np.ndarray, consecutive: int) -> int | None:
    """Where the first hop ends that is the last of so many in a row over the threshold."""
    runs = np.convolve(scores > 0.5, np.ones(consecutive), "valid") == consecutive
    return (int(np.flatnonzero(runs)[0]) + consecutive) * HOP_SAMPLES if runs.any() else None


def in_a_room(clip: Samples, alignment: int) -> Samples:
    return np.concatenate([room_noise((BEFORE + alignment) / 16_000), clip, room_noise(1.5, seed=2)])


@dataclass
class Lags:
    """In ms from the last sample of the word: to the decision, and to the first hop over the threshold."""

    decided: list[float] = field(default_factory=list)
    early: list[float] = field(default_factory=list)

    def late(self, name: str) -> int:
        """How many events would be dated after the end of the word."""
        return sum(lag > wake_word(name).longest_lag_ms for lag in self.early)


def synthesised_lags(
    name: str, texts: Sequence[str], alignments: Sequence[int], models: Path, folder: Path
) -> tuple[list[float], int]:
    """Those of the texts at each alignment, where they were detected, and how many had another hop than the stock's."""
    lags, other = [], 0
    for text in texts:
        said = spoken(name, text, folder)
        for alignment in alignments:
            samples = in_a_room(said.samples, alignment)
            decided = decision(wake_engine([name], models), samples)
            complete = completed_run(stock_scores(models, [name], samples)[:, 0], wake_word(name).consecutive)
            other += decided != complete
            if decided:
                lags.append((decided - BEFORE - alignment - said.word_end) / 16)
    return lags, other


def recorded_lags(name: str, clips: Sequence[Path], models: Path) -> Lags:
    """Those of the clips that were detected, each at another alignment."""
    voice_activity, lags = VoiceActivity(models), Lags()
    for alignment, path in zip(cycle(ALIGNMENTS), clips, strict=False):
        clip = read_audio(path)
        decided = decision(wake_engine([name], models), in_a_room(clip, alignment))
        if decided:
            word_end = BEFORE + alignment + end_of_speech(voice_activity, clip)
            lags.decided.append((decided - word_end) / 16)
            lags.early.append((decided - word_end) / 16 - 80 * (wake_word(name).consecutive - 1))
    return lags


def end_of_speech(voice_activity: VoiceActivity, clip: Samples) -> int:
    """The earlier of Silero's last window over 0.35 and the last 10 ms within 30 dB of the loudest."""
    voice_activity.reset()
    windows = np.array(voice_activity.process(np.concatenate([clip, room_noise(0.5)])))
    by_silero = (int(np.flatnonzero(windows > 0.35)[-1]) + 1) * WINDOW_SAMPLES
    blocks = clip[: len(clip) - len(clip) % 160].astype(np.float64).reshape(-1, 160)
    rms = np.sqrt(np.square(blocks).mean(axis=1))
    by_level = (int(np.flatnonzero(rms > rms.max() * 10 ** (-30 / 20))[-1]) + 1) * 160
    return min(by_silero, by_level)
